"""The last line: the keys of the screen, grey where they do nothing at the moment."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen
from textual.widgets import Footer


class Keys(Footer):
    """Made anew only where it would look different: Textual tells of new keys whenever the cursor changes fields."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)
        self._told: list[object] | None = None

    def bindings_changed(self, screen: Screen[Any]) -> None:
        """Show the keys that there are now."""
        told: list[object] = [
            (key, active.binding.description, active.enabled)
            for key, active in screen.active_bindings.items()
            if active.binding.show
        ]
        if told != self._told and screen is self.screen:
            self._told = told
            super().bindings_changed(screen)
