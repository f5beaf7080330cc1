"""The whole way there and back while AWS shows everything late, and new roles are no principals yet."""

from __future__ import annotations

from typing import Any

import pytest

from checkpoint import SCENARIOS
from reconcile import Result
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.lag import Lag


@pytest.mark.parametrize("scenario", ["empty", "drifted"])
def test_a_scenario_is_made_whole_and_restored_late(accounts: EmbeddedAccounts, work: Any, scenario: str) -> None:
    SCENARIOS[scenario](accounts)
    world = work()
    before = world.differing()
    accounts.lag = Lag(new_role=2)

    assert set(world.apply().values()) <= {Result.APPLIED, Result.ALREADY}
    assert world.differing() == {}

    assert set(world.roll_back().values()) <= {Result.APPLIED, Result.ALREADY}
    assert world.differing() == before
