"""What was applied and rolled back, run by run, newest first; rolling back from there; settling what is in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from reconcile.journal.entry import Entry
from xacct_tui.desk import Desk
from xacct_tui.render.history import remarks
from xacct_tui.render.plain import plain
from xacct_tui.render.words import difference_lines
from xacct_tui.screens.confirm import ConfirmScreen, Question
from xacct_tui.screens.guarded import Guarded
from xacct_tui.selection import with_resting
from xacct_tui.widgets.accounts import AccountBar
from xacct_tui.widgets.entries import EntryList
from xacct_tui.widgets.footer import Footer
from xacct_tui.widgets.hanging import Hanging, Paragraph, labelled, whole
from xacct_tui.widgets.status import StatusLine

_ASKED = {True: "Was this made?", False: "Was this not made?"}
_ONLY_JOURNAL = "Yes only writes that into the journal; AWS is neither asked nor changed."


class HistoryScreen(Guarded[None]):
    """The journal as a list of runs, with a pane for one entry."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "roll_back", "Roll back", tooltip="roll this change back"),
        Binding("Z", "roll_back_run", "Whole run", tooltip="roll back the whole run, newest change first"),
        Binding("s", "settle", "Settle", tooltip="look at AWS to settle what is in doubt; stop what is being written"),
        Binding("d", "decide(True)", "Made", tooltip="record what is in doubt as made"),
        Binding("u", "decide(False)", "Not made", tooltip="record what is in doubt as not made"),
        Binding("escape,h", "back", "Plan", key_display="esc", tooltip="back to the plan"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def compose(self) -> ComposeResult:
        """The list and the pane."""
        yield StatusLine()
        yield AccountBar()
        with Container(id="body"):
            yield EntryList(id="changes")
            with VerticalScroll(id="detail"):
                yield Static(id="entry", markup=False)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show what there is."""
        self.show()
        self.query_one(EntryList).focus()

    def show(self) -> None:
        """Show the journal as it is now."""
        self.query_one(AccountBar).show(self._desk.board)
        self.query_one(EntryList).show(self._desk.entries)
        self._show_entry()
        self.show_status()

    def show_status(self) -> None:
        """Show what runs beside the screens now."""
        self.query_one(StatusLine).show(self.app.config_name, self._desk)
        self.show_keys()

    def show_progress(self) -> None:
        """Show how far the reading is."""
        self.query_one(StatusLine).show(self.app.config_name, self._desk)

    @property
    def chosen(self) -> Entry | None:
        """The entry at the cursor."""
        row = self.query_one(EntryList).row
        return row if isinstance(row, Entry) else None

    def why_not(self, action: str) -> str:
        """Why an action makes no sense for the entry at the cursor, or at this moment."""
        name = action.partition("(")[0]
        if name == "back":
            return ""
        if name == "settle" and self._desk.can_stop:
            return ""
        if self._desk.busy:
            return f"wait: {self._desk.busy}"
        if self._desk.read_only:
            return "this run is read-only"
        return self._why_not_here(name)

    def _why_not_here(self, name: str) -> str:
        entry = self.chosen
        if name == "settle":
            return "" if self._desk.doubts else "nothing is in doubt"
        if entry is None:
            return "there is no entry at the cursor"
        if name == "decide":
            return "" if entry.unsettled else f"it is not in doubt: it is {entry.state}"
        if name == "roll_back":
            return "" if self._standing([entry]) else _why_not_undone(entry)
        return "" if self._standing(self._run_of(entry)) else "nothing of this run is left to roll back"

    def on_rows_chosen(self) -> None:
        """Another entry is at the cursor."""
        self._show_entry()
        self.show_keys()

    def on_rows_opened(self) -> None:
        """Enter: go to the details, to scroll them."""
        self.query_one("#detail").focus()

    def action_roll_back(self) -> None:
        """Roll back one change."""
        if self.chosen:
            self._ask_to_roll_back([self.chosen])

    def action_roll_back_run(self) -> None:
        """Roll back a run."""
        if self.chosen:
            self._ask_to_roll_back(self._run_of(self.chosen))

    def action_settle(self) -> None:
        """Look at AWS; while something is written, stop after the current call, as on the plan screen."""
        if self._desk.can_stop:
            self._desk.stop()
        else:
            self._desk.settle()

    def action_decide(self, made: bool) -> None:
        """Record what the user knows."""
        entry = self.chosen
        if entry is None:
            return
        question = Question("", [entry.change], self._desk.board.sides, _ONLY_JOURNAL, _ASKED[made], writes=False)
        self.app.push_screen(
            ConfirmScreen(question), lambda agreed: self._desk.decide(entry, made=made) if agreed else None
        )

    def action_back(self) -> None:
        """Back to the plan."""
        self.dismiss()

    def _ask_to_roll_back(self, chosen: Sequence[Entry]) -> None:
        standing = self._standing(chosen)
        self.app.ask_to_roll_back(with_resting(self._desk.entries, standing), standing)

    def _standing(self, entries: Sequence[Entry]) -> list[Entry]:
        ids = {entry.id for entry in self._desk.standing}
        return [entry for entry in entries if entry.id in ids]

    def _run_of(self, entry: Entry) -> list[Entry]:
        return [other for other in self._desk.entries if other.run == entry.run]

    def _show_entry(self) -> None:
        text = Hanging(_told(self.chosen)) if self.chosen else Content("Nothing was applied yet.")
        self.query_one("#entry", Static).update(text)


def _told(entry: Entry) -> Iterator[Paragraph]:
    change = entry.change
    yield whole(Content.styled(plain(change.id), "bold"))
    yield whole(Content(plain(change.title)))
    rows = {
        "entry": f"{entry.id} of run {entry.run}",
        "began": entry.began,
        "ended": entry.ended or "not recorded",
        "state": entry.state,
        "by": entry.caller,
        "at": f"{change.location} in {change.address.account} ({change.account_id})",
        "remark": "; ".join(remarks(entry)),
    }
    yield from (labelled(name, plain(text)) for name, text in rows.items() if text)
    yield from (labelled(*line) for line in difference_lines(change.before, change.after, plain(change.part.name)))


def _why_not_undone(entry: Entry) -> str:
    if entry.undone:
        return "it is rolled back already"
    if entry.undoes is not None:
        return "it is a roll-back itself: apply the change again from the plan"
    return f"it is {entry.state}: there is nothing to undo"
