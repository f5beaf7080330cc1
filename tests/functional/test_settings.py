"""What the TOML says of everything that is created, of what others own, and of what does not exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from checkpoint import SCENARIOS
from reconcile import Action, Result
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.scenarios import rule_disabled, versioning_suspended
from xacct_tui.exit_codes import plan_code

DEV, PROD, AWS = (f"arn:aws:iam::{owner}:policy/PowerUserAccess" for owner in ("111111111111", "222222222222", "aws"))
RULE = f"xacct-{doc.PIPELINE}"
WIDE = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'


def _boundary(accounts: EmbeddedAccounts, account: str, role: str) -> str | None:
    live = accounts.client(account, "iam").get_role(RoleName=role)["Role"]
    arn: str | None = live.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return arn


@pytest.mark.parametrize(
    ("text", "service", "deploy"),
    [
        (f'permissions_boundary = "{AWS}"', AWS, AWS),
        (f'permissions_boundary = "{DEV}"', DEV, None),
        (f'permissions_boundary = "{DEV}"\ndeploy_role.permissions_boundary = "{PROD}"', DEV, PROD),
    ],
)
def test_a_boundary_is_of_the_roles_own_account(
    accounts: EmbeddedAccounts, work: Any, text: str, service: str | None, deploy: str | None
) -> None:
    for account in ("dev", "prod"):
        accounts.client(account, "iam").create_policy(PolicyName="PowerUserAccess", PolicyDocument=WIDE)
    world = work(extra=text)

    assert set(world.apply("website/service-role", "website/deploy-role").values()) == {Result.APPLIED}

    assert _boundary(accounts, "dev", doc.SERVICE_ROLE) == service
    assert _boundary(accounts, "prod", doc.DEPLOY_ROLE) == deploy


def test_everything_that_is_created_is_tagged_and_every_role_bounded(accounts: EmbeddedAccounts, work: Any) -> None:
    world = work(extra=f'tags = {{ project = "website" }}\npermissions_boundary = "{AWS}"')
    assert set(world.apply().values()) == {Result.APPLIED}

    tags = dict(_tags(accounts))

    assert len(tags) == 12
    assert {name: found.get("project") for name, found in tags.items()} == dict.fromkeys(tags, "website")
    assert all(found["xacct-tui"] in name for name, found in tags.items())
    roles = (("dev", doc.SERVICE_ROLE), ("dev", RULE), ("prod", doc.DEPLOY_ROLE))
    assert {_boundary(accounts, *role) for role in roles} == {AWS}


def _tags(accounts: EmbeddedAccounts) -> Iterator[tuple[str, Mapping[str, str]]]:
    """By what it is: the tags of everything that was made."""
    for account in ("dev", "prod"):
        iam, s3 = accounts.client(account, "iam"), accounts.client(account, "s3")
        for role in (each["RoleName"] for each in iam.list_roles()["Roles"] if each["RoleName"] != "Admin"):
            yield f"iam:role/{role}", _pairs(iam.get_role(RoleName=role)["Role"]["Tags"])
        for policy in iam.list_policies(Scope="Local")["Policies"]:
            listed = iam.list_policy_tags(PolicyArn=policy["Arn"])["Tags"]
            yield f"iam:policy/{policy['PolicyName']}", _pairs(listed)
        for bucket in (each["Name"] for each in s3.list_buckets()["Buckets"]):
            yield f"s3:bucket/{bucket}", _pairs(s3.get_bucket_tagging(Bucket=bucket)["TagSet"])
    kms, events = accounts.client("dev", "kms"), accounts.client("dev", "events")
    key = kms.describe_key(KeyId=doc.KEY_ALIAS)["KeyMetadata"]["KeyId"]
    yield f"kms:key/{doc.KEY_ALIAS}", _pairs(kms.list_resource_tags(KeyId=key)["Tags"], "Tag")
    arn = f"arn:aws:codepipeline:us-east-1:111111111111:{doc.PIPELINE}"
    listed = accounts.client("dev", "codepipeline").list_tags_for_resource(resourceArn=arn)["tags"]
    yield f"codepipeline:pipeline/{doc.PIPELINE}", {each["key"]: each["value"] for each in listed}
    (rule,) = events.list_rules()["Rules"]
    yield f"events:rule/{rule['Name']}", _pairs(events.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"])


def _pairs(tags: list[dict[str, str]], prefix: str = "") -> dict[str, str]:
    return {tag[f"{prefix}Key"]: tag[f"{prefix}Value"] for tag in tags}


def test_what_others_own_is_planned_and_never_written(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["done"](accounts)
    versioning_suspended(accounts)
    rule_disabled(accounts)
    world = work(extra='report_only = ["input-*", "key"]')
    plan = world.plan()

    assert world.differing() == {"website/input-versioning": "update", "website/trigger": "create"}
    assert not plan["website/input-versioning"].managed
    assert world.apply("website/input-versioning") == {"website/input-versioning": Result.REFUSED}
    assert world.apply() == {"website/trigger": Result.APPLIED}

    left = world.plan()
    assert (world.differing(), left.pending, plan_code(left)) == ({"website/input-versioning": "update"}, (), 2)
    versioning = accounts.client("dev", "s3").get_bucket_versioning(Bucket=doc.INPUT)
    assert versioning["Status"] == "Suspended"


def test_what_others_have_not_made_keeps_what_needs_it_from_being_made(work: Any) -> None:
    plan = work(extra='report_only = ["*-role", "key"]').plan()

    told = {change.slug: change for change in plan.changes}
    assert told["deploy-role"].action is Action.CREATE
    assert told["trust-policy"].reason == "needs website/deploy-role, which others own and have not made"
    assert {change.slug for change in plan.pending} == {
        "input-bucket",
        "artifact-bucket",
        "output-bucket",
        "input-versioning",
        "artifact-statements",
    }


def test_what_is_missing_is_reported_where_it_is_not_to_be_made(work: Any) -> None:
    world = work(extra='missing = "report"')
    plan = world.plan()

    assert {change.action for change in plan.changes} == {Action.BLOCKED}
    assert plan["website/output-bucket"].reason == (
        "s3:bucket/codepipeline-output-bucket does not exist, and the TOML does not say to make it"
    )
    assert plan["website/trust-policy"].reason.startswith("needs website/deploy-role, which is blocked: ")
    assert (world.apply(), plan_code(plan)) == ({}, 2)


def test_what_is_there_is_still_edited_where_nothing_is_to_be_made(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["drifted"](accounts)
    world = work(extra='missing = "report"')

    assert set(world.apply().values()) == {Result.APPLIED}

    assert world.differing() == {}


def test_a_key_by_its_arn_wants_no_alias(accounts: EmbeddedAccounts, work: Any) -> None:
    arn = accounts.client("dev", "kms").create_key()["KeyMetadata"]["Arn"]
    plan = work(extra=f'key.arn = "{arn}"').plan()

    assert "website/key-alias" not in plan
    assert plan["website/key"].action is Action.NONE
    assert plan["website/pipeline"].after["artifactStore"]["encryptionKey"]["id"] == arn


def test_a_key_by_its_arn_and_an_alias_by_its_name_are_both_wanted(accounts: EmbeddedAccounts, work: Any) -> None:
    arn = accounts.client("dev", "kms").create_key()["KeyMetadata"]["Arn"]
    plan = work(extra=f'key = {{ arn = "{arn}", alias = "alias/s3deploykey" }}').plan()

    assert plan["website/key-alias"].after == {"target": arn}


def test_a_key_by_its_arn_is_not_made(work: Any) -> None:
    arn = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    plan = work(extra=f'key.arn = "{arn}"').plan()

    assert plan["website/key"].reason == f"kms:key/{arn} does not exist, and the TOML does not say to make it"
    assert plan["website/key-users"].action is Action.BLOCKED
