"""The library as the application has it in the tests: no pause takes time, credentials and clients are made once."""

from __future__ import annotations

import os
from collections import defaultdict
from functools import partial
from types import SimpleNamespace
from typing import Any

import reconcile
from reconcile.credentials import Sessions


def no_pause(_seconds: float) -> None:
    """The embedded accounts need no time."""


_SESSIONS: defaultdict[tuple[tuple[str, str], ...], Sessions] = defaultdict(Sessions)
_CLIENTS: dict[tuple[Any, ...], Any] = {}


def sessions() -> Sessions:
    """Whoever was let in by what the environment says now: the embedded accounts let them in again."""
    leading = (item for item in os.environ.items() if item[0].startswith("AWS_") or item[0] == "HOME")
    return _SESSIONS[tuple(sorted(leading))]


class SharingClients(reconcile.Clients):
    """As the library's own; botocore's clients, which take longer to make than what they are asked, are shared."""

    def _make(self, account: str, region: str, service: str, once: bool) -> Any:
        key = (self._credentials.session(account), region, service, once, self.read_only)
        if key not in _CLIENTS:
            _CLIENTS[key] = super()._make(account, region, service, once)
        return _CLIENTS[key]


def connect(config: reconcile.Config, **options: Any) -> reconcile.Clients:
    """Access to the embedded accounts, with what was made for it before."""
    return SharingClients(config, **{**options, "sessions": sessions()})


_INSTEAD = {name: partial(getattr(reconcile, name), pause=no_pause) for name in ("apply", "rollback", "recover")} | {
    "connect": connect
}
LIBRARY: Any = SimpleNamespace(**{name: getattr(reconcile, name) for name in reconcile.__all__} | _INSTEAD)
