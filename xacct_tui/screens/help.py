"""What every key does here, and why some do nothing at the moment: made from the bindings themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from xacct_tui.render.plain import plain
from xacct_tui.screens.guarded import Dialog, Guarded
from xacct_tui.widgets.footer import Footer
from xacct_tui.widgets.paint import lines

_KEY = 12


class HelpScreen(Dialog[None]):
    """The keys of the screen below."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark", "dismiss", "Back", key_display="esc")]

    def __init__(self, of: Screen[object]) -> None:
        super().__init__()
        self._of = of

    def compose(self) -> ComposeResult:
        """One line for each key."""
        with Vertical(classes="dialog wide"):
            yield Static("Keys", classes="dialog-title")
            with VerticalScroll():
                yield Static(lines(_told(self._of)))
        yield Footer(show_command_palette=False, compact=True)


def _told(screen: Screen[object]) -> Iterator[Content]:
    keys: dict[str, list[str]] = {}
    bindings: dict[str, Binding] = {}
    own = {active.binding.action for active in screen.active_bindings.values() if active.node is screen}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.description and not binding.system:
            bindings.setdefault(binding.action, binding)
            keys.setdefault(binding.action, []).append(screen.app.get_key_display(binding))
    # the program's own first, and of these the screen's
    order = sorted(bindings.items(), key=lambda item: (not item[1].tooltip, item[0] not in own))
    for action, binding in order:
        reason = screen.why_not(action) if isinstance(screen, Guarded) else ""
        yield Content.assemble(
            Content.styled(" ".join(dict.fromkeys(keys[action])).ljust(_KEY), "bold"),
            Content(binding.tooltip or binding.description),
            Content.styled(f"  (not now: {plain(reason)})" if reason else "", "$text-muted"),
        )
