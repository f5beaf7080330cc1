"""From the article's complete set-up, one deviation at a time: seen, repaired and proven, restored; all else stays."""

from __future__ import annotations

from typing import Any

import pytest

from cases.deviations import access, foreign, keys, others, pipelines
from cases.deviations.deviation import DEVIATIONS, Deviation
from reconcile import Result
from world import facts

TABLES = (access, keys, others, pipelines)
"""They enter their cases when they are imported."""


@pytest.mark.parametrize("case", DEVIATIONS, ids=lambda case: case.make.__name__)
def test_a_deviation_is_seen_repaired_and_restored(article: Any, case: Deviation) -> None:
    if case.given:
        case.given(article.accounts)
    before = facts(article.accounts)
    case.make(article.accounts)
    deviated = facts(article.accounts)

    plan = article.plan()
    assert {change.slug for change in plan.pending} == set(case.slugs) == set(article.differing(plan))

    assert article.apply(plan) == {Result.APPLIED}
    repaired = facts(article.accounts)
    kept, added = among(deviated - before, case.keeps), among(repaired - before - deviated, case.adds)
    assert_same(repaired, before - among(before - repaired, case.loses) | kept | added)
    assert article.differing() == {}
    assert [step for step in article.open_steps() if foreign.OUTPUT_KEY not in step] == []

    assert article.roll_back() == {Result.APPLIED}
    restored = facts(article.accounts)
    remaining = among(restored - deviated, case.remains)
    assert_same(restored, deviated - among(deviated - restored, case.forgets) | remaining)


def among(lines: frozenset[str], words: tuple[str, ...]) -> frozenset[str]:
    """Those of the facts in which any of the words stands; every word must stand in one."""
    for word in words:
        assert any(word in line for line in lines), f"{word!r} is nowhere in {sorted(lines)}"
    return frozenset(line for line in lines if any(word in line for word in words))


def assert_same(found: frozenset[str], expected: frozenset[str]) -> None:
    assert (sorted(found - expected), sorted(expected - found)) == ([], [])
