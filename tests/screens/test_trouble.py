"""What goes wrong, as it is seen on the screens."""

from __future__ import annotations

import io
from functools import partialmethod
from pathlib import Path

import pytest

from reconcile.errors import AccessProblem
from screens.conftest import CONFIG, Held, Started
from screens.made_up import Made
from xacct_tui import cli
from xacct_tui.app import XacctApp
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.terminal import Terminal


async def test_an_apply_that_aws_refuses_shows_what_aws_said(start: Started, accounts: EmbeddedAccounts) -> None:
    async with start("half-done") as screen:
        accounts.faults.deny("kms:PutKeyPolicy")
        await screen.go_to("website/key-users")
        await screen.press("a")
        await screen.press("y")
        assert "! failed" in screen.line("key-users ")
        assert "AccessDenied" in screen.text
        assert "0 of 1 applied" in screen.told


async def test_a_change_made_stale_by_somebody_else_shows_the_three_values(
    start: Started, accounts: EmbeddedAccounts
) -> None:
    iam = accounts.client("dev", "iam")
    policy = "arn:aws:iam::111111111111:policy/assumeprods3role"
    async with start("done", size=(120, 50)) as screen:
        iam.detach_role_policy(RoleName=doc.SERVICE_ROLE, PolicyArn=policy)
        await screen.press("R")
        await screen.go_to("website/assume-policy")
        await screen.press("a")
        iam.delete_policy(PolicyArn=policy)
        await screen.press("y")
        assert "planned from" in screen.text
        assert "found" in screen.text
        assert "! stale" in screen.line(" assume-policy ")
        await screen.press("r")
        assert "+ create" in screen.line(" assume-policy ")
        assert "planned from" not in screen.text


async def test_a_document_that_may_not_be_read_is_one_row_and_no_more(start: Started) -> None:
    def deny(accounts: EmbeddedAccounts) -> None:
        accounts.faults.deny("kms:GetKeyPolicy")

    async with start(prepare=deny) as screen:
        await screen.go_to("website/key-users")
        assert "? unreadable" in screen.line("key-users   ")
        assert "AccessDenied" in screen.text
        assert "+ create" in screen.line(" deploy-role ")
        await screen.press("a")
        assert "it is unreadable" in screen.told


async def test_an_account_that_cannot_be_used_says_so_on_its_line(start: Started) -> None:
    async with start(size=(160, 50), prepare=lambda accounts: accounts.faults.expire("prod")) as screen:
        assert "! " in screen.line("prod  222")
        assert "expired" in screen.lines[2]
        assert "? unreadable" in screen.line(" deploy-role ")
        assert "+ create" in screen.line("assume-policy   ")


async def test_credentials_that_expire_keep_the_plan(start: Started, accounts: EmbeddedAccounts) -> None:
    async with start(size=(160, 50)) as screen:
        await screen.go_to("website/deploy-role")
        await screen.press("a")
        accounts.faults.expire("prod")
        await screen.press("y")
        assert "! failed" in screen.text
        assert "expired" in screen.text
        assert len(screen.rows) == 8
        accounts.faults.clear()
        await screen.press("R")
        await screen.press("a")
        await screen.press("y")
        assert "✓ applied" in screen.line(" deploy-role ")


async def test_what_cannot_be_read_any_more_is_not_asked_for(start: Started, accounts: EmbeddedAccounts) -> None:
    async with start(size=(160, 50)) as screen:
        await screen.go_to("website/deploy-role")
        accounts.faults.expire("prod")
        await screen.press("a")
        assert "website/deploy-role: it is unreadable" in screen.told
        assert "? unreadable" in screen.line(" deploy-role ")


async def test_a_reading_that_fails_keeps_the_plan(show: Started) -> None:
    failure = AccessProblem("prod", "sts:GetCallerIdentity", "ExpiredToken", "renew them with: aws sso login")
    async with show(Made(failure=failure)) as screen:
        rows = screen.rows
        await screen.press("R")
        assert "renew them with: aws sso login" in screen.told
        assert screen.rows == rows


async def test_accounts_of_somebody_else_end_it_with_one_message(start: Started, tmp_path: Path) -> None:
    path = tmp_path / "xacct.toml"
    path.write_text(CONFIG.read_text().replace('id = "222222222222"', 'id = "333333333333"'))
    async with start(config=path, waits=False) as screen:
        await screen.until(lambda: screen.has_ended)
        assert "222222222222" in str(screen.app.failure)
        assert (screen.app.return_value, screen.app.desk.board.is_whole) == (1, False)


def test_a_wrong_configuration_ends_the_program_with_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the command line runs it: the screens open on a terminal, and leave it."""
    path = tmp_path / "xacct.toml"
    path.write_text(CONFIG.read_text().replace("222222222222", "22"))
    monkeypatch.setattr(XacctApp, "run", partialmethod(XacctApp.run, headless=True))
    terminal = Terminal(*(_Tty() for _ in range(3)))
    assert cli.run(["--config", str(path)], terminal) == 1
    assert terminal.stderr.getvalue().startswith("xacct-tui: error:")
    assert "accounts.prod.id" in terminal.stderr.getvalue()
    assert "Traceback" not in terminal.stderr.getvalue()


class _Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


async def test_rows_come_in_while_others_are_still_read(start: Started, held: Held) -> None:
    async with start(waits=False, prepare=lambda them: them.faults.hook("iam:GetRole", held, account="prod")) as screen:
        await screen.until(lambda: "artifact-statements" in screen.rows)
        assert "reading " in screen.status
        assert " of " in screen.status
        assert "deploy-role" not in screen.rows
        assert "Plan:" not in screen.text
        for key in ("a", "c", "R"):
            await screen.press_only(key)
            assert "wait: reading" in screen.told
        held.let_go()
        await screen.idle()
        assert screen.cursor == "website/deploy-role"
        assert "Plan: 7 to create" in screen.text
        assert "reading" not in screen.status
