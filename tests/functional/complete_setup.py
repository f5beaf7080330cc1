"""The complete set-up beside what others keep there, and the library at work on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import reconcile
from cases.deviations import foreign
from checkpoint import SCENARIOS, checkpoint
from functional.proven import Seen, open_steps
from reconcile import Action, Clients, Config, Entry, Journal, Result
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.lag import NO_LAG

ARTICLE = Path(__file__).parents[2] / "config" / "article.toml"
ADMIN = "arn:aws:iam::111111111111:role/Admin"


class Setup:
    """A set-up in the accounts, and what its TOML asks for."""

    def __init__(self, accounts: EmbeddedAccounts, config: Config, clients: Clients, journal: Journal) -> None:
        self.accounts, self.config, self.clients, self.journal = accounts, config, clients, journal

    def plan(self) -> reconcile.Plan:
        return reconcile.plan(self.config, reconcile.read(self.config, self.clients))

    def open_steps(self) -> list[str]:
        """What of the chain does not pass."""
        return open_steps(Seen.by(self).prove())

    def differing(self, plan: reconcile.Plan | None = None) -> dict[str, Action]:
        changes = (plan or self.plan()).changes
        return {change.slug: change.action for change in changes if change.action is not Action.NONE}

    def apply(self, plan: reconcile.Plan) -> set[Result]:
        outcomes = reconcile.apply(plan.pending, plan, self.clients, self.journal, pause=lambda _: None)
        return {outcome.result for outcome in outcomes}

    def roll_back(self, entries: Sequence[Entry] | None = None) -> set[Result]:
        chosen = self.journal.entries() if entries is None else entries
        outcomes = reconcile.rollback(chosen, self.clients, self.journal, pause=lambda _: None)
        return {outcome.result for outcome in outcomes}


@pytest.fixture(scope="module")
def complete(embedded_accounts: EmbeddedAccounts) -> Callable[[], None]:
    """What brings the complete set-up back."""
    embedded_accounts.reset()
    embedded_accounts.lag = NO_LAG
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
def article(accounts: EmbeddedAccounts, complete: Callable[[], None], connected: Any) -> Iterator[Setup]:
    """The article followed to its end, with an administrator of the key in the TOML."""
    complete()
    config, clients = connected
    with reconcile.open_journal(config) as journal:
        yield Setup(accounts, config, clients, journal)
