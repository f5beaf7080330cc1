"""The first line: what runs on which file, whether it may write, and what it is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from xacct_tui.render.plain import plain
from xacct_tui.widgets.paint import painted

if TYPE_CHECKING:
    from xacct_tui.desk import Desk


class StatusLine(Static):
    """Never longer than a line."""

    def __init__(self) -> None:
        super().__init__(markup=False)

    def show(self, config_name: str, desk: Desk) -> None:
        """Show where the program stands."""
        self.update(
            Content.assemble(
                Content.styled(" xacct-tui ", "bold reverse"),
                Content(f" {plain(config_name)}  "),
                painted("=", "[read-only]  ") if desk.read_only else painted("~", "[may write]  "),
                painted("!", f"{desk.doubts} in doubt: h asks  ") if desk.doubts else Content(""),
                painted("…", f"… {plain(desk.busy)}") if desk.busy else Content(""),
                Content("  s stops" if desk.can_stop else ""),
            ),
            layout=False,  # it stays a line: nothing else has to be laid out and painted again
        )
