"""The plan as Markdown for a pull request: a table, and what differs behind a fold for each change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xacct_tui.render.details import account_sides, details, is_shown, mark, summary_line, unmet
from xacct_tui.render.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reconcile.change import Change, Plan

LIMIT = 65_000
"""Characters; GitHub refuses a comment of more than 65,536."""

_ROOM_FOR_NOTICE = 200

_SPECIAL = re.compile(r"[^\w\s,/+=-]|_")

_DIFF_MARKS = {"+": "+", "-": "-", "~": "!"}
"""How a ``diff`` block colours a line."""


def plan_markdown(plan: Plan) -> str:
    """Give the plan in less than 65,000 characters; what is left out for that is counted in it.

    No text from outside is taken as Markdown, as HTML, as a link or as a mention of somebody.
    """
    shown = [change for change in plan.changes if is_shown(change)]
    head = [f"**{escaped(summary_line(plan))}**", "", *_accounts(plan), ""]
    rows = ["| | change | account | what | because |", "|---|---|---|---|---|", *(map(_row, shown))]
    missing = unmet(plan.changes)
    folds = [_fold(change, missing) for change in shown]
    return _fitted(["\n".join(head), *(rows if shown else []), "", *folds])


def escaped(text: str) -> str:
    """Give a text that shows as it is, in a line of Markdown, in a table's cell and within HTML."""
    return _SPECIAL.sub(_entity, plain(text))


def table_row(cells: Iterable[str]) -> str:
    """Give one row of a table; the cells are Markdown already."""
    return f"| {' | '.join(cells)} |"


def _entity(match: re.Match[str]) -> str:
    # GitHub looks for mentions and issue numbers once entities are read: a space of no width parts them
    guard = "&#8203;" if match[0] in "@#" else ""
    return f"&#{ord(match[0])};{guard}" if match[0].isascii() else match[0]


def _accounts(plan: Plan) -> Iterator[str]:
    sides = account_sides(plan)
    for seen in plan.accounts:
        caller = seen.caller or seen.problem or "caller unknown"
        text = f"{seen.id} {seen.region}, {sides[seen.name]}, {caller}"
        yield f"- **{escaped(seen.name)}** {escaped(text)}"


def _row(change: Change) -> str:
    cells = (change.id, change.address.account, change.title, change.reason)
    return table_row([f"`{mark(change)}`", *map(escaped, cells)])


def _fold(change: Change, missing: Mapping[str, Change]) -> str:
    lines = [_line(label, text) for label, text in details(change, missing)]
    title = f"<code>{mark(change)} {escaped(change.id)}</code> {escaped(change.title)}"
    return f"<details><summary>{title}</summary>\n\n{_fenced(lines)}\n\n</details>"


def _line(label: str, text: str) -> str:
    return f"{_DIFF_MARKS[label]} {text}" if label in _DIFF_MARKS else f"  {label.ljust(8)} {text}"


def _fenced(lines: Sequence[str]) -> str:
    text = "\n".join(lines)
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}diff\n{text}\n{fence}"


def _fitted(pieces: Sequence[str]) -> str:
    kept, size, left_out = [], 0, 0
    for piece in pieces:
        fits = size + len(piece) + 1 <= LIMIT - _ROOM_FOR_NOTICE
        kept += [piece] if fits else []
        size += len(piece) + 1 if fits else 0
        left_out += not fits
    notice = f"_{left_out} rows and details are left out: a comment holds no more. `--plan` shows them all._"
    return "\n".join([*kept, *(["", notice] if left_out else [])]) + "\n"
