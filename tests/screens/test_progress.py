"""How far a run is, while it goes on and after it."""

from __future__ import annotations

import threading
from dataclasses import replace

from reconcile import Outcome, Result
from screens.conftest import Held, Started
from screens.made_up import ACCOUNTS, CHANGES, Made
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
        await screen.press("a")
        await screen.press("y")
        assert screen.told == "0 of 2 applied, 1 failed, 1 not run"


async def test_a_roll_back_names_what_it_takes_away(start: Started) -> None:
    async with start() as screen:
        await screen.go_to("website/deploy-role")
        await screen.press("a")
        await screen.press("y")
        await screen.press("z")
        assert "- taken away website/deploy-role" in screen.text


async def test_who_is_calling_is_known_before_all_is_read(start: Started, held: Held) -> None:
    async with start(waits=False, prepare=lambda them: them.faults.hook("kms:GetKeyPolicy", held)) as screen:
        await screen.until(held.came.is_set)
        await screen.until(lambda: all("as demo" in line for line in screen.lines[1:3]))
        assert not screen.app.desk.board.is_whole
        held.let_go()
        await screen.idle()


async def test_a_person_is_named_before_a_long_role(show: Started) -> None:
    role = "AWSReservedSSO_AdministratorAccess_0123456789abcdef"
    person = replace(ACCOUNTS[0], caller=f"arn:aws:sts::111111111111:assumed-role/{role}/jane@example.com")
    async with show(Made(accounts=[person, ACCOUNTS[1]]), size=(80, 24)) as screen:
        assert "as jane@example.com" in screen.line("pipeline side  ")
