"""Profiles are told without a call and without a secret; what is wrong with one is told with the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconcile import adoption
from reconcile.errors import AccessProblem, AwsError
from xacct_tui.demo.accounts import EmbeddedAccounts

CONFIG = """\
[default]
region = eu-west-1
[profile dev]
sso_session = corp
sso_account_id = 111111111111
sso_role_name = Developer
region = us-east-1
[sso-session corp]
sso_region = us-east-1
sso_start_url = https://127.0.0.1:1/start
[profile prod]
role_arn = arn:aws:iam::222222222222:role/Operator
source_profile = dev
[profile robot]
role_arn = arn:aws:iam::333333333333:role/Robot
web_identity_token_file = /nowhere
[profile tool]
credential_process = /bin/false
[profile old]
sso_start_url = https://127.0.0.1:1/start
sso_region = us-east-1
sso_account_id = 444444444444
sso_role_name = Developer
[profile bare]
output = json
"""
CREDENTIALS = "[keys]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = verysecret\n"


@pytest.fixture
def files(accounts: EmbeddedAccounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert accounts.endpoint
    for name, variable, text in (
        ("config", "AWS_CONFIG_FILE", CONFIG),
        ("credentials", "AWS_SHARED_CREDENTIALS_FILE", CREDENTIALS),
    ):
        (tmp_path / name).write_text(text)
        monkeypatch.setenv(variable, str(tmp_path / name))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("files")
def test_profiles_are_told_without_a_call(embedded_accounts: EmbeddedAccounts) -> None:
    found = {each.name: (each.region, each.way, each.account_id) for each in adoption.profiles()}

    assert found == {
        "default": ("eu-west-1", "none", ""),
        "dev": ("us-east-1", "sso", "111111111111"),
        "prod": ("", "role", "222222222222"),
        "robot": ("", "web-identity", "333333333333"),
        "tool": ("", "process", ""),
        "old": ("", "sso", "444444444444"),
        "bare": ("", "none", ""),
        "keys": ("", "keys", ""),
    }
    assert "verysecret" not in repr(adoption.profiles())
    assert embedded_accounts.calls == []


def test_files_that_cannot_be_read_are_an_error(files: Path) -> None:
    (files / "config").write_text("[profile dev\n")
    with pytest.raises(AccessProblem, match="config"):
        adoption.profiles()


PROBLEMS = {
    "dev": "renew them with: aws sso login --profile dev",
    "old": "renew them with: aws sso login --profile old",
    "bare": "no credentials were found (profile 'bare'); put new ones in their place, and check them with: aws sts",
    "nobody": "The config profile (nobody) could not be found",
    "keys": "put new ones in their place, and check them with: aws sts get-caller-identity --profile keys",
    "tool": "aws sts get-caller-identity --profile tool",
    "": "no credentials were found (the default credential chain)",
}


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("profile", "says"), PROBLEMS.items(), ids=PROBLEMS)
def test_a_profile_that_does_not_serve_tells_the_way_out(profile: str, says: str) -> None:
    problem = adoption.identify(profile)
    assert isinstance(problem, AccessProblem)
    assert says in str(problem)
    assert str(problem).startswith(profile or "default chain")


def test_a_profile_that_serves_is_whom_aws_says(accounts: EmbeddedAccounts) -> None:
    found = adoption.identify("prod")

    assert isinstance(found, adoption.Identity)
    assert (found.account_id, found.region) == ("222222222222", "us-east-1")
    assert found.arn == "arn:aws:sts::222222222222:assumed-role/Admin/demo"
    assert [call.name for call in accounts.calls] == ["sts:GetCallerIdentity"]
    account = found.account("live")
    assert (account.name, account.id, account.profile) == ("live", "222222222222", "prod")


def test_expired_credentials_and_refusals_are_told_apart(accounts: EmbeddedAccounts) -> None:
    accounts.faults.expire("dev")
    accounts.faults.deny("sts:GetCallerIdentity", account="prod")

    expired, denied = adoption.identify("dev"), adoption.identify("prod")

    assert isinstance(expired, AccessProblem)
    assert "aws sts get-caller-identity --profile dev" in str(expired)
    assert isinstance(denied, AwsError)
    assert denied.code == "AccessDenied"
