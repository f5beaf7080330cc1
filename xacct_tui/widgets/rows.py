"""A list of thousands of rows, of which only those in sight are drawn; the cursor goes to all but the headings."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

Row = TypeVar("Row")


class Rows(ScrollView, Generic[Row], can_focus=True):
    """One line for each row. The chosen row stays chosen whatever comes and goes around it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--cursor"}
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
        """Another row is at the cursor."""

    class Opened(Message):
        """The row at the cursor is to be looked at."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  as all widgets call it
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._places: list[int] = []
        """The numbers of the rows that the cursor goes to."""
        self._by_key: dict[Hashable, int] = {}
        """Where in ``_places`` a row stands."""
        self._cursor = 0
        """Where in ``_places`` the cursor stands."""
        self._is_chosen = False
        """Whether somebody put it there; until then it stays on the first row, whatever comes in."""

    def key_of(self, row: Row) -> Hashable:
        """What a row is known by; None for a heading."""
        raise NotImplementedError

    def text_of(self, row: Row, cursor: str) -> Content:
        """What a row shows; ``cursor`` is the mark that stands in the first column of all but headings."""
        raise NotImplementedError

    @property
    def row(self) -> Row | None:
        """The row at the cursor."""
        return None if self._number is None else self._rows[self._number]

    @property
    def _number(self) -> int | None:
        return self._places[self._cursor] if self._places else None

    def fill(self, rows: Sequence[Row], *, is_whole: bool = True) -> None:
        """Show these rows; until they are ``is_whole``, the cursor stays on the first unless somebody moves it."""
        chosen, before = None if self.row is None else self.key_of(self.row), self._number
        self._rows = rows
        keys = [self.key_of(row) for row in rows]
        self._places = [number for number, key in enumerate(keys) if key is not None]
        self._by_key = {keys[number]: place for place, number in enumerate(self._places)}
        self.virtual_size = Size(0, len(rows))
        self._put(self._by_key.get(chosen, self._cursor) if self._is_chosen else 0)
        self._is_chosen |= is_whole
        if self._number != before:  # else the list stays where the mouse has scrolled it
            self._scroll()
        self.refresh()

    def choose(self, key: Hashable) -> bool:
        """Put the cursor on a row; whether there is one."""
        if key not in self._by_key:
            return False
        self._go(self._by_key[key])
        return True

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        number, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        at_cursor = number == self._number
        style = self.get_visual_style("rows--cursor") if at_cursor else self.visual_style
        mark = ">" if at_cursor else " "  # seen without any colour
        text = self.text_of(self._rows[number], mark) if number < len(self._rows) else Content(" ")
        if at_cursor:
            text = Content(text.plain)  # some themes' colours can hardly be read on that of the cursor
        return Visual.to_strips(self, text, width, 1, style)[0].extend_cell_length(width, style.rich_style)

    def on_click(self, event: Click) -> None:
        """Choose what was clicked, and look at it."""
        number = self.scroll_offset.y + event.y
        if number < len(self._rows) and self.choose(self.key_of(self._rows[number])):
            self.action_open()

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.call_after_refresh(self._scroll)

    def action_move(self, step: int) -> None:
        """Go to the next row, round the end."""
        if self._places:
            self._go((self._cursor + step) % len(self._places))

    def action_page(self, step: int) -> None:
        """Go on by a screenful."""
        self._go(self._cursor + step * max(1, self.size.height - 1))

    def action_first(self) -> None:
        """Go to the first row."""
        self._go(0)

    def action_last(self) -> None:
        """Go to the last row."""
        self._go(len(self._places))

    def action_open(self) -> None:
        """Look at the row at the cursor."""
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
            above = int(self._number > 0 and self.key_of(self._rows[self._number - 1]) is None)
            region = Region(0, self._number - above, 1, 1 + above)
            self.scroll_to_region(region, animate=False, force=True, immediate=True)
