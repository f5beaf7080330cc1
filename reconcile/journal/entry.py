"""One line of history."""

from __future__ import annotations

from dataclasses import dataclass

from reconcile.change import Change


@dataclass(frozen=True, slots=True)
class Entry:
    """One write that was begun, and how it ended."""

    id: int
    run: str
    """The run it belongs to; runs sort by time."""
    change: Change
    state: str
    """``begun``, ``done``, ``failed`` or ``in-doubt``."""
    began: str
    """UTC, ISO 8601."""
    ended: str | None
    caller: str
    """ARN of the credentials that wrote."""
    detail: str = ""
    undoes: int | None = None
    """The entry that this one rolled back."""
    undone: bool = False
    """A later entry rolled this one back."""

    @property
    def in_doubt(self) -> bool:
        """Whether it is not known if the write was made."""
        return self.state in {"begun", "in-doubt"}
