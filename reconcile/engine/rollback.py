"""Rolling back what the journal says was applied: the same guards, the change reversed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from reconcile.clients import Clients
from reconcile.engine.outcome import Outcome, Result
from reconcile.engine.writing import Writer, reversed_of
from reconcile.events import Observer, ignore
from reconcile.journal import Entry, Journal
from reconcile.journal.sqlite import new_run


def rollback(
    entries: Sequence[Entry],
    clients: Clients,
    journal: Journal,
    *,
    observe: Observer = ignore,
    stop: Callable[[], bool] = lambda: False,
    pause: Callable[[float], None] = time.sleep,
) -> tuple[Outcome, ...]:
    """Undo these entries, newest first; one outcome for each.

    An entry that a later one rests on is rolled back only with it, else refused, naming it. What AWS cannot undo
    wholly is undone as far as it goes, and the outcome says what is left.
    """
    writer = Writer(clients, journal, new_run(), observe, pause)
    chosen = {entry.id for entry in entries}
    standing = {
        entry.id: entry
        for entry in journal.entries()
        if entry.state == "done" and not entry.undone and entry.undoes is None
    }
    outcomes = []
    for entry in sorted(entries, key=lambda entry: -entry.id):
        if stop():
            outcomes.append(Outcome(reversed_of(entry.change), Result.NOT_RUN, "stopped before it"))
            continue
        outcome = _obstacle(entry, standing, chosen) or _undo(entry, writer)
        if outcome.ok:
            standing.pop(entry.id, None)
        outcomes.append(outcome)
    return tuple(outcomes)


def _obstacle(entry: Entry, standing: dict[int, Entry], chosen: set[int]) -> Outcome | None:
    change = reversed_of(entry.change)
    if entry.id not in standing:
        return Outcome(change, Result.REFUSED, "it is not applied, or rolled back already")
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


def _undo(entry: Entry, writer: Writer) -> Outcome:
    outcome = writer.make(reversed_of(entry.change), undoes=entry.id)
    if outcome.result is Result.ALREADY:
        undone = writer.journal.begin(writer.run, outcome.change, entry.caller, undoes=entry.id)
        writer.journal.end(undone, "done", "it was so already")
    if outcome.ok and entry.change.irreversible_reason:
        detail = "; ".join(filter(None, (outcome.detail, entry.change.irreversible_reason)))
        return Outcome(outcome.change, outcome.result, detail)
    return outcome
