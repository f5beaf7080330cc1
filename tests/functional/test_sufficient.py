"""``grants = "sufficient"``: what lets the deployment work is left as it is, and gaps get the least privilege."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cases.deviations import obstacles, pipelines
from functional.proven import ASSUME, Seen, granting, open_steps
from xacct_tui.demo import article, scenarios
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.scenarios import SCENARIOS


def _key_by_delegation(accounts: EmbeddedAccounts) -> None:
    """The key leaves the service role to IAM, where it is granted what it needs."""
    key = article.key_arn(accounts)
    policy = json.dumps(doc.key_policy([]))
    accounts.client("dev", "kms").put_key_policy(KeyId=key, PolicyName="default", Policy=policy)
    use = ["kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey"]
    _inline(accounts, "dev", doc.SERVICE_ROLE, {"Effect": "Allow", "Action": use, "Resource": key})


def _trust_of_the_account(accounts: EmbeddedAccounts) -> None:
    """The role trusts the whole dev account, and the service role may assume it."""
    accounts.client("prod", "iam").update_assume_role_policy(
        RoleName=doc.DEPLOY_ROLE, PolicyDocument=json.dumps(doc.deploy_trust(f"arn:aws:iam::{doc.DEV}:root"))
    )


def _everything_but(accounts: EmbeddedAccounts) -> None:
    """The role that deploys may do everything but IAM, by a statement that names no action."""
    statement = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    for name in ("outputbucketdeployaccess", "devkmss3access"):
        arn = f"arn:aws:iam::{doc.PROD}:policy/{name}"
        accounts.client("prod", "iam").detach_role_policy(RoleName=doc.DEPLOY_ROLE, PolicyArn=arn)
    _inline(accounts, "prod", doc.DEPLOY_ROLE, statement)


def _another_key(accounts: EmbeddedAccounts) -> None:
    """The pipeline encrypts with another key than the TOML's, which grants all that is needed."""
    policy = accounts.client("dev", "kms").get_key_policy(KeyId=article.key_arn(accounts), PolicyName="default")
    another = accounts.client("dev", "kms").create_key(Policy=policy["Policy"])["KeyMetadata"]["Arn"]
    pipelines.encrypt_with(accounts, another)
    use = {"Effect": "Allow", "Action": ["kms:Decrypt", "kms:DescribeKey"], "Resource": another}
    _inline(accounts, "prod", doc.DEPLOY_ROLE, use)


def _inline(accounts: EmbeddedAccounts, account: str, role: str, statement: dict[str, Any]) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    accounts.client(account, "iam").put_role_policy(RoleName=role, PolicyName="by-hand", PolicyDocument=policy)


WAYS: dict[Callable[[EmbeddedAccounts], None], set[str]] = {
    _key_by_delegation: {"key-users"},
    _trust_of_the_account: {"trust-policy"},
    _everything_but: {"output-access", "artifact-access"},
    _another_key: {"pipeline-key"},
}
"""Other ways in which the deployment works, and what the least privilege would write beside them."""


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_what_works_is_left_as_it_is(
    accounts: EmbeddedAccounts, work: Any, way: Callable[[EmbeddedAccounts], None]
) -> None:
    SCENARIOS["done"](accounts)
    way(accounts)
    least = Seen.by(work(edit=granting("least-privilege"), extra=ASSUME))
    enough = Seen.by(work(edit=granting("sufficient"), extra=ASSUME))

    assert open_steps(enough.prove()) == []
    assert enough.plan().pending == ()
    assert {change.slug for change in least.plan().pending} <= WAYS[way]


def test_a_gap_is_filled_with_the_least_and_nothing_else_is_touched(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["done"](accounts)
    scenarios.bucket_policy_overwritten(accounts)
    world = work(edit=granting("sufficient"), extra=ASSUME)
    pending = Seen.by(world).plan().pending

    assert [change.slug for change in pending] == ["artifact-statements"]
    assert {action for each in pending[0].after for action in _listed(each["Action"])} == {
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:ListBucket",
    }
    world.apply()
    assert open_steps(Seen.by(world).prove()) == []


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    ("deviation", "slug"),
    [(pipelines.another_key, "pipeline-key"), (pipelines.another_action_role, "deploy-action-role")],
)
def test_what_serves_by_half_in_place_of_the_toml_is_put_back(
    accounts: EmbeddedAccounts, work: Any, deviation: Callable[[EmbeddedAccounts], None], slug: str
) -> None:
    SCENARIOS["done"](accounts)
    deviation(accounts)
    world = work(edit=granting("sufficient"), extra=ASSUME)
    assert [change.slug for change in Seen.by(world).plan().pending] == [slug]

    world.apply()
    assert open_steps(Seen.by(world).prove()) == []


