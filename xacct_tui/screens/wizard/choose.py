"""Choosing what to fill in from a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from xacct_tui.render.plain import plain
from xacct_tui.screens.guarded import Dialog
from xacct_tui.setup.offers import Offer
from xacct_tui.widgets.footer import Footer


class ChooseScreen(Dialog[Offer]):
    """Gives what was chosen; None for Escape. Typing narrows the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "nothing", "Back", tooltip="choose nothing"),
        Binding("enter", "take", "Choose", tooltip="fill in what is at the cursor", priority=True),
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
    ]

    def __init__(self, title: str, offers: Sequence[Offer], chosen: str = "") -> None:
        super().__init__()
        self._title, self._offers, self._chosen = title, offers, chosen
        self._shown: list[Offer] = []

    def compose(self) -> ComposeResult:
        """What to narrow by, and the list."""
        with Vertical(classes="dialog wide"):
            yield Static(Content(plain(self._title)), classes="dialog-title")
            yield Input(placeholder="type to narrow the list", compact=True)
            yield OptionList(id="offers")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Everything, and the cursor on what is filled in."""
        self._show("")
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._show(event.value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """One was clicked."""
        self.dismiss(self._shown[event.option_index])

    def action_take(self) -> None:
        """Take what is at the cursor."""
        index = self.query_one(OptionList).highlighted
        if index is not None:
            self.dismiss(self._shown[index])

    def action_move(self, step: int) -> None:
        """Move the cursor in the list."""
        listed = self.query_one(OptionList)
        (listed.action_cursor_down if step > 0 else listed.action_cursor_up)()

    def action_nothing(self) -> None:
        """Choose nothing."""
        self.dismiss()

    def _show(self, text: str) -> None:
        words = text.lower()
        self._shown = [each for each in self._offers if words in f"{each.text} {each.told}".lower()]
        listed = self.query_one(OptionList)
        listed.set_options(Option(_line(each)) for each in self._shown)
        at = next((index for index, each in enumerate(self._shown) if each.text == self._chosen), 0)
        listed.highlighted = at if self._shown else None


def _line(offer: Offer) -> Content:
    return Content.assemble(
        Content(f"{plain(offer.text)}  "),
        Content.styled(plain(offer.told), "$text-muted"),
    )
