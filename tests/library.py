"""The library as the application has it in the tests: its pauses take no time, its credentials are resolved once."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import reconcile
from reconcile.credentials import Sessions


def no_pause(_seconds: float) -> None:
    """The embedded accounts need no time."""


SESSIONS = Sessions()
"""The accounts stay where they are and let in whom they did, so that what took long to make serves again."""

_INSTEAD = {name: partial(getattr(reconcile, name), pause=no_pause) for name in ("apply", "rollback", "recover")} | {
    "connect": partial(reconcile.Clients, sessions=SESSIONS)
}
LIBRARY: Any = SimpleNamespace(**{name: getattr(reconcile, name) for name in reconcile.__all__} | _INSTEAD)