def test_what_is_put_back_may_be_what_the_pipeline_does_not_use_yet(accounts: EmbeddedAccounts, work: Any) -> None:
    """To let the service role become the TOML's role gives no more than is needed, once the pipeline uses it."""
    SCENARIOS["half-done"](accounts)
    pipelines.another_action_role(accounts)
    world = work(edit=granting("sufficient"), extra=ASSUME)
    assert [change.id for change in Seen.by(world).plan().changes if change.action == "blocked"] == []

    assert set(world.apply().values()) == {"applied"}
    assert open_steps(Seen.by(world).prove()) == []


def test_what_may_be_granted_is_a_gap_also_where_the_other_side_lacks(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["half-done"](accounts)
    tagged = {"StringEquals": {"aws:PrincipalTag/team": "web"}}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*", "Condition": tagged}
    _inline(accounts, "dev", doc.SERVICE_ROLE, statement)
    world = work(edit=granting("sufficient"), extra=ASSUME)

    assert "website/assume-policy" in world.apply()
    assert open_steps(Seen.by(world).prove()) == []


DENIALS: dict[str, tuple[str, dict[str, Any]]] = {
    "a condition that holds": ("prod", {"StringEquals": {"aws:PrincipalAccount": doc.PROD}}),
    "a condition that dev's key meets": ("dev", {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}),
}


@pytest.mark.parametrize("denial", DENIALS)
def test_what_is_denied_is_not_called_in_sync(accounts: EmbeddedAccounts, work: Any, denial: str) -> None:
    """No Allow lacks, and by what it says alone the Deny may well be about something else."""
    account, condition = DENIALS[denial]
    SCENARIOS["done"](accounts)
    role = doc.DEPLOY_ROLE if account == "prod" else doc.SERVICE_ROLE
    statement = {"Effect": "Deny", "Action": ["s3:PutObject", "kms:*"], "Resource": "*", "Condition": condition}
    _inline(accounts, account, role, {"Sid": "Stop", **statement})
    plan = Seen.by(work(edit=granting("sufficient"), extra=ASSUME)).plan()

    blocked = {change.slug: change.reason for change in plan.changes if change.action != "none"}
    assert blocked.keys() == ({"output-access", "artifact-access"} if account == "prod" else {"key-users"})
    assert set(blocked.values()) == {
        f"Stop of inline policy by-hand of role {role} in {account} denies it: change that statement first"
    }


def test_a_role_that_is_bounded_serves_no_more_than_its_boundary_allows(accounts: EmbeddedAccounts, work: Any) -> None:
    """A rule of its own does what the other's may not; to prod's role nothing that is granted would help."""
    SCENARIOS["done"](accounts)
    for account, role in (("dev", doc.RULE_ROLE), ("prod", doc.DEPLOY_ROLE)):
        iam = accounts.client(account, "iam")
        statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        bounds = iam.create_policy(PolicyName="Bounds", PolicyDocument=policy)["Policy"]["Arn"]
        iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=bounds)
    plan = Seen.by(work(edit=granting("sufficient"), extra=ASSUME)).plan()

    assert [change.slug for change in plan.pending] == ["trigger"]
    blocked = {change.slug: change.reason for change in plan.changes if change.action == "blocked"}
    assert blocked.keys() == {"artifact-access", "key-sharing"}
    assert set(blocked.values()) == {"permissions boundary Bounds in prod does not allow it: change that first"}


@pytest.mark.parametrize("obstacle", [obstacles.deploys_to_another_bucket, obstacles.keeps_artifacts_elsewhere])
def test_what_cannot_be_put_back_is_told(
    accounts: EmbeddedAccounts, work: Any, obstacle: Callable[[EmbeddedAccounts], None]
) -> None:
    SCENARIOS["done"](accounts)
    obstacle(accounts)
    plan = Seen.by(work(edit=granting("sufficient"), extra=ASSUME)).plan()

    assert plan["website/pipeline"].action == "blocked"


def test_a_policy_that_says_more_is_not_brought_into_force(accounts: EmbeddedAccounts, work: Any) -> None:
    """The article's policy is there under its name, and nothing holds it: to attach it would give more than a gap."""
    SCENARIOS["done"](accounts)
    arn = f"arn:aws:iam::{doc.PROD}:policy/outputbucketdeployaccess"
    accounts.client("prod", "iam").detach_role_policy(RoleName=doc.DEPLOY_ROLE, PolicyArn=arn)
    plan = Seen.by(work(edit=granting("sufficient"), extra=ASSUME)).plan()

    assert plan.pending == ()
    assert plan["website/output-access"].action == "blocked"
    assert (
        "which also grants s3:Put* on arn:aws:s3:::codepipeline-output-bucket/*" in plan["website/output-access"].reason
    )
