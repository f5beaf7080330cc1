"""Screens whose keys say why they do nothing at the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from textual.events import Key
from textual.screen import ModalScreen, Screen

if TYPE_CHECKING:
    from xacct_tui.app import XacctApp

Answer = TypeVar("Answer")


class Guarded(Screen[Answer], Generic[Answer]):
    """A screen that greys what cannot be done and says why when it is asked for all the same.

    Keys, mouse and command palette go through the same guard: an action that has a reason against it never runs.
    """

    app: XacctApp
    _grey: frozenset[str] | None = None

    def show(self) -> None:
        """Show what is known now; for screens that show something that changes."""

    def show_status(self) -> None:
        """Show what runs beside the screens now."""
        self.show_keys()

    def show_progress(self) -> None:
        """Show how far the reading is."""

    def show_keys(self) -> None:
        """Grey the keys anew, if other ones are to be grey than are: the footer is slow to paint."""
        grey = frozenset(
            binding.action
            for bindings in self._bindings.key_to_bindings.values()
            for binding in bindings
            if self.why_not(binding.action)
        )
        if grey != self._grey:
            self._grey = grey
            self.refresh_bindings()

    def why_not(self, action: str) -> str:
        """The reason why an action cannot be done now; empty if it can."""
        del action
        return ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey what cannot be done."""
        del parameters
        return None if self.why_not(action) else True

    def on_key(self, event: Key) -> None:
        """Tell why a greyed key does nothing, and keep it from whoever else listens to it."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if reason := self.why_not(binding.action):
                self.app.tell(f"{binding.description}: {reason}", severity="warning")
                event.stop()
                event.prevent_default()


class Dialog(Guarded[Answer], ModalScreen[Answer], Generic[Answer]):
    """A guarded screen on top of another one."""
