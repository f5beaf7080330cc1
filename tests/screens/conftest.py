"""The application on the embedded accounts, driven as a person would drive it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from pathlib import Path

import pytest

import reconcile
from screens.driver import Driver
from xacct_tui.app import XacctApp
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.scenarios import SCENARIOS
from xacct_tui.interactive import Opener
from xacct_tui.session import Scope

CONFIG = Path(__file__).parents[2] / "config" / "article.toml"
Started = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.fixture
def start(accounts: EmbeddedAccounts, monkeypatch: pytest.MonkeyPatch) -> Started:
    for name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")

    @asynccontextmanager
    async def started(
        scenario: str = "half-done", *, size: tuple[int, int] = (100, 40), read_only: bool = False
    ) -> AsyncIterator[Driver]:
        SCENARIOS[scenario](accounts)
        scope = Scope(str(CONFIG), read_only=read_only)
        with ExitStack() as stack:
            app = XacctApp(Opener(scope, None, lambda: reconcile, stack), "xacct.toml", read_only=read_only)
            async with app.run_test(size=size) as pilot:
                driver = Driver(app, pilot)
                await driver.idle()
                yield driver

    return started
