"""What looks like a deviation and is none, and what is one that must not be repaired: nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cases.deviations import foreign, no_deviations, obstacles
from reconcile import Action
from world import facts
from xacct_tui.demo.accounts import EmbeddedAccounts

Make = Callable[[EmbeddedAccounts], object]


@pytest.mark.parametrize("make", no_deviations.ALL, ids=lambda make: make.__name__)
def test_what_serves_is_in_sync_however_it_is_written(article: Any, make: Make) -> None:
    before = facts(article.accounts)
    make(article.accounts)
    assert facts(article.accounts) != before

    assert article.differing() == {}
    assert [step for step in article.open_steps() if foreign.OUTPUT_KEY not in step] == []


@pytest.mark.parametrize(("make", "blocked"), obstacles.ALL.items(), ids=lambda each: getattr(each, "__name__", None))
def test_what_stands_in_the_way_is_told_and_left(article: Any, make: Make, blocked: dict[str, str]) -> None:
    make(article.accounts)
    before = facts(article.accounts)

    plan = article.plan()

    assert article.differing(plan) == dict.fromkeys(blocked, Action.BLOCKED)
    for slug, words in blocked.items():
        assert words in plan[f"website/{slug}"].reason
    assert plan.pending == ()
    article.apply(plan)
    assert facts(article.accounts) == before
