"""The list of what the journal holds: one line each, newest first, under a heading for each run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from textual.content import Content

from reconcile.journal.entry import Entry
from xacct_tui.render.plain import plain
from xacct_tui.widgets.paint import painted
from xacct_tui.widgets.rows import Rows

_MARKS = {"done": "✓", "failed": "!", "begun": "?", "in-doubt": "?"}


class EntryList(Rows[str | Entry]):
    """The entries of a journal; the headings are texts."""

    def key_of(self, row: str | Entry) -> int | None:
        """An entry's id."""
        return row.id if isinstance(row, Entry) else None

    def text_of(self, row: str | Entry, cursor: str) -> Content:
        """A heading, or what came of an entry."""
        if isinstance(row, Entry):
            return _line(row, cursor)
        return Content.styled(plain(row), "bold $text-primary")

    def show(self, entries: Sequence[Entry]) -> None:
        """Show these, which are oldest first."""
        self.fill(list(_rows(entries)))


def _rows(entries: Sequence[Entry]) -> Iterator[str | Entry]:
    for _, members in groupby(reversed(entries), key=lambda entry: entry.run):
        listed = list(members)
        yield f"{listed[-1].began}  {listed[0].caller}"
        yield from listed


def _line(entry: Entry, cursor: str) -> Content:
    mark = _MARKS[entry.state]
    word = "rolled back" if entry.undone else "in doubt" if entry.unsettled else entry.state
    verb = "undo " if entry.undoes is not None else ""
    return Content.assemble(
        Content.styled(cursor, "bold"),
        painted("=" if entry.undone else mark, f"{mark} {word.ljust(11)} "),
        Content(f"{verb}{plain(entry.change.id)}  "),
        Content.styled(plain(entry.change.address.account), "$text-muted"),
    )
