"""The list of changes: one line each, under a heading for each deployment and account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets.option_list import Option

from reconcile.change import Change
from xacct_tui.board import Board, Group
from xacct_tui.render.plain import plain
from xacct_tui.widgets.paint import painted, state
from xacct_tui.widgets.rows import Rows

_WORD = max(map(len, ("taken away", "unreadable")))
_SLUG = 20
"""Columns of a slug: the longest is artifact-statements."""


class ChangeList(Rows):
    """The rows of a board. The highlighted change stays highlighted whatever comes and goes around it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("g", "first", "First row", show=False),
        Binding("G", "last", "Last row", show=False),
    ]

    _first: str | None = None
    """The row that the cursor was put on while rows still came in, and that nobody has chosen."""

    @property
    def chosen(self) -> str | None:
        """The id of the highlighted change."""
        return self.highlighted_option.id if self.highlighted_option else None

    def show(self, board: Board) -> None:
        """Show the board; only what differs is drawn anew."""
        options = list(_options(board))
        if [option.id for option in options] == [option.id for option in self.options] and options:
            self._update_prompts(options)
        else:
            self._replace(options)
        self._first = None if board.is_whole else self._first

    def choose(self, change_id: str) -> bool:
        """Highlight a change; whether it has a row."""
        if change_id not in self._id_to_option:
            return False
        self.highlighted = self.get_option_index(change_id)
        return True

    def _update_prompts(self, options: list[Option]) -> None:
        for index, (old, new) in enumerate(zip(self.options, options, strict=True)):
            if old.prompt != new.prompt:
                self.replace_option_prompt_at_index(index, new.prompt)

    def _replace(self, options: list[Option]) -> None:
        chosen, near = (None, 0) if self.chosen == self._first else (self.chosen, self.highlighted or 0)
        top = self.scroll_offset.y
        self.set_options(options)
        if chosen is None or not self.choose(chosen):
            self._highlight_near(near)
            self._first = self.chosen
        self.scroll_to(y=top, animate=False, force=True)

    def _highlight_near(self, index: int) -> None:
        """Highlight the change that is next to where the cursor was."""
        rows = [number for number, option in enumerate(self.options) if not option.disabled]
        self.highlighted = min(rows, key=lambda row: abs(row - index), default=None)


def _options(board: Board) -> Iterator[Option]:
    for row in board.rows():
        if isinstance(row, Group):
            yield Option(_heading(row), id=f"{row.deployment} {row.account}", disabled=True)
        else:
            yield Option(_line(row, board), id=row.id)


def _heading(group: Group) -> Content:
    style = "bold $text-error" if "TARGET" in group.side else "bold $text-primary"
    where = f"{group.deployment} in {group.account} ({group.account_id}), {group.side}"
    return Content.styled(plain(where), style)


def _line(change: Change, board: Board) -> Content:
    mark, word = state(change, board)
    picked = " [x]" if change.id in board.marked else "    "
    return Content.assemble(
        Content.styled(picked, "bold"),
        painted(mark, f"{mark} {word.ljust(_WORD)} "),
        Content(f"{plain(change.slug).ljust(_SLUG)} "),
        Content.styled(plain(board.doing.get(change.id) or change.title), "$text-muted"),
    )
