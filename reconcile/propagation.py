"""Writing while AWS catches up: which refusals pass by themselves, and how long to wait for them.

AWS's services see each other's changes late. A role made a second ago is no principal yet for KMS, S3 or another
role's trust policy; a bucket that is being changed refuses a second change. botocore retries none of these. The
table below is the whole list of what is retried; everything else that AWS refuses is final at once. The windows are
those that the established tools have settled on (two minutes for IAM's propagation).

A principal that will never exist is refused with the same words as one that is not visible yet. So such a refusal
is retried only after IAM confirmed that each role and user of ours that the document names exists.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconcile.clients import Answer, Clients
from reconcile.errors import AwsError
from reconcile.reads import found
from reconcile.references import strings


@dataclass(frozen=True, slots=True)
class Passing:
    """A refusal that passes: AWS's code, words within its message, and why it happens."""

    operations: tuple[str, ...]
    code: str
    words: str
    why: str
    names_principals: bool = False


_UNSEEN = "a role that was just made to be seen as a principal"
_BUSY = "another change of the same resource to end"
_BUCKET_WRITES = (
    "put_bucket_policy",
    "delete_bucket_policy",
    "put_bucket_versioning",
    "put_bucket_notification_configuration",
    "put_bucket_tagging",
)

PASSING = (
    Passing(
        ("create_role", "update_assume_role_policy"),
        "MalformedPolicyDocument",
        "Invalid principal in policy",
        _UNSEEN,
        names_principals=True,
    ),
    Passing(
        ("create_key", "put_key_policy"),
        "MalformedPolicyDocumentException",
        "invalid principals",
        _UNSEEN,
        names_principals=True,
    ),
    Passing(("put_bucket_policy",), "MalformedPolicy", "Invalid principal", _UNSEEN, names_principals=True),
    Passing(("put_key_policy", "create_alias", "tag_resource"), "NotFoundException", "", "the new key to be seen"),
    Passing(("attach_role_policy", "put_role_policy"), "NoSuchEntity", "", "the new role or policy to be seen"),
    Passing(_BUCKET_WRITES, "NoSuchBucket", "", "the new bucket to be seen"),
    Passing(_BUCKET_WRITES, "OperationAborted", "", _BUSY),
    Passing(
        (
            "create_role",
            "delete_role",
            "update_assume_role_policy",
            "attach_role_policy",
            "detach_role_policy",
            "put_role_policy",
            "delete_role_policy",
            "create_policy",
            "create_policy_version",
            "delete_policy",
        ),
        "ConcurrentModification",
        "",
        _BUSY,
    ),
    Passing(
        ("create_pipeline", "update_pipeline"),
        "InvalidStructureException",
        "not authorized",
        "the service role to be allowed to assume the deploy role",
    ),
)

_WINDOW = 120.0
"""Seconds; the field's figure for IAM's propagation."""

_IAM_ENTITY = re.compile(r"arn:[\w-]+:iam::(\d{12}):(role|user)/(?:.*/)?([^/]+)")

Wait = Callable[[str], None]


class Writes:
    """Writing calls of one change. ``pause`` is given seconds; ``waiting`` is told what is being waited for."""

    def __init__(
        self,
        clients: Clients,
        *,
        pause: Callable[[float], None] = time.sleep,
        waiting: Wait = lambda _why: None,
    ) -> None:
        self.clients = clients
        self.pause = pause
        self.made = False
        """Whether AWS has made any of the calls."""
        self._waiting = waiting

    def owner(self, account: str) -> str:
        """The account's id, for ``ExpectedBucketOwner``."""
        return self.clients.accounts[account].id

    def read(self, account: str, service: str, operation: str, *, region: str = "", **parameters: Any) -> Answer:
        """The answer of AWS at this moment, never a remembered one."""
        return self.clients.call(account, service, operation, region=region, **parameters)

    def lookup(
        self,
        absent: tuple[str, ...],
        account: str,
        service: str,
        operation: str,
        *,
        region: str = "",
        **parameters: Any,
    ) -> Answer | None:
        """As :meth:`read`, and None where AWS's code is one of ``absent``."""
        asked = self.clients.pool.submit(self.clients.call, account, service, operation, region=region, **parameters)
        return found(asked, *absent)

    def __call__(
        self,
        account: str,
        service: str,
        operation: str,
        *,
        region: str = "",
        document: Any = None,
        **parameters: Any,
    ) -> Answer:
        """Make one write, waiting out the refusals of the table for two minutes in all.

        ``document`` is the policy that is being written, for the look at its principals. Raises AwsError as
        :meth:`reconcile.clients.Clients.call` does.
        """
        for seconds in _pauses():
            try:
                answer = self.clients.call(account, service, operation, region=region, **parameters)
            except AwsError as error:
                passing = _passing(operation, error)
                if passing is None or not seconds:
                    raise
                if passing.names_principals:
                    self._confirm_principals(account, document or {}, error)
                self._waiting(passing.why)
                self.pause(seconds)
            else:
                self.made = True
                return answer
        raise AssertionError("unreachable: the last pause is 0 and raises")

    def _confirm_principals(self, account: str, document: Mapping[str, Any], refusal: AwsError) -> None:
        ids = {spec.id: name for name, spec in self.clients.accounts.items()}
        entities = [
            found for _, text in strings(document) if (found := _IAM_ENTITY.fullmatch(text)) and found[1] in ids
        ]
        if not entities:
            raise refusal  # nothing that it names can be about to be seen
        for entity in sorted(entities, key=str):
            if not self._exists(ids[entity[1]], entity[2], entity[3]):
                raise AwsError(
                    account,
                    refusal.call,
                    refusal.code,
                    f"{refusal.message} ({entity[0]} does not exist)",
                ) from refusal

    def _exists(self, account: str, kind: str, name: str) -> bool:
        if not self.clients.in_scope(account):
            return True
        parameter = {"role": "RoleName", "user": "UserName"}[kind]
        answer = self.lookup(("NoSuchEntity",), account, "iam", f"get_{kind}", **{parameter: name})
        return answer is not None


def _passing(operation: str, error: AwsError) -> Passing | None:
    for passing in PASSING:
        if operation in passing.operations and error.code == passing.code and passing.words in error.message:
            return passing
    return None


def _pauses() -> Iterator[float]:
    """Seconds between tries, doubling to ten, until the window is used up; the last is 0: no further try."""
    spent, pause = 0.0, 1.0
    while spent + pause <= _WINDOW:
        yield pause
        spent, pause = spent + pause, min(2 * pause, 10.0)
    yield 0.0
