"""What became of the changes of a run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reconcile.errors import Stale
from xacct_tui.render.colour import Painter
from xacct_tui.render.plain import plain, wrapped
from xacct_tui.render.words import value_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconcile import Outcome

_STYLES = {"applied": "+", "already": "=", "refused": "!", "failed": "!", "in-doubt": "?", "not-run": "="}


def outcomes_text(outcomes: Sequence[Outcome], *, width: int, colour: bool = False, applied: str = "applied") -> str:
    """Give one line for each change and a last line that counts; ``applied`` is the word for success."""
    painter = Painter(colour=colour)
    words = [applied if outcome.result == "applied" else str(outcome.result) for outcome in outcomes]
    longest = max(map(len, words), default=0)
    names = max((len(plain(outcome.change.id)) for outcome in outcomes), default=0)
    lines = [
        line
        for outcome, word in zip(outcomes, words, strict=True)
        for line in _outcome(outcome, word.ljust(longest), names, width, painter)
    ]
    counts = ", ".join(f"{count} {word}" for word, count in Counter(words).items())
    return "\n".join([*lines, f"{counts or 'nothing to do'}."]) + "\n"


def _outcome(outcome: Outcome, word: str, names: int, width: int, painter: Painter) -> Iterator[str]:
    change = outcome.change
    style = _STYLES.get(str(outcome.result), "")
    first, *rest = wrapped(f"{word}  {plain(change.id).ljust(names)}  ", plain(change.title), width)
    yield painter(style, word) + first[len(word) :]
    yield from rest
    # only these keep the lines of what they say: each is made harmless on its own
    for line in outcome.detail.splitlines():
        yield from wrapped(" " * (len(word) + 4), plain(line), width)
    if isinstance(outcome.error, Stale):
        yield from (f"{' ' * len(word)}    {line}" for line in stale_lines(outcome.error))


def settled_words(settled: Sequence[Outcome]) -> str:
    """Count what was looked at, since it was in doubt: ``1 made, 2 not made``."""
    words = {"applied": "made", "in-doubt": "still in doubt"}
    counts = Counter(words.get(str(outcome.result), "not made") for outcome in settled)
    return ", ".join(f"{count} {word}" for word, count in counts.items())


def stale_lines(error: Stale) -> Iterator[str]:
    """Tell the three values of a stale change: planned from, found, wanted."""
    values = (("planned from", error.planned_from), ("found", error.found), ("wanted", error.wanted))
    for name, value in values:
        yield from (f"{name.ljust(13)}{line}" for line in value_lines(value))
