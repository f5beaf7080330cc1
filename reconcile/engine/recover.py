"""Settling what a crash left in doubt: AWS is asked, and mostly gives the answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from reconcile.clients import Clients
from reconcile.engine.outcome import Outcome, Result
from reconcile.engine.writing import Writer
from reconcile.errors import Locked, XacctError
from reconcile.events import Observer, ignore
from reconcile.journal import Entry, Journal


def recover(
    clients: Clients,
    journal: Journal,
    *,
    observe: Observer = ignore,
    pause: Callable[[float], None] = time.sleep,
) -> tuple[Outcome, ...]:
    """Look at each write that was begun and not ended: done, not done, or still in doubt; nothing is repeated.

    A write of a process that is still at work is passed over.
    """
    return settle(journal.entries(), Writer(clients, journal, "", observe, pause))


def settle(entries: Iterable[Entry], writer: Writer) -> tuple[Outcome, ...]:
    """As :func:`recover`, for those of these entries that are unsettled."""
    outcomes = (_settled(entry, writer) for entry in entries if entry.unsettled)
    return tuple(outcome for outcome in outcomes if outcome)


def _settled(entry: Entry, writer: Writer) -> Outcome | None:
    change = entry.change
    if not writer.clients.in_scope(change.address.account):
        return None
    try:
        with writer.journal.lock(change.account_id, change.address, patience=0):
            if any(now.id == entry.id and now.unsettled for now in writer.journal.entries()):
                return writer.settle(change, entry.id, entry.undoes, "interrupted")
            return None  # whoever held the lock a moment ago ended it
    except Locked:
        return None
    except XacctError as error:
        return Outcome(change, Result.IN_DOUBT, f"it could not be looked at: {error}", error)
