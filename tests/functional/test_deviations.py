"""From the article's complete set-up, one deviation at a time: seen, repaired, restored; all else stays as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cases.deviations import access, foreign, keys, others, pipelines
from cases.deviations.deviation import DEVIATIONS, Deviation
from checkpoint import checkpoint
from world import facts

import reconcile
from reconcile import Action, Clients, Config, Result
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.scenarios import SCENARIOS

ARTICLE = Path(__file__).parents[2] / "config" / "article.toml"
ADMIN = "arn:aws:iam::111111111111:role/Admin"
TABLES = (access, keys, others, pipelines)


class Setup:
    """The article followed to its end, beside what others keep there; and the library at work on it."""

    def __init__(self, accounts: EmbeddedAccounts, config: Config, clients: Clients, journal: reconcile.Journal) -> None:
        self.accounts, self.config, self.clients, self.journal = accounts, config, clients, journal

    def plan(self) -> reconcile.Plan:
        return reconcile.plan(self.config, reconcile.read(self.config, self.clients))

    def differing(self) -> dict[str, Action]:
        return {change.slug: change.action for change in self.plan().changes if change.action is not Action.NONE}

    def apply(self, plan: reconcile.Plan) -> set[Result]:
        outcomes = reconcile.apply(plan.pending, plan, self.clients, self.journal, pause=lambda _: None)
        return {outcome.result for outcome in outcomes}

    def roll_back(self) -> set[Result]:
        outcomes = reconcile.rollback(self.journal.entries(), self.clients, self.journal, pause=lambda _: None)
        return {outcome.result for outcome in outcomes}


@pytest.fixture(scope="module")
def complete(embedded_accounts: EmbeddedAccounts) -> Callable[[], None]:
    """What brings the complete set-up back."""
    embedded_accounts.reset()
    SCENARIOS["done"](embedded_accounts)
    foreign.seed(embedded_accounts)
    return checkpoint(embedded_accounts)


@pytest.fixture(scope="module")
def connected(embedded_accounts: EmbeddedAccounts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Clients for all cases: making them takes longer than what they are asked."""
    path = tmp_path_factory.mktemp("config") / "xacct.toml"
    path.write_text(f"{ARTICLE.read_text()}key.admins = [{ADMIN!r}]\n")
    config = reconcile.load(path)
    with pytest.MonkeyPatch.context() as environment:
        for name, value in embedded_accounts.environment().items():
            environment.setenv(name, value)
        with reconcile.connect(config) as clients:
            clients.callers()
            yield config, clients


@pytest.fixture
def setup(accounts: EmbeddedAccounts, complete: Callable[[], None], connected: Any) -> Iterator[Setup]:
    complete()
    config, clients = connected
    with reconcile.open_journal(config) as journal:
        yield Setup(accounts, config, clients, journal)


@pytest.mark.parametrize("case", DEVIATIONS, ids=lambda case: case.make.__name__)
def test_a_deviation_is_seen_repaired_and_restored(setup: Setup, case: Deviation) -> None:
    if case.given:
        case.given(setup.accounts)
    before = facts(setup.accounts)
    case.make(setup.accounts)
    deviated = facts(setup.accounts)

    plan = setup.plan()
    assert {change.slug for change in plan.pending} == set(case.slugs) == set(setup.differing())

    assert setup.apply(plan) == {Result.APPLIED}
    repaired = facts(setup.accounts)
    kept, added = among(deviated - before, case.keeps), among(repaired - before - deviated, case.adds)
    assert_same(repaired, before - among(before - repaired, case.loses) | kept | added)
    assert setup.differing() == {}

    assert setup.roll_back() == {Result.APPLIED}
    restored = facts(setup.accounts)
    remaining = among(restored - deviated, case.remains)
    assert_same(restored, deviated - among(deviated - restored, case.forgets) | remaining)


def among(lines: frozenset[str], words: tuple[str, ...]) -> frozenset[str]:
    """Those of the facts in which any of the words stands; every word must stand in one."""
    for word in words:
        assert any(word in line for line in lines), f"{word!r} is nowhere in {sorted(lines)}"
    return frozenset(line for line in lines if any(word in line for word in words))


def assert_same(found: frozenset[str], expected: frozenset[str]) -> None:
    assert (sorted(found - expected), sorted(expected - found)) == ([], [])
