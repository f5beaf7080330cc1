"""From every scenario: plan, apply all, in sync, roll all back, and the plan is what it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import reconcile
from checkpoint import SCENARIOS
from library import LIBRARY
from reconcile import Action, Clients, Config, Journal, Plan, Result
from reconcile.errors import Stale
from xacct_tui.demo.accounts import EmbeddedAccounts

CONFIG = Path(__file__).parents[2] / "config" / "article.toml"


def no_pause(_seconds: float) -> None:
    """The embedded accounts need no time."""


class World:
    """Two accounts in a scenario, and the library at work on them."""

    def __init__(self, accounts: EmbeddedAccounts, clients: Clients, journal: Journal, config: Config) -> None:
        self.accounts, self.clients, self.journal, self.config = accounts, clients, journal, config

    def plan(self) -> Plan:
        return reconcile.plan(self.config, reconcile.read(self.config, self.clients))

    def apply(self, *ids: str) -> dict[str, Result]:
        plan = self.plan()
        changes = [plan[each] for each in ids] if ids else plan.pending
        outcomes = reconcile.apply(changes, plan, self.clients, self.journal, pause=no_pause)
        return {outcome.change.id: outcome.result for outcome in outcomes}

    def roll_back(self, *ids: str) -> dict[str, Result]:
        entries = [each for each in self.journal.entries() if each.undoes is None and not each.undone]
        chosen = [each for each in entries if not ids or each.change.id in ids]
        outcomes = reconcile.rollback(chosen, self.clients, self.journal, pause=no_pause)
        return {outcome.change.id: outcome.result for outcome in outcomes}

    def pending(self) -> dict[str, str]:
        return {change.id: str(change.action) for change in self.plan().changes if change.action is not Action.NONE}


@pytest.fixture
def world(accounts: EmbeddedAccounts) -> Iterator[World]:
    config = reconcile.load(CONFIG)
    with LIBRARY.connect(config) as clients, reconcile.open_journal(config) as journal:
        yield World(accounts, clients, journal, config)


@pytest.mark.parametrize("scenario", ["empty", "half-done", "drifted"])
def test_a_scenario_is_made_whole_and_restored(world: World, scenario: str) -> None:
    SCENARIOS[scenario](world.accounts)
    before = world.pending()

    applied = world.apply()

    assert set(applied.values()) <= {Result.APPLIED, Result.ALREADY}
    assert world.pending() == {}
    rolled_back = world.roll_back()
    assert set(rolled_back.values()) <= {Result.APPLIED, Result.ALREADY}
    assert world.pending() == before


def test_the_article_followed_by_hand_is_in_sync(world: World) -> None:
    SCENARIOS["done"](world.accounts)

    assert world.pending() == {}


def test_each_change_alone_in_order(world: World) -> None:
    SCENARIOS["half-done"](world.accounts)
    before = world.pending()
    for change in world.plan().pending:
        assert world.apply(change.id) == {change.id: Result.APPLIED}
        after = world.pending()
        assert change.id not in after
        assert world.roll_back(change.id) == {change.id: Result.APPLIED}
        assert world.pending() == before
        assert world.apply(change.id) == {change.id: Result.APPLIED}
        before = after
    assert before == world.pending() == {}


def test_no_call_is_made_twice(world: World) -> None:
    SCENARIOS["done"](world.accounts)
    world.accounts.calls.clear()

    world.plan()

    calls = [repr(call) for call in world.accounts.calls]
    assert sorted(calls) == sorted(set(calls))


def test_a_change_that_others_rest_on_is_not_rolled_back_alone(world: World) -> None:
    SCENARIOS["half-done"](world.accounts)
    world.apply("website/deploy-role", "website/trust-policy")

    assert world.roll_back("website/deploy-role") == {"website/deploy-role": Result.REFUSED}
    assert "website/deploy-role" not in world.pending()


def test_a_change_whose_requirement_is_pending_is_refused(world: World) -> None:
    SCENARIOS["half-done"](world.accounts)

    assert world.apply("website/trust-policy") == {"website/trust-policy": Result.REFUSED}
    assert world.journal.entries() == ()


def test_a_value_that_changed_since_the_plan_is_stale(world: World) -> None:
    SCENARIOS["done"](world.accounts)
    iam = world.accounts.client("dev", "iam")
    role = "AWSCodePipelineServiceRole-us-east-1-crossaccountdeploy"
    arn = "arn:aws:iam::111111111111:policy/assumeprods3role"
    iam.detach_role_policy(RoleName=role, PolicyArn=arn)
    plan = world.plan()
    iam.delete_policy(PolicyArn=arn)

    outcomes = reconcile.apply(plan.pending, plan, world.clients, world.journal, pause=no_pause)

    assert [(outcome.change.id, outcome.result) for outcome in outcomes] == [("website/assume-policy", Result.REFUSED)]
    assert isinstance(outcomes[0].error, Stale)
    assert outcomes[0].error.found is None
    assert world.journal.entries() == ()
