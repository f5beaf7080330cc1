"""The list of changes: one line each, under a heading for each deployment and account."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from reconcile.change import Change
from xacct_tui.board import Board, Group
from xacct_tui.render.plain import plain
from xacct_tui.widgets.paint import painted, state

_WORD = max(map(len, ("taken away", "unreadable")))
_SLUG = 20
"""Columns of a slug: the longest is artifact-statements."""


class ChangeList(ScrollView, can_focus=True):
    """The rows of a board. The chosen change stays chosen whatever comes and goes around it.

    Only the rows in sight are drawn, so that thousands cost no more than a screenful.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"changes--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("home,g", "first", "First row", show=False),
        Binding("end,G", "last", "Last row", show=False),
        Binding("enter", "open", "Details", show=False),
    ]

    class Chosen(Message):
        """Another change is at the cursor."""

    class Opened(Message):
        """The change at the cursor is to be looked at."""

    def __init__(self, board: Board, *, id: str | None = None) -> None:  # noqa: A002  as all widgets call it
        super().__init__(id=id)
        self._board = board
        self._rows: list[Group | Change] = []
        self._places: list[int] = []
        """The numbers of the rows that hold changes."""
        self._by_id: dict[str, int] = {}
        """Where in ``_places`` a change stands."""
        self._cursor = 0
        """Where in ``_places`` the cursor stands."""
        self._is_chosen = False
        """Whether somebody put it there; until then it stays on the first row, whatever comes in."""

    @property
    def chosen(self) -> str | None:
        """The id of the change at the cursor."""
        return self._row.id if self._row else None

    @property
    def _row(self) -> Change | None:
        row = None if self._number is None else self._rows[self._number]
        return row if isinstance(row, Change) else None

    @property
    def _number(self) -> int | None:
        """The row that the cursor is on."""
        return self._places[self._cursor] if self._places else None

    def show(self) -> None:
        """Show the board as it is now."""
        chosen, before = self.chosen, self._number
        self._rows = list(self._board.rows())
        self._places = [number for number, row in enumerate(self._rows) if isinstance(row, Change)]
        self._by_id = {self._rows[number].id: place for place, number in enumerate(self._places)}  # type: ignore[union-attr]
        self.virtual_size = Size(0, len(self._rows))
        self._put(self._by_id.get(chosen or "", self._cursor) if self._is_chosen else 0)
        self._is_chosen |= self._board.is_whole
        if self._number != before:  # else the list stays where the mouse has scrolled it
            self._scroll()
        self.refresh()

    def choose(self, change_id: str) -> bool:
        """Put the cursor on a change; whether it has a row."""
        if change_id not in self._by_id:
            return False
        self._go(self._by_id[change_id])
        return True

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        number, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        style = self.get_visual_style("changes--cursor") if number == self._number else self.visual_style
        text = self._text(number) if number < len(self._rows) else Content(" ")
        return Visual.to_strips(self, text, width, 1, style)[0].extend_cell_length(width, style.rich_style)

    def on_click(self, event: Click) -> None:
        """Choose what was clicked, and look at it."""
        number = self.scroll_offset.y + event.y
        if number < len(self._rows) and isinstance(row := self._rows[number], Change):
            self.choose(row.id)
            self.action_open()

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.call_after_refresh(self._scroll)

    def action_move(self, step: int) -> None:
        """Go to the next change, round the end."""
        if self._places:
            self._go((self._cursor + step) % len(self._places))

    def action_page(self, step: int) -> None:
        """Go on by a screenful."""
        self._go(self._cursor + step * max(1, self.size.height - 1))

    def action_first(self) -> None:
        """Go to the first change."""
        self._go(0)

    def action_last(self) -> None:
        """Go to the last change."""
        self._go(len(self._places))

    def action_open(self) -> None:
        """Look at the change at the cursor."""
        if self._places:
            self.post_message(self.Opened())

    def _go(self, place: int) -> None:
        self._is_chosen = True
        self._put(place)
        self._scroll()
        self.refresh()
        self.post_message(self.Chosen())

    def _put(self, place: int) -> None:
        self._cursor = max(0, min(place, len(self._places) - 1))

    def _scroll(self) -> None:
        """Have the cursor in sight, and the heading right above it."""
        if self._number is not None:
            above = int(isinstance(self._rows[self._number - 1], Group))
            region = Region(0, self._number - above, 1, 1 + above)
            self.scroll_to_region(region, animate=False, force=True, immediate=True)

    def _text(self, number: int) -> Content:
        row = self._rows[number]
        cursor = ">" if number == self._number else " "  # seen without any colour
        return _heading(row) if isinstance(row, Group) else _line(row, self._board, cursor)


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
