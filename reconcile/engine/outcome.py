"""How a change came out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reconcile.change import Change
from reconcile.errors import XacctError


class Result(StrEnum):
    """The ways in which an apply or a roll-back of one change can end."""

    APPLIED = "applied"
    """Written, and seen to be there."""
    ALREADY = "already"
    """It was as wanted; nothing was written."""
    REFUSED = "refused"
    """Nothing was written: blocked, stale, locked, or others rest on it."""
    FAILED = "failed"
    """It did not come about: AWS refused it and what had been written of it was put back, or it was cut off."""
    IN_DOUBT = "in-doubt"
    """Something was sent, and what it did could not be seen."""
    NOT_RUN = "not-run"
    """Not tried: the run was stopped, or what it rests on did not come about."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One change and how it came out; ``detail`` is fit to show, ``error`` is what it was caused by."""

    change: Change
    result: Result
    detail: str = ""
    error: XacctError | None = None

    @property
    def ok(self) -> bool:
        """Whether the live value is the wanted one."""
        return self.result in (Result.APPLIED, Result.ALREADY)
