"""Access to the accounts: one client per account, region and service, and every error in one form.

With :mod:`reconcile.credentials`, :mod:`reconcile.profiles` and :mod:`reconcile.aws_errors` all that knows botocore.
Credentials, endpoints, regions and profiles come from botocore's own chain; nothing of it is reinvented, nothing of
it is kept or logged. A read-only run cannot write, because its clients refuse every operation that is not a read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, NoReturn

from reconcile.aws_errors import failure, is_without_reason, reads
from reconcile.credentials import Credentials, Sessions
from reconcile.desired import Account, Config
from reconcile.errors import AccessProblem, AwsError, ReadOnly

Answer = dict[str, Any]

READERS = 16
"""Threads that wait for AWS; more only fight for the interpreter lock."""

_ONCE = frozenset({"create_key", "create_policy_version", "create_pipeline", "update_pipeline"})
"""Writes that are not made twice the same: after a lost answer, botocore's own retry would leave a second key or
policy version behind, so they are sent once and read back instead."""


def _ignored(_name: str, _found: str | AwsError) -> None:
    """Nobody waits for it."""


class Clients:
    """The accounts of a configuration, as far as ``only_accounts`` admits them.

    ``profiles`` (account name → profile) replaces the TOML's credentials, never its ids. ``ask_mfa`` is given a
    prompt and returns the code; it is called from :meth:`open` only, before the first read. ``sessions`` lets several
    of these share their credentials. No call is made by constructing this.
    """

    def __init__(
        self,
        config: Config,
        *,
        profiles: Mapping[str, str] | None = None,
        only_accounts: Collection[str] | None = None,
        read_only: bool = False,
        ask_mfa: Callable[[str], str] | None = None,
        sessions: Sessions | None = None,
    ) -> None:
        sessions = sessions or Sessions()
        self.accounts = config.accounts
        self.only_accounts = only_accounts
        self.read_only = read_only or config.read_only
        self._credentials = Credentials(config.accounts, dict(profiles or {}), ask_mfa, sessions)
        self._clients: dict[tuple[str, str, str, bool], Any] = {}
        self._callers: dict[str, str | AwsError] = {}
        self._making = sessions.lock
        self._identifying = threading.Lock()
        self.pool = ThreadPoolExecutor(READERS, thread_name_prefix="aws")

    def open(self, wanted: Iterable[tuple[str, str, str]]) -> None:
        """Make the clients for these (account, region, service) on this thread: sessions are not thread-safe.

        Credentials are resolved here too, so that a prompt comes before the first read. An account whose
        credentials cannot be had is remembered as such, and every call to it fails.
        """
        for account, region, service in wanted:
            if self.in_scope(account):
                try:
                    self._client(account, region, service, once=False)
                except AccessProblem as problem:
                    self._callers[account] = problem

    def in_scope(self, account: str) -> bool:
        """Whether the run may call this account at all."""
        return account in self.accounts and (self.only_accounts is None or account in self.only_accounts)

    def refuse_read_only(self) -> None:
        """Raise ReadOnly in a read-only run, before anything is made ready for a write."""
        if self.read_only:
            raise ReadOnly("this run is read-only: nothing is written")

    def call(self, account: str, service: str, operation: str, *, region: str = "", **parameters: Any) -> Answer:
        """One answer of AWS, all pages of it.

        Raises AwsError with AWS's own code; AccessProblem where the credentials are at fault; InDoubt where a
        write was sent and no answer came; ReadOnly for a write in a read-only run.
        """
        known = self._callers.get(account)
        if isinstance(known, AccessProblem):
            raise known
        client = self._client(account, region, service, once=operation in _ONCE)
        try:
            return _answer(client, operation, parameters)
        except ReadOnly:
            raise
        except Exception as error:  # noqa: BLE001  botocore raises many; all but its own pass through unchanged
            self._fail(account, f"{service}:{_camel(operation)}", error)

    def answer_shape(self, account: str, service: str, operation: str, *, region: str = "") -> Any:
        """The service's own description (botocore's ``Shape``) of an operation's answer; None if it has none."""
        client = self._client(account, region, service, once=False)
        return client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]).output_shape

    def callers(self) -> dict[str, str | None]:
        """The caller's ARN in each account in scope; None where it could not be known."""
        return {name: None if isinstance(found, AwsError) else found for name, found in self.identities().items()}

    def identities(self, told: Callable[[str, str | AwsError], None] = _ignored) -> dict[str, str | AwsError]:
        """Who each account in scope takes us for: the caller's ARN, or what kept us from knowing.

        ``told`` is given each answer as it comes, from any thread. Asked once per run, of ``sts:GetCallerIdentity``,
        which needs no permission. An account whose credentials belong to another account is an AccessProblem from
        then on: nothing can be read or written with them.
        """
        with self._identifying:
            for name, found in self._callers.items():
                told(name, found)
            asked = {
                self.pool.submit(self._identify, account): name
                for name, account in self.accounts.items()
                if self.in_scope(name) and name not in self._callers
            }
            for answer in as_completed(asked):
                self._callers[asked[answer]] = answer.result()
                told(asked[answer], answer.result())
            return dict(self._callers)

    def verify(self, account: str) -> str:
        """The caller's ARN in this account; raises what :meth:`identities` found wrong with it."""
        if not self.in_scope(account):
            raise AccessProblem(account, "sts:GetCallerIdentity", "NotInScope", "the account is not in scope")
        caller = self.identities()[account]
        if isinstance(caller, AwsError):
            raise caller
        return caller

    def close(self) -> None:
        """Let the threads and connections go."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        for client in self._clients.values():
            client.close()

    def __enter__(self) -> Clients:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _identify(self, account: Account) -> str | AwsError:
        try:
            answer = self.call(account.name, "sts", "get_caller_identity")
        except AwsError as error:
            return error
        if answer["Account"] == account.id:
            return str(answer["Arn"])
        return AccessProblem(
            account.name,
            "sts:GetCallerIdentity",
            "WrongAccount",
            f"{self._credentials.source(account.name)} belongs to account {answer['Account']}, "
            f"but the configuration says {account.id}: use another profile, or correct the id",
        )

    def _client(self, account: str, region: str, service: str, *, once: bool) -> Any:
        key = (account, region or self.accounts[account].region, service, once)
        if made := self._clients.get(key):
            return made  # without waiting for those that are being made
        with self._making:
            if key not in self._clients:
                self._clients[key] = self._make(*key)
            return self._clients[key]

    def _make(self, account: str, region: str, service: str, once: bool) -> Any:
        from botocore.config import Config as Settings

        settings = Settings(
            connect_timeout=5,
            read_timeout=20,
            retries={"mode": "standard", "total_max_attempts": 1 if once else 3},
            max_pool_connections=2 * READERS,
            user_agent_extra="xacct-tui",
        )
        session = self._credentials.session(account)
        try:
            client = session.create_client(service, region, config=settings)
        except Exception as error:
            raise AccessProblem(account, service, "Misconfigured", str(error)) from error
        if self.read_only:
            client.meta.events.register("before-call", _refuse_writes)
        return client

    def _fail(self, account: str, call: str, error: Exception) -> NoReturn:
        if is_without_reason(error) and reads(call):
            self.call(account, "sts", "get_caller_identity")  # which says it, if the credentials are to blame
        told = failure(account, call, error, self._credentials.problem)
        raise told from (None if told is error else error)


def _answer(client: Any, operation: str, parameters: Mapping[str, Any]) -> Answer:
    if client.can_paginate(operation) and "maxResults" not in parameters:
        pages: Answer = client.get_paginator(operation).paginate(**parameters).build_full_result()
        return pages
    answer: Answer = getattr(client, operation)(**parameters)
    return answer


def _refuse_writes(model: Any, **_: Any) -> None:
    call = f"{model.service_model.service_name}:{model.name}"
    if not reads(call):
        raise ReadOnly(f"{call} is a write, and this run is read-only")


def _camel(operation: str) -> str:
    return "".join(word.capitalize() for word in operation.split("_"))
