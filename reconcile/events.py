"""What a run tells while it goes on; whoever shows progress is given these, one at a time, from any thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reconcile.change import AccountSeen, Address, Change


@dataclass(frozen=True, slots=True)
class Identified:
    """It is known as whom an account is read, or why it is not."""

    account: AccountSeen


@dataclass(frozen=True, slots=True)
class ReadDone:
    """A document was read, or could not be (``error``); ``done`` of ``total`` are through."""

    address: Address
    error: str | None
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Begun:
    """A change is being written."""

    change: Change


@dataclass(frozen=True, slots=True)
class Waiting:
    """AWS has not caught up yet; ``why`` says so, as in ``waiting for AWS to show it``."""

    change: Change
    why: str


@dataclass(frozen=True, slots=True)
class Ended:
    """A change came to its end; ``outcome`` is an :class:`reconcile.engine.Outcome` name, ``detail`` its reason."""

    change: Change
    outcome: str
    detail: str


Event = Identified | ReadDone | Begun | Waiting | Ended
Observer = Callable[[Event], None]


def ignore(_event: Event) -> None:
    """The observer of a run that nobody watches."""
