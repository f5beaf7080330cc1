"""How far a run is, while it goes on and after it."""

from __future__ import annotations

import threading

from reconcile import Outcome, Result
from screens.conftest import Started
from screens.made_up import CHANGES, Made
from xacct_tui.demo.accounts import EmbeddedAccounts


async def test_what_is_done_is_seen_while_the_rest_is_written(start: Started, accounts: EmbeddedAccounts) -> None:
    come, go = threading.Event(), threading.Event()

    def hold(_: object) -> None:
        come.set()
        go.wait(60)

    async with start() as screen:
        accounts.faults.hook("iam:UpdateAssumeRolePolicy", hold)
        await screen.go_to("website/trust-policy")
        await screen.press("a")
        await screen.press_only("y")
        await screen.until(come.is_set)
        await screen.sees("applying, 1 of 2 done")
        assert "✓ done" in screen.line(" deploy-role  ")
        assert "writing" in screen.line(" trust-policy  ")
        go.set()
        await screen.idle()
        assert "✓ applied" in screen.line(" deploy-role  ")
        assert screen.told == "2 of 2 applied"


async def test_what_did_not_come_about_is_counted(show: Started) -> None:
    role, trust = CHANGES[:2]
    outcomes = [Outcome(role, Result.FAILED, "AccessDenied"), Outcome(trust, Result.NOT_RUN, "rests on it")]
    async with show(Made(outcomes=outcomes)) as screen:
        await screen.go_to(trust.id)
        await screen.press("a", "y")
        assert screen.told == "0 of 2 applied, 1 failed, 1 not run"


async def test_a_roll_back_names_what_it_takes_away(start: Started) -> None:
    async with start() as screen:
        await screen.go_to("website/deploy-role")
        await screen.press("a", "y")
        await screen.press("z")
        assert "- taken away website/deploy-role" in screen.text
