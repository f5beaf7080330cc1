"""A deviation as a case: how to make it, which changes it is, and what of it outlives repair and roll-back.

A repaired world is the world before the deviation, but for what these words are found in:

    keeps   facts of the deviation that the repair leaves: they are somebody's
    loses   facts that the TOML does not ask for: the deviation took them away, or AWS does not save them again
    adds    facts that only the repair brings

A world rolled back is the deviated one, but for ``remains`` (more than it had) and ``forgets`` (less).
Each word must be found in at least one such fact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xacct_tui.demo.accounts import EmbeddedAccounts

Make = Callable[[EmbeddedAccounts], object]


@dataclass(frozen=True)
class Deviation:
    make: Make
    slugs: tuple[str, ...]
    given: Make | None
    keeps: tuple[str, ...]
    loses: tuple[str, ...]
    adds: tuple[str, ...]
    remains: tuple[str, ...]
    forgets: tuple[str, ...]


DEVIATIONS: list[Deviation] = []


def deviation(
    *slugs: str,
    given: Make | None = None,
    keeps: tuple[str, ...] = (),
    loses: tuple[str, ...] = (),
    adds: tuple[str, ...] = (),
    remains: tuple[str, ...] = (),
    forgets: tuple[str, ...] = (),
) -> Callable[[Make], Make]:
    """Enter the function into the table. ``given`` is done first, and is no part of the deviation."""

    def enter(make: Make) -> Make:
        DEVIATIONS.append(Deviation(make, slugs, given, keeps, loses, adds, remains, forgets))
        return make

    return enter
