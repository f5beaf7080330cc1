"""Settling what a crash left in doubt: AWS is asked, and mostly gives the answer."""

from __future__ import annotations

from dataclasses import replace

from reconcile.clients import Clients
from reconcile.engine.outcome import Outcome, Result
from reconcile.engine.writing import Writer
from reconcile.errors import Locked, XacctError
from reconcile.events import Observer, ignore
from reconcile.journal import Entry, Journal
from reconcile.kinds import kinds
from reconcile.propagation import Writes


def recover(clients: Clients, journal: Journal, *, observe: Observer = ignore) -> tuple[Outcome, ...]:
    """Look at each write that was begun and not ended: done, not done, or still in doubt; nothing is repeated.

    A write of a process that is still at work is passed over.
    """
    writer = Writer(clients, journal, "", observe)
    unsettled = [entry for entry in journal.entries() if entry.state in ("begun", "in-doubt")]
    return tuple(outcome for entry in unsettled if (outcome := _settled(entry, writer)))


def _settled(entry: Entry, writer: Writer) -> Outcome | None:
    change = entry.change
    if not writer.clients.in_scope(change.address.account):
        return None
    try:
        with writer.journal.lock(change.account_id, change.address, patience=0):
            return _settle(entry, writer)
    except Locked:
        return None
    except XacctError as error:
        return Outcome(change, Result.IN_DOUBT, f"it could not be looked at: {error}", error)


def _settle(entry: Entry, writer: Writer) -> Outcome:
    change, kind = entry.change, kinds()[entry.change.address.kind]
    now = kind.get(writer.read(change), change.part)
    if now == change.after:
        if change.before is None:
            kind.finish(Writes(writer.clients), change.address, change.tags)
        writer.journal.end(entry.id, "done", "interrupted, but it was made")
        return Outcome(change, Result.APPLIED, "interrupted, but it was made")
    if now == change.before:
        writer.journal.end(entry.id, "failed", "interrupted before it was made")
        return Outcome(change, Result.FAILED, "interrupted before it was made")
    if now in list(kind.between(change.before, change.after)):
        detail = "interrupted half way; plan again for the rest"
        writer.journal.end(entry.id, "done", detail, change=replace(change, after=now))
        return Outcome(change, Result.FAILED, detail)
    writer.journal.end(entry.id, "in-doubt", "neither what it was nor what it was to be")
    return Outcome(change, Result.IN_DOUBT, "neither what it was nor what it was to be: look at it yourself")
