"""Asking for one line: the code of an MFA device."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from xacct_tui.render.plain import plain
from xacct_tui.screens.guarded import Dialog
from xacct_tui.widgets.footer import Footer


class PromptScreen(Dialog[str]):
    """Gives what was typed; nothing for Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "nothing", "Give none")]

    def __init__(self, prompt: str) -> None:
        super().__init__()
        self._prompt = prompt

    def compose(self) -> ComposeResult:
        """The prompt and a line."""
        with Vertical(classes="dialog"):
            yield Static(Content(plain(self._prompt)), classes="dialog-title")
            yield Input(password=True)
        yield Footer(show_command_palette=False, compact=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """It was typed."""
        self.dismiss(event.value)

    def action_nothing(self) -> None:
        """Go without."""
        self.dismiss("")
