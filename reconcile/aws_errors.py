"""Every error of botocore in one form: the tree of :mod:`reconcile.errors`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconcile.errors import AccessProblem, AwsError, InDoubt

_READING = ("Get", "BatchGet", "List", "Describe", "Head", "AssumeRole")

_EXPIRED = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
    }
)

_NO_REASON = "400"
"""All that the answer to a HEAD tells where its request is wrong, or its token has expired."""

_SERVER_FAULT = 500

Problem = Callable[..., AccessProblem]
"""What makes an AccessProblem of account, call, error and code: it knows where the credentials came from."""


def reads(call: str) -> bool:
    """Whether a call (``service:Operation``) changes nothing."""
    return call.partition(":")[2].startswith(_READING)


def is_without_reason(error: Exception) -> bool:
    """Whether AWS refused, and did not say why."""
    return _code(error) == _NO_REASON


def failure(account: str, call: str, error: Exception, problem: Problem) -> Exception:
    """The error as AwsError, AccessProblem or InDoubt; one that is not botocore's stays as it is."""
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        return _refusal(account, call, error, problem)
    if isinstance(error, _credential_errors()):
        return problem(account, call, error)
    if isinstance(error, exceptions.EndpointConnectionError | exceptions.ConnectTimeoutError):
        return AwsError(account, call, "Unreachable", str(error))
    if isinstance(error, exceptions.HTTPClientError):
        lost = AwsError if reads(call) else InDoubt
        return lost(account, call, "NoAnswer", str(error))
    if isinstance(error, exceptions.BotoCoreError):
        return AwsError(account, call, type(error).__name__, str(error))
    return error


def _refusal(account: str, call: str, error: Any, problem: Problem) -> AwsError:
    code, message = _code(error), error.response["Error"].get("Message", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _EXPIRED:
        expired = problem(account, call, error, code)
        lost = _was_repeated(error) and not reads(call)
        return InDoubt(account, call, code, expired.message) if lost else expired
    kind = InDoubt if status >= _SERVER_FAULT and not reads(call) else AwsError
    return kind(account, call, code, message)


def _code(error: Exception) -> str:
    # errors without an answer have a response too, which is None
    return str((getattr(error, "response", None) or {}).get("Error", {}).get("Code", ""))


def _was_repeated(error: Any) -> bool:
    """Whether botocore had sent the same call before: an answer that was lost may have been that it was made."""
    return bool(error.response.get("ResponseMetadata", {}).get("RetryAttempts"))


def _credential_errors() -> tuple[type[Exception], ...]:
    from botocore import exceptions

    return (
        exceptions.NoCredentialsError,
        exceptions.PartialCredentialsError,
        exceptions.CredentialRetrievalError,
        exceptions.ProfileNotFound,
        exceptions.ConfigNotFound,
        exceptions.SSOError,
        exceptions.TokenRetrievalError,
        exceptions.UnauthorizedSSOTokenError,
        exceptions.InfiniteLoopConfigError,
        exceptions.InvalidConfigError,
    )
