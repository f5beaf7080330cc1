"""The list of changes: one line each, under a heading for each deployment and account."""

from __future__ import annotations

from textual.content import Content

from reconcile.change import Change
from xacct_tui.board import Board, Group
from xacct_tui.render.plain import plain
from xacct_tui.widgets.paint import painted, state
from xacct_tui.widgets.rows import Rows

_WORD = max(map(len, ("taken away", "unreadable")))
_SLUG = 20
"""Columns of a slug: the longest is artifact-statements."""


class ChangeList(Rows[Group | Change]):
    """The rows of a board."""

    def __init__(self, board: Board, *, id: str | None = None) -> None:  # noqa: A002  as all widgets call it
        super().__init__(id=id)
        self._board = board

    @property
    def chosen(self) -> str | None:
        """The id of the change at the cursor."""
        return None if self.row is None else self.key_of(self.row)

    def key_of(self, row: Group | Change) -> str | None:
        """A change's id."""
        return row.id if isinstance(row, Change) else None

    def text_of(self, row: Group | Change, cursor: str) -> Content:
        """A heading, or where a change stands."""
        return _heading(row) if isinstance(row, Group) else _line(row, self._board, cursor)

    def show(self) -> None:
        """Show the board as it is now."""
        self.fill(list(self._board.rows()), is_whole=self._board.is_whole)


def _heading(group: Group) -> Content:
    style = "bold $text-error" if "TARGET" in group.side else "bold $text-primary"
    where = f"{group.deployment} in {group.account} ({group.account_id}), {group.side}"
    return Content.styled(plain(where), style)


def _line(change: Change, board: Board, cursor: str) -> Content:
    mark, word = state(change, board)
    picked = f"{cursor}[x]" if change.id in board.marked else f"{cursor}   "
    return Content.assemble(
        Content.styled(picked, "bold"),
        painted(mark, f"{mark} {word.ljust(_WORD)} "),
        Content(f"{plain(change.slug).ljust(_SLUG)} "),
        Content.styled(plain(board.doing.get(change.id) or change.title), "$text-muted"),
    )
