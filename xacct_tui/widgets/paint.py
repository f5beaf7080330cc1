"""Text from outside as content of widgets: never markup, nothing a terminal obeys, colour beside mark and word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from reconcile.change import Action
from xacct_tui.render.details import LEGEND, MARKS
from xacct_tui.render.plain import plain

if TYPE_CHECKING:
    from reconcile import Outcome
    from reconcile.change import Change
    from xacct_tui.board import Board

STYLES = {
    "+": "$text-success",
    "~": "$text-warning",
    "-": "$text-error",
    "!": "bold $text-error",
    "?": "$text-accent",
    "=": "$text-muted",
    "✓": "bold $text-success",
    "…": "bold $text-primary",
    "BREAKS": "bold reverse $text-error",
}
"""By mark; each mark stands beside its word, so that no colour is needed to understand it."""

_OUTCOMES = {"applied": "✓", "already": "✓", "refused": "!", "failed": "!", "in-doubt": "?", "not-run": "="}


def painted(mark: str, text: str) -> Content:
    """Give the text in the style of a mark; it must be harmless already."""
    return Content.styled(text, STYLES.get(mark, ""))


def lines(parts: Iterable[Content]) -> Content:
    """Put each on a line of its own."""
    return Content("\n").join(list(parts))


def state(change: Change, board: Board) -> tuple[str, str]:
    """Give mark and word for where a change stands: what is happening, else what came out, else what is planned."""
    if change.id in board.doing:
        return "…", "waiting" if board.doing[change.id] else "writing"
    if ended := board.ended.get(change.id):
        mark = _OUTCOMES[ended]
        return mark, "done" if mark == "✓" else ended.replace("-", " ")
    outcome = board.outcomes.get(change.id)
    undone = change.id in board.undone
    if outcome and (change.id in board.unseen or not outcome.ok or change.action is Action.NONE):
        return _OUTCOMES[str(outcome.result)], outcome_word(outcome, undone=undone)
    mark = MARKS[change.action]
    return mark, LEGEND[mark]


def outcome_word(outcome: Outcome, *, undone: bool = False) -> str:
    """Name an outcome, staleness among the refusals; ``undone`` if it is that of a roll-back."""
    from reconcile.errors import Stale

    if isinstance(outcome.error, Stale):
        return "stale"
    return "rolled back" if undone and outcome.ok else plain(str(outcome.result).replace("-", " "))


def run_words(outcomes: Sequence[Outcome], *, undoing: bool) -> str:
    """Count what became of a run: ``2 of 4 applied, 2 failed``."""
    others = Counter(outcome_word(outcome) for outcome in outcomes if not outcome.ok)
    well = f"{len(outcomes) - others.total()} of {len(outcomes)} {'rolled back' if undoing else 'applied'}"
    return ", ".join([well, *(f"{count} {other}" for other, count in others.items())])
