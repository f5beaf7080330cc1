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
from xacct_tui.widgets.hanging import Hanging, Paragraph, labelled, whole
from xacct_tui.widgets.paint import lines, outcome_word, painted, state

if TYPE_CHECKING:
    from reconcile import Outcome


class Detail(VerticalScroll):
    """The pane beside the list."""

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="detail-text", markup=False)

    def show(self, change: Change | None, board: Board) -> None:
        """Show a change, or what to do where none is highlighted."""
        text = Hanging(_told(change, board)) if change else _nothing(board)
        self.query_one(Static).update(text)


def _nothing(board: Board) -> Content:
    if board.failure:
        told = (painted("!", f"! {plain(line)}") for line in board.failure.splitlines())
        return lines([*told, Content("R reads again, w goes back to the wizard.")])
    if str(board.filter):
        return Content("Nothing passes the filter: escape drops it.")
    return Content("Nothing is left to do: i shows what is in sync." if board.is_whole else "Reading both accounts …")


def _told(change: Change, board: Board) -> Iterator[Paragraph]:
    yield whole(Content.styled(plain(change.id), "bold"))
    yield whole(Content(plain(change.title)))
    doing, outcome = board.doing.get(change.id), board.outcomes.get(change.id)
    mark, word = state(change, board)
    yield labelled(mark, word)
    if doing:
        yield whole(painted("…", plain(doing)))
    if outcome is not None:
        yield from _outcome(outcome, word, undone=change.id in board.undone)
    for label, text in details(change, board.unmet, board.proven):
        yield labelled(label, text)
    if change.pending and change.reversible:
        yield labelled("undo", "can be rolled back to exactly what is there now")


def _outcome(outcome: Outcome, told: str, *, undone: bool) -> Iterator[Paragraph]:
    """Tell how a change came out; its word only where ``told``, where it stands now, is another one."""
    mark, word = "✓" if outcome.ok else "!", outcome_word(outcome, undone=undone)
    if word != told:
        yield labelled(mark, word)
    yield from (whole(painted(mark, plain(line)), 2) for line in outcome.detail.splitlines())
    if isinstance(outcome.error, Stale):
        yield from (whole(Content(line)) for line in stale_lines(outcome.error))
