"""All that is to be known of one change: why, what differs, what it grants, needs and starts, how it came out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from reconcile.change import Change
from reconcile.errors import Stale
from xacct_tui.board import Board
from xacct_tui.render.details import details
from xacct_tui.render.outcomes import stale_lines
from xacct_tui.render.plain import plain
from xacct_tui.widgets.paint import STYLES, lines, outcome_word, painted, state

if TYPE_CHECKING:
    from reconcile import Outcome

_LABEL = 9


class Detail(VerticalScroll):
    """The pane beside the list."""

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="detail-text", markup=False)

    def show(self, change: Change | None, board: Board) -> None:
        """Show a change, or what to do where none is highlighted."""
        text = lines(_told(change, board)) if change else Content(_nothing(board))
        self.query_one(Static).update(text)


def _nothing(board: Board) -> str:
    if str(board.filter):
        return "Nothing passes the filter: escape drops it."
    return "Nothing is left to do: i shows what is in sync." if board.is_whole else "Reading both accounts …"


def _told(change: Change, board: Board) -> Iterator[Content]:
    yield Content.styled(plain(change.id), "bold")
    yield Content(plain(change.title))
    doing, outcome = board.doing.get(change.id), board.outcomes.get(change.id)
    mark, word = state(change, board)
    yield painted(mark, f"{mark} {word}")
    if doing:
        yield painted("…", plain(doing))
    if outcome is not None:
        yield from _outcome(outcome, word, undone=change.id in board.undone)
    for label, text in details(change, board.unmet, board.proven):
        yield _labelled(label, text)
    if change.pending and change.reversible:
        yield _labelled("undo", "can be rolled back to exactly what is there now")


def _outcome(outcome: Outcome, told: str, *, undone: bool) -> Iterator[Content]:
    """Tell how a change came out; its word only where ``told``, where it stands now, is another one."""
    mark, word = "✓" if outcome.ok else "!", outcome_word(outcome, undone=undone)
    if word != told:
        yield painted(mark, f"{mark} {word}")
    yield from (painted(mark, f"  {plain(line)}") for line in outcome.detail.splitlines())
    if isinstance(outcome.error, Stale):
        yield from (Content(line) for line in stale_lines(outcome.error))


def _labelled(label: str, text: str) -> Content:
    if label in STYLES:
        return painted(label, f"{label} {text}")
    return Content.assemble(Content.styled(label.ljust(_LABEL), "$text-muted"), Content(text))
