"""How the wizard reaches accounts: MFA codes, profiles of the command line, and credentials of another account."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mfa_role import ROLE, SERIAL, make_mfa_role
from screens.wizard import SetUp, set_up
from xacct_tui.demo.accounts import EmbeddedAccounts

ARTICLE = (Path(__file__).parents[2] / "config" / "article.toml").read_text()
BY_ROLE = f'role_arn = "{ROLE}"\nsource_profile = "operator"\nmfa_serial = "{SERIAL}"'
WITH_MFA = ARTICLE.replace('profile = "prod"', BY_ROLE)
__all__ = ["set_up"]


@pytest.fixture
def with_role(accounts: EmbeddedAccounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the role that wants a code, once the accounts are in their scenario."""

    def made(_: object = None) -> None:
        make_mfa_role(accounts, tmp_path / "profiles")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "profiles"))

    return made


async def test_a_code_is_asked_once_and_keeps_the_other_account_from_nothing(
    set_up: SetUp, accounts: EmbeddedAccounts, with_role: Callable[..., None]
) -> None:
    async with set_up("done", text=WITH_MFA, trouble=with_role, waits=False) as wizard:
        await wizard.sees("prod: Enter MFA code")
        await wizard.until(lambda: "✓ arn:aws:sts::111111111111:" in wizard.below)
        await wizard.type(accounts.mfa_code("dev", SERIAL))
        await wizard.press("enter")
        assert "✓ arn:aws:sts::222222222222:assumed-role/Operator/" in wizard.text
        await wizard.next()
        await wizard.press("enter")
        await wizard.fill("deploy_role.name", "another-role")
        await wizard.next()
        await wizard.press("ctrl+s", "y")
        assert wizard.screen == "PlanScreen"
        assert "website/deploy-role" in wizard.pending


async def test_no_code_is_one_plain_line_and_can_be_given_later(
    set_up: SetUp, accounts: EmbeddedAccounts, with_role: Callable[..., None]
) -> None:
    async with set_up("done", text=WITH_MFA, trouble=with_role, waits=False) as wizard:
        await wizard.sees("prod: Enter MFA code")
        await wizard.press("escape")
        assert "no MFA code was given" in wizard.line("! prod: ")
        await wizard.press_only("ctrl+r")
        await wizard.sees("prod: Enter MFA code")
        await wizard.type(accounts.mfa_code("dev", SERIAL))
        await wizard.press("enter")
        assert "✓ arn:aws:sts::222222222222:assumed-role/Operator/" in wizard.text


async def test_profiles_of_the_command_line_are_used_and_proposed(set_up: SetUp) -> None:
    async with set_up("empty", profiles={"dev": "prod", "prod": "dev"}) as wizard:
        assert "--profile" in wizard.text
        heads = wizard.text.partition("The account that is deployed to")
        assert "222222222222:assumed-role/Admin" in heads[0]
        assert "111111111111:assumed-role/Admin" in heads[2]


async def test_a_profile_of_the_command_line_stays_with_a_renamed_account(set_up: SetUp) -> None:
    wrong = ARTICLE.replace('profile = "prod"', 'profile = "dev"')
    async with set_up("done", text=wrong, profiles={"prod": "prod"}) as wizard:
        assert "222222222222:assumed-role/Admin" in wizard.line("✓ arn:aws:sts::2")
        await wizard.fill("target_account/name", "live")
        await wizard.next()
        await wizard.press("enter")
        await wizard.next()
        await wizard.press("ctrl+s", "y")
        assert wizard.pending == []


async def test_credentials_of_another_account_are_told_on_the_plan_screen(set_up: SetUp) -> None:
    async with set_up("done", text=ARTICLE) as wizard:
        await wizard.fill("target_account/id", "333333333333")
        await wizard.next()
        await wizard.press("enter")
        await wizard.next()
        assert "no plan" in wizard.text
        await wizard.press("ctrl+s", "y")
        assert wizard.screen == "PlanScreen"
        assert "the configuration says 333333333333" in wizard.detail
        assert "w goes back to the wizard" in wizard.detail
        await wizard.press("R")
        assert "the configuration says 333333333333" in wizard.detail
        wizard.file.write_text(ARTICLE)
        await wizard.press("R")
        assert wizard.pending == []
