"""A form: one line for each field, under headings. What is typed is told at once; a mark says how it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from xacct_tui.render.plain import plain
from xacct_tui.widgets.paint import painted
from xacct_tui.widgets.told import Told


@dataclass(frozen=True, slots=True)
class Line:
    """A field, or, without a name of its own, the heading above the next ones."""

    label: str
    name: str = ""
    text: str = ""
    placeholder: str = ""


class FieldInput(Input):
    """Where a field is typed. What a terminal would obey is shown, and taken, as an escape."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.text, placeholder=plain(line.placeholder), compact=True, select_on_focus=False)
        self.field = line.name

    def validate_value(self, value: str) -> str:
        """Nothing that is obeyed gets in, pasted or chosen."""
        return plain(value)


class FieldLine(Horizontal):
    """Mark, label and input."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.input = FieldInput(line)
        self._line = line
        self._mark = " "
        self._label = Static(self._labelled, classes="field-label")

    def compose(self) -> ComposeResult:
        """One line."""
        yield self._label
        yield self.input

    def mark(self, mark: str) -> None:
        """Show how the field is."""
        if mark != self._mark:
            self._mark = mark
            self._label.update(self._labelled)

    @property
    def _labelled(self) -> Content:
        return painted(self._mark, f"{self._mark} ") + Content(plain(self._line.label))


class Form(VerticalScroll, can_focus=False):
    """Lines to fill in. Up, down, Tab and Enter go from field to field."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "app.focus_previous", "Previous field", show=False),
        Binding("down", "app.focus_next", "Next field", show=False),
    ]

    def __init__(self, lines: Iterable[Line]) -> None:
        super().__init__(id="form")
        self._lines = list(lines)
        self._fields: dict[str, FieldLine] = {}
        self._heads: dict[str, Told] = {}

    def compose(self) -> ComposeResult:
        """Every line."""
        self._fields = {line.name: FieldLine(line) for line in self._lines if line.name}
        self._heads = {line.label: Told(_head(line), classes="field-head") for line in self._lines if not line.name}
        for line in self._lines:
            yield self._fields[line.name] if line.name else self._heads[line.label]

    async def replace(self, lines: Iterable[Line]) -> None:
        """Have these lines instead; the cursor stays in its field."""
        chosen, self._lines = self.chosen, list(lines)
        await self.recompose()
        if chosen in self._fields:
            self.go_to(chosen)

    @property
    def chosen(self) -> str:
        """The name of the field at the cursor; empty if there is none."""
        focused = self.screen.focused
        return focused.field if isinstance(focused, FieldInput) else ""

    def head(self, label: str, told: Content) -> None:
        """Say something in a heading."""
        self._heads[label].tell(told)

    def text(self, name: str) -> str | None:
        """What a field shows; None if it is not shown."""
        return self._fields[name].input.value if name in self._fields else None

    def fill(self, name: str, text: str) -> None:
        """Put a text in a field, as if it had been there from the start."""
        box = self._fields[name].input
        with box.prevent(Input.Changed):
            box.value = text
        box.cursor_position = len(box.value)

    def type(self, name: str, text: str) -> None:
        """Put a text in a field, as if it had been typed."""
        box = self._fields[name].input
        box.value = text
        box.cursor_position = len(box.value)

    def mark(self, marks: Mapping[str, str]) -> None:
        """Show how the fields are, those without a mark as good."""
        for name, line in self._fields.items():
            line.mark(marks.get(name, " "))

    def suggest(self, name: str, texts: Iterable[str]) -> None:
        """Complete what is typed in a field to one of these."""
        self._fields[name].input.suggester = SuggestFromList(texts)

    def go_to(self, name: str) -> None:
        """Put the cursor in a field."""
        self._fields[name].input.focus()


def _head(line: Line) -> Content:
    return Content.styled(plain(line.label), "bold")
