"""What was applied and rolled back, run by run, newest first; rolling back from there; settling what is in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from reconcile.journal.entry import Entry
from xacct_tui.desk import Desk
from xacct_tui.render.history import remarks
from xacct_tui.render.plain import plain
from xacct_tui.render.words import difference_lines
from xacct_tui.screens.confirm import ConfirmScreen, Question
from xacct_tui.screens.guarded import Guarded
from xacct_tui.selection import with_resting
from xacct_tui.widgets.accounts import AccountBar
from xacct_tui.widgets.footer import Footer
from xacct_tui.widgets.paint import lines, painted
from xacct_tui.widgets.rows import Rows
from xacct_tui.widgets.status import StatusLine

_MARKS = {"done": "✓", "failed": "!", "begun": "?", "in-doubt": "?"}


class HistoryScreen(Guarded[None]):
    """The journal as a list of runs, with a pane for one entry."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "roll_back", "Roll back", tooltip="roll this change back"),
        Binding("Z", "roll_back_run", "Whole run", tooltip="roll back the whole run, newest change first"),
        Binding("s", "settle", "Settle", tooltip="look at AWS to settle what is in doubt"),
        Binding("d", "decide(True)", "Made", tooltip="record what is in doubt as made"),
        Binding("u", "decide(False)", "Not made", tooltip="record what is in doubt as not made"),
        Binding("escape,h", "back", "Plan", key_display="esc", tooltip="back to the plan"),
        Binding("j", "down", "Down", show=False),
        Binding("k", "up", "Up", show=False),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def compose(self) -> ComposeResult:
        """The list and the pane."""
        yield StatusLine()
        yield AccountBar()
        with Container(id="body"):
            yield Rows(id="changes")
            with VerticalScroll(id="detail"):
                yield Static(id="entry", markup=False)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show what there is."""
        self.show()
        self.query_one(OptionList).focus()

    def show(self) -> None:
        """Show the journal as it is now."""
        self.query_one(AccountBar).show(self._desk.board)
        listed = self.query_one(OptionList)
        chosen = listed.highlighted_option.id if listed.highlighted_option else None
        listed.set_options(_options(self._desk.entries))
        ids = [option.id for option in listed.options]
        listed.highlighted = ids.index(chosen) if chosen in ids else (1 if len(ids) > 1 else None)
        self._show_entry()
        self.show_status()

    def show_status(self) -> None:
        """Show what runs beside the screens now."""
        self.query_one(StatusLine).show(self.app.config_name, self._desk)
        self.show_keys()

    @property
    def chosen(self) -> Entry | None:
        """The entry at the cursor."""
        option = self.query_one(OptionList).highlighted_option
        return next((entry for entry in self._desk.entries if option and str(entry.id) == option.id), None)

    def why_not(self, action: str) -> str:
        """Why an action makes no sense for the entry at the cursor, or at this moment."""
        name = action.partition("(")[0]
        if name in {"back", "up", "down"}:
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

    def on_option_list_option_highlighted(self, _: OptionList.OptionHighlighted) -> None:
        """Another entry is at the cursor."""
        self._show_entry()
        self.show_keys()

    def action_roll_back(self) -> None:
        """Roll back one change."""
        if self.chosen:
            self._ask_to_roll_back([self.chosen])

    def action_roll_back_run(self) -> None:
        """Roll back a run."""
        if self.chosen:
            self._ask_to_roll_back(self._run_of(self.chosen))

    def action_settle(self) -> None:
        """Look at AWS."""
        self._desk.settle()

    def action_decide(self, made: bool) -> None:
        """Record what the user knows."""
        entry = self.chosen
        if entry is None:
            return
        word = "made" if made else "not made"
        question = Question(f"record as {word}", [entry.change], self._desk.board.sides, writes=False)
        self.app.push_screen(
            ConfirmScreen(question), lambda agreed: self._desk.decide(entry, made=made) if agreed else None
        )

    def action_back(self) -> None:
        """Back to the plan."""
        self.dismiss()

    def action_down(self) -> None:
        """Down."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Up."""
        self.query_one(OptionList).action_cursor_up()

    def _ask_to_roll_back(self, chosen: Sequence[Entry]) -> None:
        standing = self._standing(chosen)
        self.app.ask_to_roll_back(with_resting(self._desk.entries, standing), standing)

    def _standing(self, entries: Sequence[Entry]) -> list[Entry]:
        ids = {entry.id for entry in self._desk.standing}
        return [entry for entry in entries if entry.id in ids]

    def _run_of(self, entry: Entry) -> list[Entry]:
        return [other for other in self._desk.entries if other.run == entry.run]

    def _show_entry(self) -> None:
        text = lines(_told(self.chosen)) if self.chosen else Content("Nothing was applied yet.")
        self.query_one("#entry", Static).update(text)


def _options(entries: Sequence[Entry]) -> Iterator[Option]:
    for run, members in groupby(reversed(entries), key=lambda entry: entry.run):
        listed = list(members)
        heading = f"{listed[-1].began}  {listed[0].caller}"
        yield Option(Content.styled(plain(heading), "bold $text-primary"), id=f"run {run}", disabled=True)
        for entry in listed:
            yield Option(_line(entry), id=str(entry.id))


def _line(entry: Entry) -> Content:
    mark = _MARKS[entry.state]
    word = "rolled back" if entry.undone else "in doubt" if entry.unsettled else entry.state
    verb = "undo " if entry.undoes is not None else ""
    return Content.assemble(
        painted("=" if entry.undone else mark, f" {mark} {word.ljust(11)} "),
        Content(f"{verb}{plain(entry.change.id)}  "),
        Content.styled(plain(entry.change.address.account), "$text-muted"),
    )


def _told(entry: Entry) -> Iterator[Content]:
    change = entry.change
    yield Content.styled(plain(change.id), "bold")
    yield Content(plain(change.title))
    rows = {
        "entry": f"{entry.id} of run {entry.run}",
        "began": entry.began,
        "ended": entry.ended or "not recorded",
        "state": entry.state,
        "by": entry.caller,
        "at": f"{change.location} in {change.address.account} ({change.account_id})",
        "remark": "; ".join(remarks(entry)),
    }
    yield from (
        Content.styled(name.ljust(9), "$text-muted") + Content(plain(text)) for name, text in rows.items() if text
    )
    for mark, text in difference_lines(change.before, change.after, plain(change.part.name)):
        yield painted(mark, f"{mark} {text}")


def _why_not_undone(entry: Entry) -> str:
    if entry.undone:
        return "it is rolled back already"
    if entry.undoes is not None:
        return "it is a roll-back itself: apply the change again from the plan"
    return f"it is {entry.state}: there is nothing to undo"
