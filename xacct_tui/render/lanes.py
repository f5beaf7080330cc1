"""The chain as a picture: a lane for each account, an arrow for each hop, in characters that every terminal has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconcile.proof.values import Hop
from xacct_tui.render.plain import plain

_NARROWEST = 9
"""Columns of a lane: an arrow is to be seen as one."""
_LONGEST = 16
"""Characters of an account's name."""
_MOST = 4
"""Lanes; of more accounts than that no picture is drawn, they are named at each hop."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """A heading, and what is drawn for each hop; all of the same width."""

    heading: str
    drawn: tuple[str, ...]


def lanes(hops: Sequence[Hop], order: Sequence[str] = ()) -> Lanes:
    """Draw the hops, one line each; the accounts of ``order`` that take part come first, in that order."""
    taking_part = dict.fromkeys(name for hop in hops for name in (hop.source_account, hop.target_account))
    accounts = [*(name for name in order if name in taking_part), *(name for name in taking_part if name not in order)]
    if len(accounts) > _MOST:
        return _named(hops)
    names = [_cut(name) for name in accounts]
    width = max(_NARROWEST, *(len(name) + 2 for name in names), 0) if names else 0
    drawn = (
        _arrow(accounts.index(hop.source_account), accounts.index(hop.target_account), len(accounts), width)
        for hop in hops
    )
    whole = max(0, (len(names) - 1) * width) + max(map(len, names[-1:]), default=0) + 2
    return Lanes(
        "".join(name.ljust(width) for name in names)[:whole].ljust(whole), tuple(line[:whole] for line in drawn)
    )


def _named(hops: Sequence[Hop]) -> Lanes:
    told = [f"{_cut(hop.source_account)} > {_cut(hop.target_account)}" for hop in hops]
    width = max(map(len, told)) + 2
    return Lanes(" " * width, tuple(text.ljust(width) for text in told))


def _arrow(source: int, target: int, count: int, width: int) -> str:
    """Give a line with the lanes that are passed by, and the arrow across those between the two ends."""
    cells = [" "] * (count * width)
    for lane in range(count):
        cells[lane * width] = "|"
    left, right = sorted((source * width, target * width))
    cells[left : right + 1] = ["o", *"-" * (right - left - 1), "o"] if left < right else ["o"]
    if source < target:
        cells[right - 1] = ">"
    elif source > target:
        cells[left + 1] = "<"
    return "".join(cells)


def _cut(name: str) -> str:
    shown = plain(name)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
