"""Reading: every distinct call of a pass once, all at the same time, and what an answer of "no such thing" means."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any

from reconcile.clients import Answer, Clients
from reconcile.errors import AwsError


class Reads:
    """One pass of reading: each distinct call is made once, whoever asks for it, and never seen to change."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients
        self._answers: dict[tuple[Any, ...], Future[Answer]] = {}
        self._asking = threading.Lock()

    def start(
        self, account: str, service: str, operation: str, *, region: str = "", **parameters: Any
    ) -> Future[Answer]:
        """Ask, and go on; the answer is the future's result, errors as :meth:`Clients.call` raises them."""
        key = (account, service, operation, region, repr(sorted(parameters.items())))
        with self._asking:
            if key not in self._answers:
                self._answers[key] = self.clients.pool.submit(
                    self.clients.call, account, service, operation, region=region, **parameters
                )
            return self._answers[key]

    def __call__(self, account: str, service: str, operation: str, *, region: str = "", **parameters: Any) -> Answer:
        """Ask, and wait."""
        return self.start(account, service, operation, region=region, **parameters).result()

    def owner(self, account: str) -> str:
        """The account's id, for ``ExpectedBucketOwner``: bucket names are global, a bucket may be anybody's."""
        return self.clients.accounts[account].id

    def partition(self, account: str) -> str:
        """The account's partition: ``aws``, ``aws-cn``, ``aws-us-gov``."""
        return self.clients.accounts[account].partition


def found(answer: Future[Answer], *absent: str) -> Answer | None:
    """The answer, or None where AWS's code is one of ``absent``: the thing does not exist.

    Every other error is raised: what cannot be seen is not taken for missing.
    """
    try:
        return answer.result()
    except AwsError as error:
        if error.code in absent:
            return None
        raise
