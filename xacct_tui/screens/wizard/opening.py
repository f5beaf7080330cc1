"""What is seen while the file and the profiles are looked up, and embedded accounts are started."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from reconcile.errors import XacctError
from xacct_tui.beside import Beside
from xacct_tui.screens.guarded import Guarded
from xacct_tui.widgets.footer import Footer


class OpeningScreen(Guarded[None]):
    """Gives way to the first step."""

    def compose(self) -> ComposeResult:
        """One line."""
        yield Static(Content(" … opening"))
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Paint first; what is slow to load is loaded after that."""
        self.call_after_refresh(self._open)

    def _open(self) -> None:
        app = self.app
        Beside(app.post, lambda: None, lambda: None).run("opening", "opening", app.open_setup, self._opened)

    def _opened(self, answer: object) -> None:
        from xacct_tui.screens.wizard.accounts import AccountsScreen
        from xacct_tui.setup.setup import Setup

        if isinstance(answer, Setup):
            self.app.switch_screen(AccountsScreen(answer))
        elif isinstance(answer, XacctError):
            self.dismiss()
            self.app.failed(answer)
