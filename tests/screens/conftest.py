"""The application on the embedded accounts, driven as a person would drive it."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from pathlib import Path

import pytest
from textual._compositor import Compositor

from checkpoint import SCENARIOS
from library import LIBRARY
from screens.driver import Driver
from screens.made_up import Made, opener
from xacct_tui.app import XacctApp
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.lag import NO_LAG
from xacct_tui.interactive import Opener
from xacct_tui.session import Scope

CONFIG = Path(__file__).parents[2] / "config" / "article.toml"
Started = Callable[..., AbstractAsyncContextManager[Driver]]


class Held:
    """A call that waits in the server until it is let go."""

    def __init__(self) -> None:
        self.came, self._released = threading.Event(), threading.Event()

    def __call__(self, _: object) -> None:
        self.came.set()
        self._released.wait(60)

    def let_go(self) -> None:
        self._released.set()

    @property
    def is_released(self) -> bool:
        return self._released.is_set()


@pytest.fixture
def held() -> Iterator[Held]:
    call = Held()
    yield call
    call.let_go()


@pytest.fixture
def scenarios(accounts: EmbeddedAccounts) -> Callable[[str], None]:
    """Brings the accounts into a scenario."""
    return lambda name: SCENARIOS[name](accounts)


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same terminal everywhere."""
    for name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


@pytest.fixture(autouse=True)
def painted_when_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """No terminal takes each update of the screen: the driver has the whole painted after whatever a person did."""
    monkeypatch.setattr(Compositor, "render_update", lambda self, **_: self._dirty_regions.clear())


@asynccontextmanager
async def _driven(app: XacctApp, size: tuple[int, int], *, waits: bool = True) -> AsyncIterator[Driver]:
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, pilot)
        if waits:
            await driver.idle()
        yield driver


@pytest.fixture
def start(accounts: EmbeddedAccounts, scenarios: Callable[[str], None]) -> Started:
    """Opens the screens on a scenario; without one, on the accounts as they are."""

    @asynccontextmanager
    async def started(
        scenario: str = "half-done",
        *,
        size: tuple[int, int] = (100, 40),
        read_only: bool = False,
        config: Path = CONFIG,
        waits: bool = True,
        prepare: Callable[[EmbeddedAccounts], None] = lambda _: None,
    ) -> AsyncIterator[Driver]:
        if scenario:
            scenarios(scenario)
            accounts.lag = NO_LAG
        prepare(accounts)
        scope = Scope(str(config), read_only=read_only)
        with ExitStack() as stack:
            app = XacctApp(Opener(scope, None, lambda: LIBRARY, stack), "xacct.toml", read_only=read_only)
            async with _driven(app, size, waits=waits) as driver:
                yield driver

    return started


@pytest.fixture
def show() -> Started:
    """Opens the screens on values that were made up, where AWS adds nothing."""

    @asynccontextmanager
    async def shown(
        made: Made | None = None, *, size: tuple[int, int] = (100, 40), name: str = "xacct.toml"
    ) -> AsyncIterator[Driver]:
        async with _driven(XacctApp(opener(made or Made()), name), size) as driver:
            yield driver

    return shown
