"""The embedded accounts for every test that asks for them."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import translation
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.lag import NO_LAG

translation.share()


def pytest_collection_finish() -> None:
    """Keep the collector off what was imported: going through it again and again took a fifth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def embedded_accounts() -> Iterator[EmbeddedAccounts]:
    """One server for the whole session; its state is whatever the last test left."""
    with EmbeddedAccounts(lag=NO_LAG) as accounts:
        yield accounts


@pytest.fixture
def accounts(embedded_accounts: EmbeddedAccounts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> EmbeddedAccounts:
    """Empty accounts ``dev`` and ``prod`` without lag or faults, and an environment that leads nowhere else."""
    embedded_accounts.reset()
    embedded_accounts.lag = NO_LAG
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in embedded_accounts.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return embedded_accounts
