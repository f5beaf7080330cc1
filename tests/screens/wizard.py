"""The wizard as a page object: what a person types, and what the file holds in the end."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from pathlib import Path
from types import MappingProxyType

import pytest
from textual.events import Paste
from textual.widgets import Static

import reconcile
from screens.driver import Driver
from xacct_tui.app import XacctApp
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.faults import Faults
from xacct_tui.interactive import Opener
from xacct_tui.screens.wizard.step import Step
from xacct_tui.session import Scope
from xacct_tui.widgets.form import Form


class Wizard(Driver):
    """Waits for what runs beside the steps; ``file`` is the configuration that is made."""

    def __init__(self, app: XacctApp, pilot, file: Path) -> None:
        super().__init__(app, pilot)
        self.file = file

    async def idle(self) -> None:
        await self.until(self._is_idle)
        await self.pilot.pause()

    def _is_idle(self) -> bool:
        if self.steps:
            return not self.steps[-1].setup.beside.doing
        board = self.app.desk.board
        return bool(board.plan or board.failure) and not self.app.desk.busy

    async def fill(self, name: str, text: str) -> None:
        """Paste a text into a field, in place of what is there."""
        await self.go_to_field(name)
        await self.pilot.press("end", "ctrl+u")
        self.app.screen.focused.post_message(Paste(text))
        await self.idle()

    async def go_to_field(self, name: str) -> None:
        self.app.screen.query_one(Form).go_to(name)
        await self.pilot.pause()

    async def next(self) -> None:
        await self.press("ctrl+n")

    async def adopt(self) -> None:
        """From the first step to the details of the first pipeline."""
        await self.press("ctrl+n", "down")
        await self.press("enter")

    @property
    def below(self) -> str:
        """What the dialog leaves to be seen of the step below it; dialogs are see-through at their sides."""
        return " ".join(line.partition("█")[0] for line in self.lines)

    @property
    def detail(self) -> str:
        """What the plan screen's pane says, as if it were one line."""
        return " ".join(str(self.app.screen.query_one("#detail-text", Static).visual).split())

    @property
    def steps(self) -> list[Step]:
        """The steps that are open, a dialog on top of them or not."""
        return [screen for screen in self.app.screen_stack if isinstance(screen, Step)]

    @property
    def step(self) -> int:
        return self.app.screen.NUMBER if isinstance(self.app.screen, Step) else 0

    @property
    def pending(self) -> list[str]:
        """What is left to do by the plan that is shown once the file is written."""
        return [change.id for change in self.app.desk.board.plan.pending]


SetUp = Callable[..., AbstractAsyncContextManager[Wizard]]


@pytest.fixture
def set_up(accounts: EmbeddedAccounts, scenarios: Callable[[str], None], tmp_path: Path) -> SetUp:
    """The wizard on the embedded accounts, on a file that holds ``text``, or on none."""
    file = tmp_path / "xacct.toml"

    @asynccontextmanager
    async def started(
        scenario: str = "empty",
        *,
        text: str | None = None,
        trouble: Callable[[Faults], None] = lambda _: None,
        size: tuple[int, int] = (160, 60),
        wizard: bool = True,
        profiles: Mapping[str, str] = MappingProxyType({}),
        waits: bool = True,
    ) -> AsyncIterator[Wizard]:
        scenarios(scenario)
        trouble(accounts.faults)
        if text is not None:
            file.write_text(text)
        with ExitStack() as stack:
            opener = Opener(Scope(os.fspath(file), profiles=profiles), None, lambda: reconcile, stack)
            app = XacctApp(opener, "xacct.toml", set_up=wizard)
            async with app.run_test(size=size) as pilot:
                driver = Wizard(app, pilot, file)
                await driver.until(lambda: bool(driver.steps) or not wizard)
                if waits:
                    await driver.idle()
                yield driver

    return started
