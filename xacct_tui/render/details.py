"""What a person is told of one change, whatever the format: its mark, and labelled lines below it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from reconcile.change import PENDING, Action, Change, Grant, Plan, Value
from reconcile.difference import is_statement
from xacct_tui.render.plain import plain, principal_name
from xacct_tui.render.words import difference_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconcile.proof.values import ProvenChange  # slow to load, and the first frame tells of no proof

MARKS = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.NONE: "=",
    Action.BLOCKED: "!",
    Action.UNREADABLE: "?",
}

LEGEND = {"+": "create", "~": "update", "=": "in sync", "!": "blocked", "?": "unreadable", "-": "taken away"}

_TARGET_SLUGS = frozenset({"output-bucket", "output-access", "artifact-access", "deploy-role", "trust-policy"})

Detail = tuple[str, str]
"""A label, or the mark of a line of the difference, and its text."""

Proven: TypeAlias = "Mapping[str, ProvenChange]"
"""By id: what a change does to the chain of hops."""

UNPROVEN: Proven = {}


def mark(change: Change) -> str:
    """Give the sign of a change; what is rolled back may be taken away."""
    takes_away = change.action in PENDING and change.after is None
    return "-" if takes_away else MARKS[change.action]


def unmet(changes: Sequence[Change]) -> Mapping[str, Change]:
    """Give by their ids the changes that are not in place: what others may have to wait for."""
    return {change.id: change for change in changes if change.action is not Action.NONE}


def details(change: Change, missing: Mapping[str, Change], proven: Proven = UNPROVEN) -> tuple[Detail, ...]:
    """Tell where a change is, why, what differs, what it grants, needs, starts, and if it can be undone.

    ``missing`` is what is not in place, see :func:`unmet`; ``proven`` what changes do to the chain.
    """
    return (*_proven(proven.get(change.id)), *_details(change, missing))


def is_shown(change: Change) -> bool:
    """Whether a change has a row of its own: what is not in sync, and what is but has something to tell."""
    return change.action is not Action.NONE or bool(change.notes)


def account_sides(plan: Plan) -> Mapping[str, str]:
    """Say what each account is for; the target is in capitals: what is written there is served from there."""
    served: dict[str, set[bool]] = {seen.name: set() for seen in plan.accounts}
    for change in plan.changes:
        served.setdefault(change.address.account, set()).add(change.slug in _TARGET_SLUGS)
    names = {False: "pipeline side", True: "TARGET side"}
    return {
        account: " and ".join(names[is_target] for is_target in sorted(sides)) or "not planned"
        for account, sides in served.items()
    }


def summary_line(plan: Plan) -> str:
    """Count the changes: ``Plan: 3 to create, …`` or ``No changes. …``."""
    count = plan.summary
    if count["in_sync"] == len(plan.changes):
        return f"No changes. {count['in_sync']} in sync."
    return (
        f"Plan: {count['create']} to create, {count['update']} to update, {count['in_sync']} in sync, "
        f"{count['blocked']} blocked, {count['unreadable']} unreadable."
    )


def breaking(changes: Sequence[Change], proven: Proven) -> list[str]:
    """Warn of each of these changes that would break what works, in a sentence."""
    broken = {change.id: proven[change.id].breaks for change in changes if change.id in proven}
    return [f"By itself {name} BREAKS what passes now: {', '.join(hops)}." for name, hops in broken.items() if hops]


def _proven(proven: ProvenChange | None) -> Iterator[Detail]:
    """Tell first, and with a word of its own, what a change would break."""
    if proven and proven.breaks:
        hops = ", ".join(map(plain, proven.breaks))
        yield "BREAKS", f"what passes now and would fail after this change: {hops}"
    if proven and proven.mends:
        yield "mends", ", ".join(map(plain, proven.mends))
    for excess in proven.excess if proven else ():
        yield from (("too much", f"beyond need, {_grant_words(grant)}") for grant in excess.grants)


def _details(change: Change, missing: Mapping[str, Change]) -> Iterator[Detail]:
    yield "at", plain(change.location)
    if change.reason:
        yield "because", plain(change.reason)
    if change.action is not Action.BLOCKED or change.after is not None:  # what is blocked may not be known
        yield from difference_lines(change.before, change.after, plain(change.part.name))
    if not _holds_statement(change.after):  # a statement has told its grants already
        yield from (("grants", _grant_words(grant)) for grant in change.grants)
    if needs := _needs(change, missing):
        yield "needs", ", ".join(needs)
    yield from (("effect", plain(effect)) for effect in change.effects)
    if change.irreversible_reason and change.action is not Action.NONE:
        yield "undo", f"cannot be undone: {plain(change.irreversible_reason)}"
    if not change.managed:
        yield "note", "report only: this tool never writes it"
    yield from (("note", plain(note)) for note in change.notes)


def _holds_statement(value: Value) -> bool:
    if is_statement(value):
        return True
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(map(_holds_statement, items))


def _grant_words(grant: Grant) -> str:
    actions = ", ".join(plain(action) for action in grant.actions)
    return f"{principal_name(grant.principal)} may {actions} on {plain(grant.resource)}"


def _needs(change: Change, missing: Mapping[str, Change]) -> list[str]:
    """Name what must be in place first and is not, with what stands in its way if anything does."""
    if change.action is Action.NONE:
        return []
    return [_needed(missing[name]) for name in change.requires if name in missing]


def _needed(change: Change) -> str:
    stuck = change.action in {Action.BLOCKED, Action.UNREADABLE}
    return plain(change.id) + (f" ({change.action})" if stuck else "")
