"""Rolling back what the journal says was applied: the same guards, the change reversed."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from reconcile.change import Change
from reconcile.clients import Clients
from reconcile.engine.live import Seen
from reconcile.engine.outcome import Outcome, Result
from reconcile.engine.read import read_documents
from reconcile.engine.recover import settle
from reconcile.engine.writing import Writer
from reconcile.errors import XacctError
from reconcile.events import Observer, ignore
from reconcile.journal import Entry, Journal
from reconcile.journal.sqlite import new_run
from reconcile.kinds import kinds


def reversals(entries: Iterable[Entry], clients: Clients, *, observe: Observer = ignore) -> tuple[Change, ...]:
    """What rolling these entries back would do, newest first, with the effects it has as AWS is now.

    Nothing is written. A change that cannot be looked at says so in its notes.
    """
    changes = [entry.change.reverse() for entry in _newest_first(entries)]
    documents = read_documents(clients, [change.address for change in changes], observe)
    return tuple(_assessed(change, documents[change.address]) for change in changes)


def rollback(
    entries: Sequence[Entry],
    clients: Clients,
    journal: Journal,
    *,
    effects: Collection[str] = (),
    observe: Observer = ignore,
    stop: Callable[[], bool] = lambda: False,
    pause: Callable[[float], None] = time.sleep,
) -> tuple[Outcome, ...]:
    """Undo these entries, newest first; one outcome for each.

    ``effects`` are those that :func:`reversals` announced and that may come about; a roll-back with any other is
    refused. What is in doubt is settled first, and refused where AWS does not give the answer. An entry that a
    later one rests on is rolled back only with it, else refused, naming it. What AWS cannot undo wholly is undone
    as far as it goes, and the outcome says what is left.
    """
    writer = Writer(clients, journal, new_run(), observe, pause)
    chosen = {entry.id for entry in entries}
    settle((entry for entry in journal.entries() if {entry.id, entry.undoes} & chosen), writer)
    now = {entry.id: entry for entry in journal.entries()}
    standing = {entry.id: entry for entry in now.values() if entry.stands}
    outcomes = []
    for entry in (now[each.id] for each in _newest_first(entries)):
        if stop():
            outcomes.append(Outcome(entry.change.reverse(), Result.NOT_RUN, "stopped before it"))
            continue
        outcome = _obstacle(entry, standing, chosen) or _undo(entry, writer, effects)
        if outcome.ok:
            standing.pop(entry.id, None)
        outcomes.append(outcome)
    return tuple(outcomes)


def _newest_first(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: -entry.id)


def _assessed(change: Change, seen: Seen) -> Change:
    try:
        if isinstance(seen, XacctError):
            raise seen
        kind = kinds()[change.address.kind]
        if kind.get(seen, change.part) != change.before:
            return change  # it will be found stale, or another entry comes before it: nothing is to be announced
        assessment = kind.assess(seen, change.part, change.after)
    except XacctError as error:
        return replace(change, notes=(f"it could not be looked at: {error}",))
    return replace(change, effects=assessment.effects, notes=assessment.notes)


def _obstacle(entry: Entry, standing: dict[int, Entry], chosen: set[int]) -> Outcome | None:
    change = entry.change.reverse()
    if entry.state == "failed" and entry.undoes is None:
        return Outcome(change, Result.ALREADY, f"it was not made: {entry.detail}")
    if entry.id not in standing:
        return Outcome(change, Result.REFUSED, "it is not applied, or rolled back already")
    if entry.unsettled:
        return Outcome(change, Result.REFUSED, f"it is in doubt: {entry.detail or 'its end was not seen'}")
    obstacles = {
        f"{other.change.id} rests on it": other
        for other in standing.values()
        if other.id > entry.id and entry.change.id in other.change.requires
    } | _sharing(entry, standing, chosen)
    if not obstacles:
        return None
    names = ", ".join(sorted(obstacles))
    if all(other.id in chosen for other in obstacles.values()):
        return Outcome(change, Result.NOT_RUN, f"{names} and could not be rolled back")
    return Outcome(change, Result.REFUSED, f"{names}: roll that back too, or first")


def _sharing(entry: Entry, standing: dict[int, Entry], chosen: set[int]) -> dict[str, Entry]:
    """What stands of deployments that want the same part, though it was made for this one; beside what goes too."""
    sharers = {each.partition("/")[0] for each in entry.change.shared_with}
    return {
        f"{other.change.deployment} needs it too": other
        for other in standing.values()
        if other.change.deployment in sharers and (other.id not in chosen or other.id > entry.id)
    }


def _undo(entry: Entry, writer: Writer, effects: Collection[str]) -> Outcome:
    outcome = writer.make(replace(entry.change.reverse(), effects=tuple(effects)), undoes=entry.id)
    if outcome.result is Result.ALREADY:
        undone = writer.journal.begin(writer.run, outcome.change, entry.caller, undoes=entry.id)
        writer.journal.end(undone, "done", "it was so already")
    if outcome.ok and entry.change.irreversible_reason:
        detail = "; ".join(filter(None, (outcome.detail, entry.change.irreversible_reason)))
        return Outcome(outcome.change, outcome.result, detail)
    return outcome
