"""The raw JSON behind a change."""

from __future__ import annotations

import json
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from xacct_tui.render.plain import plain
from xacct_tui.screens.guarded import Dialog
from xacct_tui.widgets.footer import Footer


class DocumentScreen(Dialog[None]):
    """A text to scroll through, select from and copy."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,v", "dismiss", "Back", key_display="esc"),
        Binding("c", "copy", "Copy all", tooltip="copy the whole text to the clipboard"),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = "\n".join(plain(line) for line in text.split("\n"))

    def compose(self) -> ComposeResult:
        """Title and text."""
        with Vertical(classes="dialog wide"):
            yield Static(Content(plain(self._title)), classes="dialog-title")
            yield TextArea(self._text, read_only=True, show_line_numbers=False, id="document")
        yield Footer(show_command_palette=False, compact=True)

    def action_copy(self) -> None:
        """Copy everything."""
        self.app.copy_to_clipboard(self._text)
        self.app.tell("copied")


def json_text(value: object) -> str:
    """A value as indented JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
