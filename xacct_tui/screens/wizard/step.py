"""What the wizard's steps share: where one is, going on and back, and leaving without anything written."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from xacct_tui.render.plain import plain
from xacct_tui.screens.confirm import ConfirmScreen, Question
from xacct_tui.screens.guarded import Guarded
from xacct_tui.widgets.paint import lines, painted
from xacct_tui.widgets.told import Told

if TYPE_CHECKING:
    from xacct_tui.setup.setup import Setup

STEPS = ("Accounts", "Start", "Details", "Review")


class Leaving(Question):
    """Asks before what was filled in is lost."""

    @property
    def title(self) -> str:
        """What is asked."""
        return "Leave without writing the file?"


class StepLine(Told):
    """Which file, which step, and what runs beside it."""

    def show(self, name: str, number: int, doing: str) -> None:
        """Show where one is."""
        steps = [
            Content.styled(f" {index} {step} ", "bold reverse" if index == number else "$text-muted")
            for index, step in enumerate(STEPS, 1)
        ]
        first = Content.assemble(
            Content.styled(" xacct-tui ", "bold reverse"),
            Content(f" set up {plain(name)}  "),
            painted("…", f"… {plain(doing)}") if doing else Content(""),
        )
        self.tell(lines([first, Content(">").join(steps)]))


class Step(Guarded[None]):
    """A step; ``NUMBER`` counts from 1. Going back and forth loses nothing; nothing is written before the last."""

    NUMBER: ClassVar[int]
    AUTO_FOCUS = "FieldInput"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "next", "Next", key_display="^n", tooltip="go on to the next step"),
        Binding("escape,ctrl+b", "back", "Back", key_display="esc", tooltip="go back a step; nothing is lost"),
        Binding("f1", "app.help", "Help", tooltip="show all keys, also from within a field"),
        Binding("question_mark", "app.help", "Help", show=False),
        Binding("q", "leave", "Quit", tooltip="leave, with nothing written"),
    ]

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self.setup = setup
        self.drafting = setup.drafting

    def on_screen_resume(self) -> None:
        """What has come in meanwhile is shown now."""
        self.show()

    def show_status(self) -> None:
        """Show where one is, and what runs beside."""
        if line := self.query(StepLine):
            doing = ", ".join(self.setup.beside.doing.values())
            line.first(StepLine).show(self.app.config_name, self.NUMBER, doing)
            self.show_keys()

    def action_next(self) -> None:
        """Go on."""

    def action_back(self) -> None:
        """Go back a step, and leave from the first."""
        if self.NUMBER == 1:
            self.action_leave()
        else:
            self.dismiss()

    def action_leave(self) -> None:
        """Leave; ask where something would be lost."""
        if not self.setup.is_touched:
            self.app.leave_setup()
            return
        question = Leaving("leave", (), {}, "What was filled in is lost.")
        self.app.push_screen(ConfirmScreen(question), lambda agreed: self.app.leave_setup() if agreed else None)
