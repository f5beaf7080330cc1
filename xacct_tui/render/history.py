"""What was applied and rolled back: when, by whom, with what outcome; oldest first, as it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconcile.plan_json import FORMAT_VERSION, change_to_json
from xacct_tui.render.details import MARKS
from xacct_tui.render.markdown import escaped, table_row
from xacct_tui.render.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconcile import Entry

_COLUMNS = ("id", "run", "began", "state", "change", "account", "caller", "remark")


def history_text(entries: Sequence[Entry]) -> str:
    """Give one row for each entry, aligned."""
    rows = [_COLUMNS, *(tuple(plain(cell) for cell in _cells(entry)) for entry in entries)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join(lines if entries else ["Nothing was applied yet."]) + "\n"


def history_markdown(entries: Sequence[Entry]) -> str:
    """Give the same as a table."""
    rows = [_COLUMNS, ["---"] * len(_COLUMNS), *(map(escaped, _cells(entry)) for entry in entries)]
    return "\n".join(map(table_row, rows)) + "\n"


def history_json(entries: Sequence[Entry]) -> dict[str, Any]:
    """Give ``format_version`` and ``entries``, each with its whole change as in the JSON plan."""
    return {"format_version": FORMAT_VERSION, "entries": [_entry(entry) for entry in entries]}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "run": entry.run,
        "state": str(entry.state),
        "began": entry.began,
        "ended": entry.ended,
        "caller": entry.caller,
        "detail": entry.detail,
        "undoes": entry.undoes,
        "undone": entry.undone,
        "change": change_to_json(entry.change),
    }


def _cells(entry: Entry) -> tuple[str, ...]:
    change = entry.change
    return (
        str(entry.id),
        entry.run,
        entry.began,
        str(entry.state),
        f"{MARKS[change.action]} {change.id}",
        change.address.account,
        entry.caller,
        "; ".join(remarks(entry)),
    )


def remarks(entry: Entry) -> Iterator[str]:
    """Tell what is to be known of an entry beyond its state."""
    if entry.undoes is not None:
        yield f"rolls back {entry.undoes}"
    if entry.undone:
        yield "rolled back since"
    if entry.detail:
        yield entry.detail
