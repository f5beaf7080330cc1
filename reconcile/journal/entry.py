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
    def unsettled(self) -> bool:
        """Whether it is not known, or not known yet, what the write did."""
        return self.state in ("begun", "in-doubt")

    @property
    def stands(self) -> bool:
        """Whether it is there to be rolled back, for all that is known."""
        return (self.state == "done" or self.unsettled) and not self.undone and self.undoes is None
