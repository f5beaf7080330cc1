"""What the plan screen shows of the plan: filters, and going from row to row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from reconcile.change import Action, Change
from xacct_tui.board import Board, Filter
from xacct_tui.screens.guarded import Guarded
from xacct_tui.widgets.changes import ChangeList

_ACTIONS = (None, Action.CREATE, Action.UPDATE, Action.BLOCKED, Action.UNREADABLE, Action.NONE)
Value = TypeVar("Value")


FILTERS: list[BindingType] = [
    Binding("slash", "filter", "Filter", key_display="/", tooltip="show only what holds a text"),
    Binding("f", "next_action", "By action", show=False, tooltip="show only one action: create, update, …"),
    Binding("p", "next_account", "By account", show=False, tooltip="show only one account's changes"),
    Binding("i", "in_sync", "In sync", show=False, tooltip="show or hide what is in sync"),
    Binding("n", "next_pending(1)", "Next to do", show=False, tooltip="go to the next change that is to be made"),
    Binding("N", "next_pending(-1)", "Previous to do", show=False, tooltip="go to the previous one"),
    Binding("escape", "clear", "Clear filters", show=False, tooltip="show everything again"),
]


class FilteredScreen(Guarded[None]):
    """A screen with a list of changes and a line to filter it by."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board

    @property
    def chosen(self) -> Change | None:
        """The change at the cursor."""
        return self._board.get(self.query_one(ChangeList).chosen)

    def go_to(self, change_id: str) -> None:
        """Put the cursor on a change, whatever is filtered away."""
        if not self.query_one(ChangeList).choose(change_id):
            self._drop_text()
            self._filter(Filter(in_sync=True))
            self.query_one(ChangeList).choose(change_id)
        self._leave_filter()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The filter follows every key."""
        self._filter(replace(self._board.filter, text=event.value))

    def on_input_submitted(self) -> None:
        """Enter keeps the filter."""
        self._leave_filter()

    def action_filter(self) -> None:
        """Type a text to filter by."""
        box = self.query_one("#filter", Input)
        box.display = True
        box.focus()

    def action_clear(self) -> None:
        """Show everything again."""
        self._drop_text()
        self._filter(Filter(in_sync=self._board.filter.in_sync))
        self._leave_filter()

    def action_next_action(self) -> None:
        """Show only the next action."""
        now = self._board.filter
        self._filter(replace(now, action=_next(_ACTIONS, now.action)))

    def action_next_account(self) -> None:
        """Show only the next account."""
        now = self._board.filter
        accounts = [""] + [seen.name for seen in self._board.accounts]
        self._filter(replace(now, account=_next(accounts, now.account)))

    def action_in_sync(self) -> None:
        """Show what is in sync, or hide it."""
        now = self._board.filter
        self._filter(replace(now, in_sync=not now.in_sync))

    def action_next_pending(self, step: int) -> None:
        """Go to the next change that is to be made, round the end."""
        rows = [row.id for row in self._board.rows() if isinstance(row, Change)]
        here = rows.index(self.chosen.id) if self.chosen and self.chosen.id in rows else -1
        others = rows[here + 1 :] + rows[: max(here, 0)]
        goal = next((each for each in others[::step] if self._board[each].pending), None)
        if goal is None or not self.query_one(ChangeList).choose(goal):
            self.app.tell("no other change is to be made")

    def _filter(self, wanted: Filter) -> None:
        self._board.filter = wanted
        self.show()

    def _drop_text(self) -> None:
        box = self.query_one("#filter", Input)
        with self.prevent(Input.Changed):
            box.value = ""

    def _leave_filter(self) -> None:
        self.query_one("#filter").display = bool(self._board.filter.text)
        self.query_one(ChangeList).focus()


def _next(values: Sequence[Value], value: Value) -> Value:
    return values[(list(values).index(value) + 1) % len(values)]
