"""Stopping a run, and leaving: in the middle of reading, of a question, and of a write."""

from __future__ import annotations

import pytest

from screens.conftest import Held, Started
from screens.driver import Driver
from screens.made_up import Made, change, entry
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts

ROLE, TRUST, ACCESS = "website/deploy-role", "website/trust-policy", "website/output-access"


def roles(accounts: EmbeddedAccounts) -> set[str]:
    return {each["RoleName"] for each in accounts.client("prod", "iam").list_roles()["Roles"]}


async def begin_writing(screen: Driver, held: Held, accounts: EmbeddedAccounts) -> None:
    """Apply two changes, of which the first is held in the middle of its call."""
    accounts.faults.hook("iam:CreateRole", held)
    for each in (ROLE, TRUST):
        await screen.go_to(each)
        await screen.press("space")
    await screen.press("A")
    await screen.press_only("y")
    await screen.until(held.came.is_set)
    await screen.sees("… writing")


async def test_s_stops_after_the_current_call(start: Started, accounts: EmbeddedAccounts, held: Held) -> None:
    async with start() as screen:
        await screen.press("s")
        assert "nothing is being written" in screen.told
        await begin_writing(screen, held, accounts)
        assert "… applying" in screen.status
        await screen.resize(40, 12)
        for width, height in ((80, 24), (160, 50), (100, 40)):
            await screen.resize(width, height)
            assert "… writing" in screen.text
        await screen.press_only("a")
        assert "wait: applying" in screen.told
        await screen.press_only("s")
        assert "stopping after the current call" in screen.status
        held.let_go()
        await screen.idle()
        assert "1 of 2 applied" in screen.told
        assert "✓ applied" in screen.line(" deploy-role ")
        assert "not run" in screen.line(" trust-policy ")
        assert screen.journal == [(ROLE, "done")]
        await screen.go_to(TRUST)
        await screen.press("a")
        await screen.press("y")
        assert "✓ applied" in screen.line(" trust-policy ")
    assert doc.DEPLOY_ROLE in roles(accounts)


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("ctrl+c", 130)])
async def test_leaving_while_writing_waits_for_the_call(
    start: Started, accounts: EmbeddedAccounts, held: Held, key: str, code: int
) -> None:
    async with start() as screen:
        await begin_writing(screen, held, accounts)
        await screen.press_only(key)
        assert "stopping after the current call, then quitting" in screen.told
        assert not screen.has_ended
        held.let_go()
        await screen.until(lambda: screen.has_ended)
        assert screen.app.return_value == code
        assert screen.journal == [(ROLE, "done")]
    assert doc.DEPLOY_ROLE in roles(accounts)


async def test_leaving_twice_leaves_at_once_and_the_next_start_settles_it(
    start: Started, accounts: EmbeddedAccounts, held: Held
) -> None:
    async with start() as screen:
        await begin_writing(screen, held, accounts)
        await screen.press_only("ctrl+c")
        await screen.press_only("ctrl+c")
        await screen.until(lambda: screen.has_ended)
        assert screen.app.return_value == 130
        assert not held.is_released
        assert screen.app.desk.left_in_doubt == 1


@pytest.mark.parametrize(("keys", "code"), [(("q",), 0), (("h", "q"), 0), (("ctrl+c",), 130), (("a", "ctrl+c"), 130)])
async def test_leaving_from_anywhere(show: Started, keys: tuple[str, ...], code: int) -> None:
    async with show(Made(entries=[entry(1, change("deploy-role", "prod"))])) as screen:
        for key in keys:
            await screen.press_only(key)
        await screen.until(lambda: screen.has_ended)
        assert screen.app.return_value == code


@pytest.mark.parametrize("opening", ["a", "v", "question_mark"])
async def test_q_closes_what_is_on_top_first(show: Started, opening: str) -> None:
    async with show() as screen:
        await screen.press(opening)
        assert screen.screen != "PlanScreen"
        await screen.press("q")
        assert (screen.screen, screen.has_ended) == ("PlanScreen", False)


async def test_leaving_while_aws_is_being_read_does_not_wait(start: Started, held: Held) -> None:
    async with start(waits=False, prepare=lambda them: them.faults.hook("kms:GetKeyPolicy", held)) as screen:
        await screen.until(held.came.is_set)
        await screen.press_only("q")
        await screen.until(lambda: screen.has_ended)
        assert screen.app.return_value == 0
        assert not held.is_released
        assert screen.app.desk.left_in_doubt == 0
