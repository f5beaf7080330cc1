"""Credentials that expire: while reading, before a write, after it, and between its repetitions."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checkpoint import SCENARIOS
from reconcile import Action, Result
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.article import key_arn
from xacct_tui.demo.scenarios import deploy_action_rewritten, rule_disabled


@dataclass(frozen=True)
class Write:
    """A deviation whose repair makes this call in this account; ``first`` if it makes none before."""

    account: str
    call: str
    deviate: Callable[[EmbeddedAccounts], None]
    first: bool = True


def _trusts_nobody(accounts: EmbeddedAccounts) -> None:
    trust = doc.deploy_trust("arn:aws:iam::111111111111:role/Admin")
    accounts.client("prod", "iam").update_assume_role_policy(RoleName=doc.DEPLOY_ROLE, PolicyDocument=json.dumps(trust))


def _no_bucket_policy(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "s3").delete_bucket_policy(Bucket=doc.ARTIFACTS)


def _no_key_user(accounts: EmbeddedAccounts) -> None:
    kms = accounts.client("dev", "kms")
    key = kms.describe_key(KeyId=doc.KEY_ALIAS)["KeyMetadata"]["KeyId"]
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(doc.key_policy([])))


WRITES = {
    "trust-policy": Write("prod", "iam:UpdateAssumeRolePolicy", _trusts_nobody),
    "artifact-statements": Write("dev", "s3:PutBucketPolicy", _no_bucket_policy),
    "key-users": Write("dev", "kms:PutKeyPolicy", _no_key_user),
    "deploy-action-role": Write("dev", "codepipeline:UpdatePipeline", deploy_action_rewritten),
    "trigger": Write("dev", "events:PutRule", rule_disabled, first=False),
}
"""One of each protocol: query, S3's XML, JSON."""


@pytest.mark.parametrize("slug", WRITES)
def test_a_write_is_made_or_not_made_or_in_doubt(accounts: EmbeddedAccounts, work: Any, slug: str) -> None:
    SCENARIOS["done"](accounts)
    change, write = f"website/{slug}", WRITES[slug]
    write.deviate(accounts)
    world = work()

    accounts.faults.expire(write.account, at=write.call)
    (outcome,) = world.outcomes(change)

    assert outcome.result is (Result.FAILED if write.first else Result.IN_DOUBT)
    assert world.states()[change] == ("failed" if write.first else "in-doubt")
    assert f"aws sts get-caller-identity --profile {write.account}" in outcome.detail
    accounts.faults.clear()
    assert bool(world.recover()) is not write.first  # nothing is in doubt where the first call was refused
    assert world.differing().keys() == {change}

    accounts.faults.expire(write.account, at=write.call, moment="after")

    assert world.apply(change) == {change: Result.IN_DOUBT}
    assert world.recover() == {change: Result.IN_DOUBT}
    assert world.states()[change] == "in-doubt"
    accounts.faults.clear()
    if world.recover()[change] is not Result.APPLIED:  # it had calls still to make
        assert world.apply() == {change: Result.APPLIED}
    assert world.states()[change] == "done"
    assert world.differing() == {}


def test_a_lost_answer_and_then_expired_is_in_doubt(accounts: EmbeddedAccounts, work: Any) -> None:
    """The call is repeated for the lost answer, and refused then: it may have been made the first time."""
    SCENARIOS["done"](accounts)
    _trusts_nobody(accounts)
    world = work()
    accounts.faults.expire("prod", at="iam:UpdateAssumeRolePolicy", moment="after")
    accounts.faults.drop_after("iam:UpdateAssumeRolePolicy")

    assert world.apply("website/trust-policy") == {"website/trust-policy": Result.IN_DOUBT}

    accounts.faults.clear()
    assert world.recover() == {"website/trust-policy": Result.APPLIED}
    assert world.differing() == {}


@pytest.mark.parametrize("account", ["dev", "prod"])
def test_expired_while_reading_stops_that_account_only(accounts: EmbeddedAccounts, work: Any, account: str) -> None:
    SCENARIOS["done"](accounts)
    named = f'[deployments.website.key]\narn = "{key_arn(accounts)}"'  # else prod's policies cannot be compared
    accounts.faults.expire(account)

    plan = work(extra=named, fresh=True).plan()

    seen = {each.name: each.problem for each in plan.accounts}
    assert [name for name, problem in seen.items() if problem] == [account]
    renewal = f"aws sts get-caller-identity --profile {account}"
    assert renewal in seen[account]
    assert {change.action for change in plan.changes if change.address.account != account} == {Action.NONE}
    lost = [change for change in plan.changes if change.address.account == account]
    assert {change.action for change in lost} == {Action.UNREADABLE}
    assert all("xpired" in change.reason and renewal in change.reason for change in lost)


def test_a_run_goes_on_in_the_other_account(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["done"](accounts)
    _trusts_nobody(accounts)
    _no_bucket_policy(accounts)
    world = work()
    accounts.faults.expire("prod", at="iam:UpdateAssumeRolePolicy")

    assert world.apply() == {
        "website/trust-policy": Result.FAILED,
        "website/artifact-statements": Result.APPLIED,
    }


SSO = """
[profile dev]
sso_session = xacct-tui-tests
sso_account_id = 111111111111
sso_role_name = Developer
[profile over]
role_arn = arn:aws:iam::222222222222:role/Operator
source_profile = dev
[sso-session xacct-tui-tests]
sso_start_url = https://xacct-tui-tests.invalid/start
sso_region = us-east-1
[profile login]
login_session = arn:aws:iam::111111111111:user/operator
"""


@pytest.mark.parametrize(
    ("profile", "command"),
    [
        ("dev", "aws sso login --profile dev"),
        ("over", "aws sso login --profile dev"),
        ("login", "aws login --profile login"),
    ],
)
def test_the_command_that_renews_them_is_named(
    accounts: EmbeddedAccounts,
    work: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    profile: str,
    command: str,
) -> None:
    """Nobody is signed in: no token is kept in this home."""
    SCENARIOS["done"](accounts)
    path = tmp_path / "config"
    path.write_text(f"{SSO}\n[profile prod]\nregion = us-east-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    monkeypatch.setenv("HOME", str(tmp_path))
    credentials = Path(accounts.environment()["AWS_SHARED_CREDENTIALS_FILE"]).read_text()
    path.with_name("credentials").write_text(credentials[credentials.index("[prod]") :])
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(path.with_name("credentials")))

    plan = work(profiles={"dev": profile}, fresh=True).plan()

    (problem,) = [each.problem for each in plan.accounts if each.name == "dev"]
    assert f"renew them with: {command}" in problem
    assert plan["website/trust-policy"].action is Action.NONE
