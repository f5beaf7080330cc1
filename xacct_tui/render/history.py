"""What was applied and rolled back: when, by whom, with what outcome; oldest first, as it is kept."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from reconcile.plan_json import FORMAT_VERSION, change_to_json
from xacct_tui.render.details import mark
from xacct_tui.render.markdown import escaped, table_row
from xacct_tui.render.plain import plain, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconcile import Entry

_COLUMNS = ("id", "run", "began", "state", "change", "account", "caller", "remark")


def history_text(entries: Sequence[Entry], *, width: int) -> str:
    """Give each run with its callers, and below it one aligned row for each of its entries."""
    rows = {entry.id: [plain(cell) for cell in _row(entry)] for entry in entries}
    widths = [max(map(len, column)) for column in zip(*rows.values(), strict=True)]
    blocks = []
    for run, group in groupby(entries, key=lambda entry: entry.run):
        own = list(group)
        callers = dict.fromkeys(f"  {plain(entry.change.address.account)} as {plain(entry.caller)}" for entry in own)
        blocks.append([f"run {plain(run)}, begun {plain(own[0].began)}", *callers])
        for entry in own:
            prefix = "  ".join(map(str.ljust, rows[entry.id], widths))
            blocks[-1] += wrapped(f"  {prefix}  ", plain("; ".join(remarks(entry))), width)
    return "\n\n".join("\n".join(block) for block in blocks or [["Nothing was applied yet."]]) + "\n"


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


def _row(entry: Entry) -> tuple[str, ...]:
    return str(entry.id), str(entry.state), f"{mark(entry.change)} {entry.change.id}", entry.change.address.account


def _cells(entry: Entry) -> tuple[str, ...]:
    change = entry.change
    return (
        str(entry.id),
        entry.run,
        entry.began,
        str(entry.state),
        f"{mark(change)} {change.id}",
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
