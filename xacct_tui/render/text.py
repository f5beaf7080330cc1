"""The plan as text for people: complete and linear, the same in a terminal, in a log and read aloud."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xacct_tui.render.colour import Painter
from xacct_tui.render.details import (
    LEGEND,
    MARKS,
    account_sides,
    details,
    is_shown,
    summary_line,
    unmet,
)
from xacct_tui.render.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reconcile.change import AccountSeen, Change, Plan

_INDENT = " " * 6
_LABEL = 9
_NARROWEST = 30
"""Columns that text is given at least, however narrow the terminal is."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What every row is laid out by."""

    paint: Painter
    width: int
    sides: Mapping[str, str]
    missing: Mapping[str, Change]


def plan_text(plan: Plan, *, colour: bool, width: int) -> str:
    """Give the whole plan: accounts, changes by deployment and account, a legend, and a line that counts."""
    page = _Page(Painter(colour=colour), width, account_sides(plan), unmet(plan.changes))
    blocks = [
        list(_accounts(plan, page)),
        *(list(_group(group, page)) for group in _groups(plan.changes)),
        _legend(plan),
        [page.paint("bold", summary_line(plan))],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def changes_text(changes: Sequence[Change], *, colour: bool, width: int) -> str:
    """Give these changes alone, as the plan shows them."""
    page = _Page(Painter(colour=colour), width, {}, unmet(changes))
    return "\n".join(_rows(changes, page)) + "\n"


def _accounts(plan: Plan, page: _Page) -> Iterator[str]:
    rows = [_account_cells(seen, page) for seen in plan.accounts]
    for seen, line in zip(plan.accounts, _aligned(rows), strict=True):
        yield page.paint(_side_style(page.sides[seen.name]), line)
        if seen.problem:
            yield page.paint("!", f"  ! {plain(seen.problem)}")


def _account_cells(seen: AccountSeen, page: _Page) -> list[str]:
    names = [plain(seen.name), plain(seen.id), plain(seen.region)]
    return [*names, page.sides[seen.name], plain(seen.caller or "caller unknown")]


def _side_style(side: str) -> str:
    return "target" if "TARGET" in side else "bold"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


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
        yield from _wrapped(f"  = {len(hidden)} in sync: ", ", ".join(hidden), page.width)


def _rows(changes: Sequence[Change], page: _Page) -> Iterator[str]:
    longest = max((len(plain(change.id)) for change in changes), default=0)
    for change in changes:
        mark, name = MARKS[change.action], plain(change.id)
        yield f"  {page.paint(mark, f'{mark} {name}')}{' ' * (longest - len(name))}  {plain(change.title)}"
        for label, text in details(change, page.missing):
            lines = _wrapped(f"{_INDENT}{label.ljust(_LABEL)}", text, page.width)
            yield from (page.paint(label, line) for line in lines)


def _wrapped(prefix: str, text: str, width: int) -> list[str]:
    """Break a text between words, never within one: ARNs stay whole, to be copied."""
    pieces = textwrap.wrap(
        text,
        max(width - len(prefix), _NARROWEST),
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )
    first, *rest = pieces or [""]
    return [(prefix + first).rstrip(), *(" " * len(prefix) + piece for piece in rest)]


def _legend(plan: Plan) -> list[str]:
    shown = [change for change in plan.changes if is_shown(change)]
    used = {label for change in shown for label, _ in details(change, {})}
    used |= {MARKS[change.action] for change in plan.changes}
    return ["   ".join(f"{mark} {word}" for mark, word in LEGEND.items() if mark in used)] if shown else []
