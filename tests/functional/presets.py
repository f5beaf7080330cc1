"""The library at work on the embedded accounts, for a configuration that a test gives as a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import reconcile
from library import connect
from reconcile import Action, Clients, Config, Entry, Journal, Outcome, Plan, Result
from xacct_tui.demo.accounts import EmbeddedAccounts

CONFIG = Path(__file__).parents[2] / "config"


def assuming_nothing(text: str) -> str:
    """A preset without what its proof takes for granted."""
    return re.sub(r"(?ms)^\[proof\].*?(?=^\[)", "", text)


class AtWork:
    """One configuration on two accounts. Pauses take no time."""

    def __init__(self, accounts: EmbeddedAccounts, config: Config, clients: Clients, journal: Journal) -> None:
        self.accounts, self.config, self.clients, self.journal = accounts, config, clients, journal

    def plan(self, *only: str) -> Plan:
        return reconcile.plan(self.config, reconcile.read(self.config, self.clients, only=only))

    def outcomes(self, *ids: str) -> tuple[Outcome, ...]:
        plan = self.plan()
        changes = [plan[each] for each in ids] if ids else plan.pending
        return reconcile.apply(changes, plan, self.clients, self.journal, pause=lambda _: None)

    def apply(self, *ids: str) -> dict[str, Result]:
        return {outcome.change.id: outcome.result for outcome in self.outcomes(*ids)}

    def roll_back(self, chosen: Callable[[Entry], bool] = lambda _: True) -> dict[str, Result]:
        entries = [each for each in self.journal.entries() if each.undoes is None and not each.undone]
        done = [each for each in entries if each.state == "done" and chosen(each)]
        outcomes = reconcile.rollback(done, self.clients, self.journal, pause=lambda _: None)
        return {outcome.change.id: outcome.result for outcome in outcomes}

    def recover(self) -> dict[str, Result]:
        return {
            each.change.id: each.result for each in reconcile.recover(self.clients, self.journal, pause=lambda _: None)
        }

    def states(self) -> dict[str, str]:
        return {entry.change.id: entry.state for entry in self.journal.entries()}

    def differing(self) -> dict[str, Any]:
        return {change.id: str(change.action) for change in self.plan().changes if change.action is not Action.NONE}


Opened = Callable[..., AtWork]


@pytest.fixture(scope="session")
def connections() -> Iterator[dict[str, Clients]]:
    """Clients, which take longer to make than a plan to read, by all that they depend on."""
    made: dict[str, Clients] = {}
    yield made
    for clients in made.values():
        clients.close()


@pytest.fixture
def work(accounts: EmbeddedAccounts, tmp_path: Path, connections: dict[str, Clients]) -> Iterator[Opened]:
    """Open a preset by its name; ``edit`` changes its text, ``extra`` comes after it, ``options`` go to connect.

    A ``[proof]`` in ``extra`` stands instead of the preset's.

    ``fresh`` is for those to whom it matters that nobody was asked yet who the caller is, and with what profiles.
    """
    with ExitStack() as stack:

        def opened(
            preset: str = "article",
            extra: str = "",
            *,
            edit: Callable[[str], str] = str,
            fresh: bool = False,
            **options: Any,
        ) -> AtWork:
            path = tmp_path / "xacct.toml"
            text = edit(CONFIG.joinpath(f"{preset}.toml").read_text())
            path.write_text(f"{assuming_nothing(text) if '[proof]' in extra else text}\n{extra}")
            config = reconcile.load(path)
            journal = stack.enter_context(reconcile.open_journal(config))
            if fresh:
                return AtWork(accounts, config, stack.enter_context(connect(config, **options)), journal)
            key = repr((config.accounts, config.read_only, options))
            if key not in connections:
                connections[key] = connect(config, **options)
            return AtWork(accounts, config, connections[key], journal)

        yield opened
