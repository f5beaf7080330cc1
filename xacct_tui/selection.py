"""Which changes a call means: those of a plan to apply, or those of the journal to roll back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reconcile.change import Action
from reconcile.errors import Refused, XacctError
from xacct_tui import messages
from xacct_tui.session import matches, refuse_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from reconcile import Entry
    from reconcile.change import Change, Plan

_CANNOT = {
    Action.BLOCKED: "it is blocked",
    Action.UNREADABLE: "it could not be read",
}

_MOST = 250
"""Deployments that are read again and proven beside the screens, all of them, where that is asked for."""

_GENERATED_SESSION = re.compile(r"/botocore-session-\d+$")


def changes_to_apply(plan: Plan, names: Sequence[str], holds: Callable[[Change], bool]) -> tuple[Change, ...]:
    """Give the pending changes in scope that the names (ids or globs; none: all) mean, in the plan's order.

    Raises Refused for a name that means nothing, for an id whose change cannot be applied, and where a
    pending change that a chosen one rests on was not named or is out of scope.
    """
    for name in names:
        _refuse_inapplicable(plan, name)
    in_scope = [change for change in plan.pending if holds(change)]
    chosen = tuple(change for change in in_scope if not names or any(matches(change, name) for name in names))
    unnamed = list(_unnamed_needs(plan, chosen))
    if unnamed:
        raise Refused(messages.needs_unnamed(unnamed, names or [change.id for change in chosen]))
    return chosen


def entries_to_roll_back(entries: Sequence[Entry], name: str, callers: Collection[str]) -> tuple[Entry, ...]:
    """Give the entries that a change's id or a run means, newest first; no name: the callers' own last run.

    Those in doubt are among them: they are not passed over in silence.
    Raises XacctError where that means nothing that could be rolled back.
    """
    undoable = standing(entries)
    if not name:
        own = {_lasting(caller) for caller in callers}
        name = next((entry.run for entry in undoable if _lasting(entry.caller) in own), "")
        if not name:
            raise XacctError(messages.NO_OWN_RUN)
    latest = [entry for entry in undoable if entry.change.id == name][:1]
    chosen = latest or [entry for entry in undoable if entry.run == name]
    if not chosen:
        known = [text for entry in undoable for text in (entry.change.id, entry.run)]
        refuse_unknown("the journal holds nothing to roll back called", name, known, messages.HISTORY_LISTS)
    _refuse_rested_on(chosen, undoable, name)
    return tuple(chosen)


def with_needs(plan: Plan, ids: Collection[str]) -> tuple[Change, ...]:
    """Give these pending changes and every pending one that they rest on, in the plan's order."""
    chosen = [change for change in plan.pending if change.id in ids]
    wanted = {*ids, *_unnamed_needs(plan, chosen)}
    return tuple(change for change in plan.pending if change.id in wanted)


def standing(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Give the entries that could be rolled back, newest first."""
    return tuple(entry for entry in reversed(entries) if entry.stands)


def with_resting(entries: Sequence[Entry], chosen: Sequence[Entry]) -> tuple[Entry, ...]:
    """Give these entries and every standing one that rests on them, newest first."""
    wanted = {entry.id: entry for entry in chosen}
    for entry in reversed(standing(entries)):  # oldest first: what rests on something is younger
        if any(below.change.id in entry.change.requires and below.id < entry.id for below in wanted.values()):
            wanted[entry.id] = entry
    return tuple(sorted(wanted.values(), key=lambda entry: -entry.id))


def _refuse_rested_on(chosen: Sequence[Entry], undoable: Sequence[Entry], name: str) -> None:
    """What rests on the chosen entries was applied after them, and is not among them."""
    resting = [
        later.change.id
        for later in undoable
        if later not in chosen
        and any(later.id > entry.id and entry.change.id in later.change.requires for entry in chosen)
    ]
    if resting:
        raise Refused(messages.rested_on(name, resting))


def _refuse_inapplicable(plan: Plan, name: str) -> None:
    if not any(matches(change, name) for change in plan.changes):
        refuse_unknown("no change is called", name, [change.id for change in plan.changes], messages.PLAN_LISTS)
    change = next((change for change in plan.changes if change.id == name), None)
    if change is None or change.action is Action.NONE:
        return
    if change.action in _CANNOT:
        raise Refused(f"{name} cannot be applied, {_CANNOT[change.action]}: {change.reason}")
    if not change.managed:
        raise Refused(f"{name} is report only: this tool never writes it")


def _unnamed_needs(plan: Plan, chosen: Sequence[Change]) -> Iterator[str]:
    """Name each pending change that the chosen ones rest on, however far down, and that is not among them."""
    pending = {change.id: change for change in plan.pending}
    seen = {change.id for change in chosen}
    below = list(chosen)
    while below:
        needed = [name for name in below.pop(0).requires if name in pending and name not in seen]
        seen.update(needed)
        below += [pending[name] for name in needed]
        yield from needed


def _lasting(caller: str) -> str:
    """Drop the session name that botocore makes up anew for each run; those that name a person stay."""
    return _GENERATED_SESSION.sub("", caller)


def to_weigh(plan: Plan, chosen: Collection[Change]) -> tuple[str, ...]:
    """The ids of what is read to weigh these changes: all of the deployments that share what they change.

    Empty where these are very many: reading them again would take a minute.
    """
    places = {change.address.place for change in chosen}
    names = {change.deployment for change in plan.changes if change.address.place in places}
    return tuple(each.id for each in plan.changes if each.deployment in names) if len(names) <= _MOST else ()


def to_prove(plan: Plan | None, deployment: str) -> tuple[str, ...]:
    """The ids of what is proven with a deployment; none for all.

    That is all, since a change of one may break another; of very many this one alone, since all would have to be read
    again, which takes a minute.
    """
    changes = plan.changes if plan else ()
    if len({change.deployment for change in changes}) <= _MOST:
        return ()
    return tuple(change.id for change in changes if change.deployment == deployment)
