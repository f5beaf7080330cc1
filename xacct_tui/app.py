"""The application: the screens over one desk, how they ask and tell, and the way out."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from threading import Event as Flag
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen

from reconcile.errors import XacctError
from xacct_tui.desk import Desk
from xacct_tui.palette import Actions
from xacct_tui.render.outcomes import settled_words
from xacct_tui.render.plain import plain
from xacct_tui.screens.confirm import ConfirmScreen, Question
from xacct_tui.screens.guarded import Guarded
from xacct_tui.screens.help import HelpScreen
from xacct_tui.screens.plan import PlanScreen
from xacct_tui.widgets.paint import run_words

if TYPE_CHECKING:
    from reconcile import Entry, Outcome
    from reconcile.change import Change
    from xacct_tui.beside import Step
    from xacct_tui.front import SessionOpener
    from xacct_tui.setup.setup import Setup

INTERRUPTED = 130
_TURN = 0.001
"""Seconds that a thread may keep the interpreter: with Python's own five milliseconds, keys wait for all that read."""


class Posted(Message):
    """A step that another thread wants done on this one."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self.step = step


class XacctApp(App[int]):
    """The screens over one session. ``failure`` is what kept it from starting, once it has ended."""

    CSS_PATH = "styles/app.tcss"
    TITLE = "xacct-tui"
    COMMANDS = App.COMMANDS | {Actions}
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012  as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "Help", key_display="?", tooltip="show all keys"),
        Binding(
            "colon,ctrl+p", "command_palette", "Palette", show=False, key_display=":", tooltip="find an action by name"
        ),
        Binding("q", "leave", "Quit", tooltip="quit; while something is written, stop after the current call first"),
        Binding("ctrl+c", "interrupt", "Interrupt", show=False, priority=True, tooltip="quit, with exit code 130"),
    ]

    def __init__(
        self, open_session: SessionOpener, config_name: str, *, read_only: bool = False, set_up: bool = False
    ) -> None:
        super().__init__()
        self._open_session = open_session
        self._sets_up_first = set_up
        self.desk = Desk(open_session, self, read_only=read_only)
        self.config_name = config_name
        self.failure: Exception | None = None
        self._code_after: int | None = None
        self._was_set_up = False
        self._home = PlanScreen(self.desk)

    def get_default_screen(self) -> Screen[None]:
        """The plan from the very first: a screen below it would be laid out for nothing."""
        return super().get_default_screen() if self._sets_up_first else self._home

    def on_mount(self) -> None:
        """The wizard comes first if it is to; else the plan is there already."""
        self.set_class(self.no_color, "-no-color")
        sys.setswitchinterval(_TURN)
        if self._sets_up_first:
            self.show_setup()

    def tell(self, text: str, *, severity: Literal["information", "warning", "error"] = "information") -> None:
        """Tell something for some seconds, whatever is in it."""
        self.notify("\n".join(map(plain, text.split("\n"))), severity=severity, markup=False)

    def go_to(self, change_id: str) -> None:
        """Show a change on the plan screen, whatever is filtered away."""
        self._home.go_to(change_id)

    def ask_to_roll_back(self, entries: Sequence[Entry], chosen: Sequence[Entry]) -> None:
        """Look, ask, and roll back ``entries``: the ``chosen`` ones and what rests on them."""
        others = [entry.change.id for entry in entries if entry not in chosen]
        remark = f"Rolled back first, since they rest on it: {', '.join(others)}." if others else ""

        def ask(changes: Sequence[Change]) -> None:
            self.push_screen(
                ConfirmScreen(Question("roll back", changes, self.desk.board.sides, remark)),
                lambda agreed: self.desk.roll_back(entries, changes) if agreed else None,
            )

        self.desk.reverse(entries, ask)

    def show_history(self) -> None:
        """Show the journal."""
        from xacct_tui.screens.history import HistoryScreen

        self.push_screen(HistoryScreen(self.desk))

    def show_proof(self, deployment: str) -> None:
        """Show the proof of a deployment."""
        from xacct_tui.screens.proof import ProofScreen

        self.push_screen(ProofScreen(self.desk, deployment))

    def show_setup(self) -> None:
        """Show the wizard, on the configuration that there is."""
        from xacct_tui.screens.wizard import OpeningScreen

        self.push_screen(OpeningScreen())

    def open_setup(self) -> Setup:
        """What the wizard works on; whatever has to be started for it is started. Not for the screens' thread."""
        from xacct_tui.setup.setup import Setup

        return Setup(self._open_session.config(), self, self._open_session.access(self.ask_mfa))

    def leave_setup(self) -> None:
        """Back to the plan, with nothing written; without one, leave."""
        if self._home in self.screen_stack:
            self._close_setup()
        else:
            self.exit(0)

    def after_setup(self, path: str, renamed: Mapping[str, str]) -> None:
        """The file was written: show its plan. ``renamed`` are accounts that have other names now."""
        self._open_session.rename(renamed)
        self._was_set_up = True
        self._close_setup()
        self.tell(f"{path} is written")
        if self.screen is self._home:
            self.desk.open()
        else:
            self.push_screen(self._home)  # which reads as soon as it is there

    def _close_setup(self) -> None:
        while len(self.screen_stack) > 1 and self.screen is not self._home:
            self.pop_screen()

    def action_help(self) -> None:
        """Show the keys of the screen that is open."""
        self.push_screen(HelpScreen(self.screen))

    # what the desk asks of the screens

    def post(self, step: Step) -> None:
        """Have a step done on this thread."""
        self.post_message(Posted(step))

    def on_posted(self, message: Posted) -> None:
        """Do what another thread wanted done."""
        message.step()

    def ask_mfa(self, prompt: str) -> str:
        """Ask for a code, on the other thread's behalf."""
        from xacct_tui.screens.prompt import PromptScreen

        answered, answers = Flag(), [""]

        def take(answer: str | None) -> None:
            answers[0] = answer or ""
            answered.set()

        def ask() -> None:
            self.push_screen(PromptScreen(prompt), take)

        self.post(ask)
        answered.wait()
        return answers[0]

    def changed(self) -> None:
        """Have every open screen show what is known now."""
        for screen in self.screen_stack:
            if isinstance(screen, Guarded):
                screen.show()

    def read_on(self) -> None:
        """Have every open screen show how far the reading is."""
        for screen in self.screen_stack:
            if isinstance(screen, Guarded):
                screen.show_progress()

    def moved_on(self) -> None:
        """Have every open screen show what runs beside it; leave, if that was waited for."""
        for screen in self.screen_stack:
            if isinstance(screen, Guarded):
                screen.show_status()
        if self._code_after is not None and not self.desk.busy:
            self.exit(self._code_after)

    def written(self, outcomes: Sequence[Outcome], settled: Sequence[Outcome], *, undoing: bool) -> None:
        """Tell how a run ended, and look again at what it touched."""
        if settled:
            self.tell(f"looked at what was in doubt: {settled_words(settled)}")
        if outcomes:
            well = all(outcome.ok for outcome in outcomes)
            self.tell(run_words(outcomes, undoing=undoing), severity="information" if well else "error")
        if self._code_after is None:
            self.desk.read_touched([*settled, *outcomes])

    def failed(self, error: Exception) -> None:
        """Tell an expected failure; where nothing was shown before, end with it. A defect is raised.

        Whoever came from the wizard can go back to it, and correct what is wrong.
        """
        if not isinstance(error, XacctError):
            raise error
        if self.desk.board.is_whole or self._was_set_up:
            self.tell(str(error), severity="error")
            return
        self.failure = error
        self.exit(1)

    # the way out

    def action_leave(self) -> None:
        """Leave, unless something is being written."""
        self._leave(0)

    async def action_quit(self) -> None:
        """Leave: what Textual's own key and palette entry ask for."""
        self._leave(0)

    def action_interrupt(self) -> None:
        """Leave as Ctrl-C does everywhere."""
        self._leave(INTERRUPTED)

    def _leave(self, code: int) -> None:
        if not self.desk.writing:
            self.exit(code)
        elif self._code_after is None:
            self._code_after = code
            self.desk.stop()
            self.tell("stopping after the current call, then quitting; once more quits at once", severity="warning")
        else:
            self.exit(code)  # the journal holds what was begun: the next start settles it
