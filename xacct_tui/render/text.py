"""The plan as text for people: complete and linear, the same in a terminal, in a log and read aloud."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xacct_tui.render.colour import Painter
from xacct_tui.render.details import (
    LEGEND,
    UNPROVEN,
    Proven,
    account_sides,
    details,
    is_shown,
    mark,
    summary_line,
    unmet,
)
from xacct_tui.render.plain import plain, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reconcile.change import AccountSeen, Change, Plan

_INDENT = " " * 6
_LABEL = 9


@dataclass(frozen=True, slots=True)
class _Page:
    """What every row is laid out by."""

    paint: Painter
    width: int
    sides: Mapping[str, str]
    missing: Mapping[str, Change]
    proven: Proven


def plan_text(plan: Plan, *, colour: bool, width: int, proven: Proven = UNPROVEN) -> str:
    """Give the whole plan: accounts, changes by deployment and account, a legend, and a line that counts.

    ``proven`` is what the changes do to the chain, where that was proven.
    """
    page = _Page(Painter(colour=colour), width, account_sides(plan), unmet(plan.changes), proven)
    blocks = [
        list(account_lines(plan.accounts, page.sides, page.paint, width)),
        *(list(_group(group, page)) for group in _groups(plan.changes)),
        _legend(plan),
        [page.paint("bold", summary_line(plan))],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def changes_text(changes: Sequence[Change], *, colour: bool, width: int, proven: Proven = UNPROVEN) -> str:
    """Give these changes alone, as the plan shows them, each with its account."""
    page = _Page(Painter(colour=colour), width, {}, unmet(changes), proven)
    changes = [replace(change, title=f"{change.address.account}: {change.title}") for change in changes]
    return "\n".join(_rows(changes, page)) + "\n"


def account_lines(
    accounts: Sequence[AccountSeen], sides: Mapping[str, str], paint: Painter, width: int
) -> Iterator[str]:
    """Give each account with its caller, and why nothing could be read of it; ``sides`` says what each is for."""
    rows = [[plain(seen.name), plain(seen.id), plain(seen.region)] for seen in accounts]
    if sides:
        rows = [[*row, sides[seen.name]] for row, seen in zip(rows, accounts, strict=True)]
    for seen, line in zip(accounts, _aligned(rows), strict=True):
        style = _side_style(sides.get(seen.name, ""))
        yield from (paint(style, each) for each in _with_caller(line, seen, width))
        if seen.problem:
            yield from (paint("!", each) for each in wrapped("  ! ", plain(seen.problem), width))


def _with_caller(line: str, seen: AccountSeen, width: int) -> list[str]:
    """Put the caller behind the account, or below it where there is no room."""
    caller = plain(seen.caller or "caller unknown")
    whole = f"{line}  {caller}"
    return [whole] if len(whole) <= width else [line.rstrip(), f"  as {caller}"]


def _side_style(side: str) -> str:
    return "target" if "TARGET" in side else "bold"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(map(str.ljust, row, widths))


def _groups(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Gather the changes of one deployment in one account, each in the plan's order."""
    deployments: dict[str, dict[str, list[Change]]] = {}
    for change in changes:
        accounts = deployments.setdefault(change.deployment, {})
        accounts.setdefault(change.address.account, []).append(change)
    for accounts in deployments.values():
        yield from accounts.values()


def _group(changes: Sequence[Change], page: _Page) -> Iterator[str]:
    first = changes[0]
    side = page.sides[first.address.account]
    head = f"{plain(first.deployment)} in {plain(first.address.account)} ({plain(first.account_id)}), {side}"
    yield page.paint(_side_style(side), head)
    yield from _rows([change for change in changes if is_shown(change)], page)
    hidden = [plain(change.slug) for change in changes if not is_shown(change)]
    if hidden:
        yield from wrapped(f"  = {len(hidden)} in sync: ", ", ".join(hidden), page.width)


def _rows(changes: Sequence[Change], page: _Page) -> Iterator[str]:
    longest = max((len(plain(change.id)) for change in changes), default=0)
    for change in changes:
        sign = mark(change)
        head = f"{sign} {plain(change.id)}"
        first, *rest = wrapped(f"  {head.ljust(longest + 2)}  ", plain(change.title), page.width)
        yield f"  {page.paint(sign, head)}{first[len(head) + 2 :]}"
        yield from rest
        for label, text in details(change, page.missing, page.proven):
            lines = wrapped(f"{_INDENT}{label.ljust(_LABEL)}", text, page.width)
            yield from (page.paint(label, line) for line in lines)


def _legend(plan: Plan) -> list[str]:
    shown = [change for change in plan.changes if is_shown(change)]
    used = {label for change in shown for label, _ in details(change, {})}
    used |= {mark(change) for change in plan.changes}
    return ["   ".join(f"{sign} {word}" for sign, word in LEGEND.items() if sign in used)] if shown else []
