"""The last step: the file that will be written, what it changes of the old one, and the plan that would follow."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from reconcile.change import Plan
from reconcile.errors import XacctError
from xacct_tui.render.details import summary_line
from xacct_tui.render.plain import plain
from xacct_tui.render.text import plan_text
from xacct_tui.screens.confirm import ConfirmScreen, Question
from xacct_tui.screens.wizard.step import Step, StepLine
from xacct_tui.setup.setup import PLANNING, Setup
from xacct_tui.widgets.footer import Footer
from xacct_tui.widgets.paint import lines, painted

_MARKS = {"+": "+", "-": "-", "@": "="}


class Overwriting(Question):
    """Asks before a file is written over."""

    @property
    def title(self) -> str:
        """What is asked."""
        return "Write over the file that is there?"


class ReviewScreen(Step):
    """Two panes to scroll; the plan is read while the file is looked at."""

    NUMBER = 4
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "write", "Write", key_display="^s", tooltip="write the file, and open its plan"),
        Binding("ctrl+r", "plan", "Plan again", key_display="^r", tooltip="read both accounts again"),
        Binding("ctrl+t", "whole", "Whole file", key_display="^t", tooltip="the whole file, or what changes of it"),
        Binding("tab", "app.focus_next", "Other pane", show=False, tooltip="to the other pane, to scroll it"),
    ]

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._text, self._problem = "", ""
        self._plan: Plan | XacctError | None = None
        self._whole = self.drafting.existing is None

    def compose(self) -> ComposeResult:
        """The file and the plan."""
        yield StepLine()
        with Container(id="body"):
            with VerticalScroll(id="changes"):
                yield Static(id="file", markup=False)
            with VerticalScroll(id="detail"):
                yield Static(id="plan", markup=False)
        yield Static(id="summary", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Make the text, and plan."""
        self._write_down()
        self.query_one("#changes").focus()

    def on_resize(self) -> None:
        """The plan is laid out by its pane's width."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show the file, and as much of the plan as there is."""
        if not self.is_current or not self.query("#plan"):
            return
        self.query_one("#file", Static).update(lines(self._file()))
        self.query_one("#plan", Static).update(self._planned())
        self.query_one("#summary", Static).update(self._summary())
        self.show_status()

    def why_not(self, action: str) -> str:
        """What is not sound is not written; what is there already need not be."""
        if action in {"write", "plan"} and self._problem:
            return self._problem
        if action == "write":
            return "this is what the file says already" if self._text == self.drafting.existing else ""
        if action == "plan":
            return "wait: it is being made" if PLANNING in self.setup.beside.doing else ""
        if action == "whole":
            return "" if self.drafting.existing is not None else "there is no file yet: this is all of it"
        return "this is the last step: ^s writes the file" if action == "next" else ""

    def action_write(self) -> None:
        """Write; ask before a file is written over."""
        if self.drafting.existing is None:
            self._write()
            return
        remark = f"{self.drafting.path}: what differs is shown beside + and -; comments and order stay."
        question = Overwriting("write", (), {}, remark)
        self.app.push_screen(ConfirmScreen(question), lambda agreed: self._write() if agreed else None)

    def action_plan(self) -> None:
        """Read both accounts again."""
        self._plan = None
        self.setup.plan(self._text, self._take)

    def action_whole(self) -> None:
        """Show the whole file, or what changes of it."""
        self._whole = not self._whole
        self.show()

    def action_back(self) -> None:
        """Back; the plan is not wanted any more."""
        self.setup.beside.drop(PLANNING)
        super().action_back()

    def _write_down(self) -> None:
        try:
            self._text, self._problem = self.drafting.text(), ""
        except XacctError as error:
            self._text, self._problem = "", str(error)
        else:
            self.action_plan()
        self.show()

    def _write(self) -> None:
        try:
            self.setup.write(self._text)
        except (XacctError, OSError) as error:
            self.app.tell(str(error), severity="error")
            self._write_down()
        else:
            self.app.after_setup(self.drafting.path)

    def _take(self, answer: Plan | XacctError) -> None:
        self._plan = answer
        self.show()

    def _file(self) -> Iterator[Content]:
        if self._problem:
            yield painted("!", f"! {plain(self._problem)}")
        elif self._whole:
            yield from (Content(plain(line)) for line in self._text.splitlines())
        else:
            yield from self._differences()

    def _differences(self) -> Iterator[Content]:
        old, new = (self.drafting.existing or "").splitlines(), self._text.splitlines()
        found = list(difflib.unified_diff(old, new, lineterm="", n=2))[2:]
        if not found:
            yield Content("Nothing changes in the file.")
        for line in found:
            yield painted(_MARKS.get(line[:1], ""), plain(line))

    def _planned(self) -> Content:
        if isinstance(self._plan, Plan):
            width = max(self.query_one("#detail").content_size.width - 1, 40)
            text = plan_text(self._plan, colour=not self.app.no_color, width=width)
            summary = Content.styled(summary_line(self._plan), "bold")
            return lines([summary, Content(""), Content.from_rich_text(Text.from_ansi(text))])
        if self._plan is not None:
            return painted("!", f"! no plan: {plain(str(self._plan))}")
        return Content("" if self._problem else "The plan that would follow is being made …")

    def _summary(self) -> Content:
        if self._problem:
            return painted("!", "! the file cannot be written like that: esc goes back")
        verb = "written new" if self.drafting.existing is None else "written over, comments kept"
        return Content(f"nothing is written yet; ^s: {plain(self.drafting.path)} is {verb}")
