"""The keys of a screen, on its last line."""

from __future__ import annotations

from textual import widgets


class Footer(widgets.Footer):
    """Textual's own, which is made anew only where other keys are shown than before: that takes a while."""

    _shown: object = None

    async def recompose(self) -> None:
        """Show the keys, if they are others."""
        if self.is_attached:
            bindings = self.screen.active_bindings.values()
            shown = [(each.binding, each.enabled, each.tooltip) for each in bindings if each.binding.show]
            if shown != self._shown:
                self._shown = shown
                await super().recompose()
