"""The home screen: every change that is to be decided on, and all that is to be known of the one at the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Input, Static

from reconcile.change import Action, Change
from xacct_tui.desk import Desk
from xacct_tui.render.details import breaking
from xacct_tui.render.plain import plain
from xacct_tui.screens.confirm import ConfirmScreen, Question
from xacct_tui.screens.filtered import FILTERS, FilteredScreen
from xacct_tui.selection import with_needs, with_resting
from xacct_tui.widgets.accounts import AccountBar
from xacct_tui.widgets.changes import ChangeList
from xacct_tui.widgets.detail import Detail
from xacct_tui.widgets.footer import Footer
from xacct_tui.widgets.status import StatusLine

_WRITING = frozenset({"apply", "apply_marked", "roll_back"})


class PlanScreen(FilteredScreen):
    """The plan as a list, with a pane for the details of one change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "apply", "Apply", tooltip="apply this change"),
        Binding("space", "mark", "Mark", tooltip="mark this change, or take its mark away"),
        Binding("A", "apply_marked", "Apply marked", tooltip="apply the marked changes"),
        Binding("z", "roll_back", "Roll back", tooltip="roll this change back"),
        *FILTERS,
        Binding("r", "read_one", "Re-read", show=False, tooltip="read this change's documents again"),
        Binding("R", "read_all", "Re-read all", show=False, tooltip="read everything again"),
        Binding("c", "copy", "Copy", show=False, tooltip="copy this change as commands of the AWS CLI"),
        Binding("v", "document", "Raw", show=False, tooltip="show the raw JSON of this change"),
        Binding("s", "stop", "Stop", show=False, tooltip="stop after the current call"),
        Binding("P", "proof", "Proof", tooltip="prove that this deployment works, hop by hop"),
        Binding("h", "history", "History", show=False, tooltip="show what was applied and rolled back"),
        Binding("w", "set_up", "Set up", show=False, tooltip="edit the configuration with the wizard"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.board)
        self._desk = desk

    def compose(self) -> ComposeResult:
        """Status and accounts on top, the list and the details, the summary and the keys below."""
        yield StatusLine()
        yield AccountBar()
        with Container(id="body"):
            yield ChangeList(self._board, id="changes")
            yield Detail(id="detail")
        yield Input(placeholder="filter by text: Enter keeps it, Escape drops it", id="filter", compact=True)
        yield Static(id="summary", markup=False)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """The cursor starts in the list; what is slow to load waits until that is painted, and the keys below it."""
        self.query_one("#filter").display = False
        self.query_one(ChangeList).focus()
        self.show()
        self.call_after_refresh(self.call_after_refresh, self._desk.open)

    def show(self) -> None:
        """Show the board as it is now."""
        self.query_one(AccountBar).show(self._board)
        self.query_one(ChangeList).show()
        self.show_status()

    def show_status(self) -> None:
        """Show what the program is doing at the moment, and to which changes; the rows are the same."""
        self.query_one(StatusLine).show(self.app.config_name, self._desk)
        words = [
            f"{len(self._board.marked)} marked" if self._board.marked else "",
            plain(str(self._board.filter)),
            self._board.summary,
        ]
        self.query_one("#summary", Static).update(Content("  ".join(filter(None, words))), layout=False)
        self.query_one(ChangeList).refresh()
        self._show_detail()
        self.show_keys()

    def show_progress(self) -> None:
        """Show how far the reading is; no row is another one for that."""
        self.query_one(StatusLine).show(self.app.config_name, self._desk)

    def why_not(self, action: str) -> str:
        """Why an action makes no sense for the change at the cursor, or at this moment."""
        name = action.partition("(")[0]
        if name == "stop":
            return "" if self._desk.writing else "nothing is being written"
        if name in {"read_one", "read_all", "set_up", "copy", *_WRITING} and self._desk.busy:
            return f"wait: {self._desk.busy}"
        if name in _WRITING and self._desk.read_only:
            return "this run is read-only"
        if name == "proof":
            return "" if self._deployment else "nothing is planned yet"
        if name == "apply_marked":
            return "" if self._board.marked else "nothing is marked: space marks a change"
        return self._why_not_here(name)

    def _why_not_here(self, name: str) -> str:
        if name not in {"apply", "mark", "copy", "roll_back", "document", "read_one"}:
            return ""
        change = self.chosen
        if change is None:
            return "there is no change at the cursor"
        if name == "roll_back":
            return "" if change.id in self._desk.latest else "the journal holds nothing of it that could be rolled back"
        return _why_not_applied(change) if name in {"apply", "mark", "copy"} else ""

    def on_rows_chosen(self) -> None:
        """Another change is at the cursor."""
        self._show_detail()
        self.show_keys()

    def on_rows_opened(self) -> None:
        """Enter: go to the details, to scroll them."""
        self.query_one(Detail).focus()

    def action_apply(self) -> None:
        """Apply the change at the cursor."""
        if self.chosen:
            self._ask_to_apply([self.chosen.id])

    def action_apply_marked(self) -> None:
        """Apply what is marked."""
        self._ask_to_apply(sorted(self._board.marked))

    def action_mark(self) -> None:
        """Mark, and go on to the next."""
        if self.chosen:
            self._board.toggle(self.chosen.id)
            self.query_one(ChangeList).action_move(1)
            self.show_status()

    def action_roll_back(self) -> None:
        """Roll back the change at the cursor, with what rests on it."""
        if not self.chosen:
            return
        own = self._desk.latest[self.chosen.id]
        self.app.ask_to_roll_back(with_resting(self._desk.entries, [own]), [own])

    def action_read_one(self) -> None:
        """Read the documents of the change at the cursor again."""
        if self.chosen:
            self._desk.read([self.chosen.id])

    def action_read_all(self) -> None:
        """Read everything again."""
        self._desk.read()

    def action_document(self) -> None:
        """Show the raw values of the change at the cursor."""
        from xacct_tui.screens.document import DocumentScreen, json_text  # it takes long to load

        if self.chosen:
            change = self.chosen
            value = {"address": change.location, "before": change.before, "after": change.after}
            self.app.push_screen(DocumentScreen(f"{change.id}: {change.location}", json_text(value)))

    def action_copy(self) -> None:
        """Copy the change at the cursor as commands, and show them."""
        from xacct_tui.screens.document import DocumentScreen

        change = self.chosen
        if change is None:
            return
        told = "the commands are copied; a terminal that takes no copies shows them here"

        def show(text: str) -> None:
            self.app.copy_to_clipboard(text)
            self.app.push_screen(DocumentScreen(f"{change.id} as commands", text))
            self.app.tell(told)

        self._desk.draft(change, show)

    def action_stop(self) -> None:
        """Stop after the current call."""
        self._desk.stop()

    def action_history(self) -> None:
        """Show the journal."""
        self.app.show_history()

    def action_proof(self) -> None:
        """Show the proof of the deployment at the cursor."""
        if self._deployment:
            self.app.show_proof(self._deployment)

    def action_set_up(self) -> None:
        """Edit the configuration."""
        self.app.show_setup()

    @property
    def _deployment(self) -> str:
        """That of the change at the cursor; where nothing is left to do there is none, and it is the first."""
        changes = [self.chosen] if self.chosen else self._board.plan.changes[:1] if self._board.plan else ()
        return next((change.deployment for change in changes if change), "")

    def _ask_to_apply(self, ids: Sequence[str]) -> None:
        plan = self._board.plan
        if plan is None:
            return
        self._desk.weigh(with_needs(plan, ids), lambda: self._ask(ids))

    def _ask(self, ids: Sequence[str]) -> None:
        changes = with_needs(self._board.plan, ids) if self._board.plan else ()
        if not self.is_current:  # whoever looks at something else by now is not asked there
            return
        if not changes:
            first = self._board.get(ids[0])
            self.app.tell(f"{ids[0]}: {_why_not_applied(first) if first else 'it is no change of the plan any more'}")
            return
        needed = [change.id for change in changes if change.id not in ids]
        remarks = [f"{', '.join(needed)} {'is' if len(needed) == 1 else 'are'} needed first."] if needed else []
        remarks += breaking(changes, self._board.proven)
        question = Question("apply", changes, self._board.sides, " ".join(remarks), proven=self._board.proven)
        self.app.push_screen(ConfirmScreen(question), lambda agreed: self._desk.apply(changes) if agreed else None)

    def _show_detail(self) -> None:
        self.query_one(Detail).show(self.chosen, self._board)


def _why_not_applied(change: Change) -> str:
    if change.action is Action.NONE:
        return "it is in sync"
    if not change.managed:
        return "others own it (report_only): this tool never writes it"
    return "" if change.pending else f"it is {change.action}: {change.reason}"
