"""Botocore translates the names of its events anew for every client; remembered for all, a client is made in half."""

from __future__ import annotations

from typing import Any

from botocore.hooks import EventAliaser

_TRANSLATED: dict[str, str] = {}
_made = EventAliaser.__init__


def _sharing(self: Any, *arguments: Any) -> None:
    _made(self, *arguments)
    self._alias_name_cache = _TRANSLATED


def share() -> None:
    """Let all clients from now on have the names in common: what they are translated to is the same for all."""
    EventAliaser.__init__ = _sharing  # type: ignore[method-assign]
