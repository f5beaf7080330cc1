"""The journal on its screen: what was done, taking it back from there, and what a crash left in doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest

import reconcile
from reconcile import Action
from reconcile.journal import open_journal
from screens.conftest import CONFIG, Started
from screens.driver import Driver
from screens.made_up import Made, change, entry
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts

ROLE, TRUST, ACCESS = "website/deploy-role", "website/trust-policy", "website/output-access"
CALLER = "arn:aws:sts::222222222222:assumed-role/Admin/demo"


def role_exists(accounts: EmbeddedAccounts) -> bool:
    return doc.DEPLOY_ROLE in {each["RoleName"] for each in accounts.client("prod", "iam").list_roles()["Roles"]}


async def apply(screen: Driver, *ids: str) -> None:
    for each in ids:
        await screen.go_to(each)
        await screen.press("space")
    await screen.press("A")
    await screen.press("y")


async def test_a_run_is_told_with_when_who_and_what(show: Started) -> None:
    entries = [
        entry(1, change("deploy-role", "prod"), caller=CALLER),
        entry(2, change("key"), "failed", detail="kms: AccessDenied"),
        entry(3, change("pipeline", action=Action.UPDATE), run="20261125T100000Z-2", began="2026-11-25T10:00:00Z"),
    ]
    async with show(Made(entries=entries)) as screen:
        await screen.press("h")
        assert screen.line("2026-11-25T10:00:00Z  ").endswith(entries[2].caller)
        assert screen.line("✓ done        website/pipeline").endswith("dev")
        assert "~ path: / → /service-role/" in screen.text
        await screen.press("j")
        assert screen.line("remark").endswith("kms: AccessDenied")
        await screen.press("z")
        assert "it is failed: there is nothing to undo" in screen.told
        await screen.press("j")
        assert screen.line("entry ").endswith("1 of run 20261125T090000Z-1")
        assert screen.line("by  ").endswith(CALLER)
        assert "+ path: /service-role/" in screen.text


async def test_an_entry_is_rolled_back_with_what_rests_on_it(start: Started, accounts: EmbeddedAccounts) -> None:
    async with start() as screen:
        await apply(screen, ROLE, TRUST)
        assert role_exists(accounts)
        await screen.press("h", "j", "z")
        assert "Roll back 2 changes?" in screen.text
        assert TRUST in screen.line("since they rest on it")
        await screen.press("y")
        assert not role_exists(accounts)
        assert [line.split()[1:3] for line in screen.lines if f"{ROLE}  prod" in line] == [
            ["done", "undo"],
            ["rolled", "back"],
        ]
        await screen.press("z")
        assert "it is rolled back already" in screen.told


async def test_a_whole_run_is_rolled_back_and_only_that(start: Started, accounts: EmbeddedAccounts) -> None:
    async with start() as screen:
        await apply(screen, "website/key-users")
        await apply(screen, ROLE, ACCESS)
        await screen.press("h", "Z")
        assert "Roll back 2 changes?" in screen.text
        await screen.press("y")
        assert "2 of 2 rolled back" in screen.told
        assert not role_exists(accounts)
        await screen.press("escape")
        assert "✓ applied" in screen.line("key-users ")
        assert "+ create" in screen.line("deploy-role ")


async def test_a_roll_back_that_is_not_agreed_to_changes_nothing(show: Started) -> None:
    async with show(Made(entries=[entry(1, change("deploy-role", "prod"))])) as screen:
        for answer in ("escape", "enter"):
            await screen.press("h", "z")
            assert "Roll back 1 change?" in screen.text
            await screen.press(answer, "escape")
            assert screen.screen == "PlanScreen"
        assert screen.app.desk.board.outcomes == {}


async def test_a_write_whose_end_was_not_seen_is_settled_by_looking(start: Started, accounts: EmbeddedAccounts) -> None:
    async with start() as screen:
        accounts.faults.expire("prod", at="iam:CreateRole", moment="after")
        await apply(screen, ROLE)
        assert "1 in doubt" in screen.status
        assert screen.journal == [(ROLE, "in-doubt")]
        accounts.faults.clear()
        await screen.press("h", "s")
        assert "1 made" in screen.told
        assert "in doubt" not in screen.status
        assert screen.journal == [(ROLE, "done")]
        await screen.press("s")
        assert "nothing is in doubt" in screen.told


def crash(**others: object) -> None:
    """Leave an entry behind that was begun, and nothing else."""
    config = reconcile.load(CONFIG)
    with reconcile.connect(config) as clients, open_journal(config) as journal:
        plan = reconcile.plan(config, reconcile.read(config, clients))
        journal.begin("20261124T120000Z-1", replace(plan["website/service-role"], **others), CALLER)


@pytest.mark.usefixtures("accounts")
@pytest.mark.parametrize(("key", "word", "state"), [("d", "made", "done"), ("u", "not made", "failed")])
async def test_what_stays_in_doubt_is_decided_by_hand(
    start: Started, scenarios: object, key: str, word: str, state: str
) -> None:
    scenarios("half-done")
    crash(before={"path": "/one/"}, after={"path": "/another/"})
    async with start("") as screen:
        assert "1 in doubt: h asks" in screen.status
        await screen.press("h", "s")
        assert "1 still in doubt" in screen.told
        assert screen.journal == [("website/service-role", "in-doubt")]
        assert "look at it yourself" in screen.text.replace("\n", " ")
        await screen.press(key)
        assert f"Was this {word}?" in screen.text
        await screen.press("y")
        assert screen.journal == [("website/service-role", state)]
        assert f"recorded as {word} by hand" in screen.text
        assert "in doubt" not in screen.status
        await screen.press(key)
        assert f"it is not in doubt: it is {state}" in screen.told


async def test_an_empty_journal_says_so(start: Started) -> None:
    async with start() as screen:
        await screen.press("h")
        assert "Nothing was applied yet." in screen.text
        await screen.press("z")
        assert "there is no entry at the cursor" in screen.told
