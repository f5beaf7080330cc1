"""The embedded accounts as they were at one moment, to go back to: a hundred times faster than making them again."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from moto.cloudtrail.models import cloudtrail_backends
from moto.events.models import events_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends

from xacct_tui.demo import scenarios
from xacct_tui.demo.accounts import EmbeddedAccounts

_SERVICES: tuple[Any, ...] = (cloudtrail_backends, events_backends, iam_backends, kms_backends, s3_backends)
_OWN = ("sessions", "unseen", "pipelines", "notifications")


def checkpoint(accounts: EmbeddedAccounts) -> Callable[[], None]:
    """What brings this moment's state back, as often as it is called."""
    backends = [
        (service, account, region, _copied(backend, backend.__dict__))
        for service in _SERVICES
        for account in list(service)
        for region, backend in list(service[account].items())
    ]
    own = {name: copy.deepcopy(getattr(accounts.world, name)) for name in _OWN}
    owners = dict(s3_backends.bucket_accounts)

    def restore() -> None:
        accounts.reset()
        for service, account, region, state in backends:
            backend = service[account][region]
            backend.__dict__ = _copied(backend, state)
        for name, value in own.items():
            getattr(accounts.world, name).update(copy.deepcopy(value))
        s3_backends.bucket_accounts.clear()
        s3_backends.bucket_accounts.update(owners)

    return restore


@cache
def _scenario(accounts: EmbeddedAccounts, name: str) -> Callable[[], None]:
    accounts.reset()
    scenarios.SCENARIOS[name](accounts)
    return checkpoint(accounts)


def _bring(name: str, accounts: EmbeddedAccounts) -> None:
    _scenario(accounts, name)()


SCENARIOS = {name: partial(_bring, name) for name in scenarios.SCENARIOS}
"""The demo's scenarios, each followed once only. What else there was in the accounts is gone, also faults and calls."""


def _copied(backend: Any, state: dict[str, Any]) -> dict[str, Any]:
    """A deep copy in which the backend itself, where its models refer to it, stays the one it is."""
    return copy.deepcopy(state, {id(backend): backend})
