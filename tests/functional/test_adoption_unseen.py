"""Taking over what is only seen in part: what could not be known is said."""

from typing import Any

import pytest

import reconcile
from checkpoint import SCENARIOS
from functional.acme import PIPELINE, PROD, acme
from functional.drafted import deployment, fields_of, known, left, planned
from reconcile import Action, adoption
from reconcile.errors import AwsError, Refused
from xacct_tui.demo.accounts import EmbeddedAccounts


def cut_off(accounts: EmbeddedAccounts) -> None:
    accounts.faults.deny("*", account="prod")


def expired(accounts: EmbeddedAccounts) -> None:
    accounts.faults.expire("prod")


@pytest.mark.parametrize("trouble", [cut_off, expired])
def test_prod_that_cannot_be_read_leaves_its_policies_unknown(
    accounts: EmbeddedAccounts, reached: reconcile.Clients, trouble: Any
) -> None:
    acme(accounts)
    trouble(accounts)

    draft = adoption.draft_from_pipeline(reached, "acme.site")

    assert fields_of(draft.unknown) == {"deploy_role.output_policy", "deploy_role.artifact_policy", "grants"}
    text = adoption.write_toml(draft)
    assert "# deployments.website.deploy_role.output_policy: could not be seen: prod: " in text
    plan = planned(text)
    assert {change.action for change in plan.changes if change.address.account == "dev"} == {Action.NONE}
    assert {change.action for change in plan.changes if change.address.account == "prod"} == {Action.UNREADABLE}


def test_prod_without_a_profile_is_known_by_the_role_alone(accounts: EmbeddedAccounts) -> None:
    SCENARIOS["done"](accounts)
    accounts.calls.clear()
    with adoption.connect(known("dev")) as clients:
        draft = adoption.draft_from_pipeline(clients, PIPELINE)

    assert draft.values["accounts.prod.id"] == PROD
    assert adoption.check(draft) == {}
    assert {call.account for call in accounts.calls} == {"dev"}
    text = adoption.write_toml(draft.having({"accounts.prod.profile": "prod"}))
    assert left(planned(text)) == {}


def test_nothing_at_all_known_of_prod_is_asked_of_the_user(accounts: EmbeddedAccounts) -> None:
    SCENARIOS["half-done"](accounts)
    with adoption.connect(known("dev")) as clients:
        draft = adoption.draft_from_pipeline(clients, PIPELINE)

    assert set(adoption.check(draft)) == {"accounts.prod.id"}
    assert "target_account" in fields_of(draft.unknown)
    assert deployment(draft)["source"]["trigger"] == "cloudtrail"


def test_a_pipeline_that_deploys_elsewhere_is_refused_by_name(accounts: EmbeddedAccounts) -> None:
    SCENARIOS["done"](accounts)
    third = adoption.Identity("", "333333333333", "", "us-east-1").account("prod")
    with (
        adoption.connect({**known("dev"), "prod": third}) as clients,
        pytest.raises(Refused, match=f"choose a profile of account {PROD}"),
    ):
        adoption.draft_from_pipeline(clients, PIPELINE)


READS = {
    "kms:ListAliases": {"key.alias"},
    "kms:DescribeKey": {"key.admins", "grants"},
    "kms:GetKeyPolicy": {"key.admins", "grants"},
    "iam:ListRolePolicies": {"service_role.assume_policy", "deploy_role.output_policy", "deploy_role.artifact_policy",
                             "grants"},
    "iam:GetPolicyVersion": {"service_role.assume_policy", "deploy_role.output_policy", "deploy_role.artifact_policy",
                             "grants"},
    "events:ListRuleNamesByTarget": {"source.trigger", "grants"},
    "s3:GetBucketNotificationConfiguration": {"source.trigger", "grants"},
    "s3:GetBucketPolicy": {"grants"},
    "codepipeline:ListPipelineExecutions": set(),
}  # fmt: skip


@pytest.mark.parametrize(("call", "unknown"), READS.items(), ids=READS)
def test_what_may_not_be_read_is_listed_as_unknown(
    accounts: EmbeddedAccounts, reached: reconcile.Clients, call: str, unknown: set[str]
) -> None:
    SCENARIOS["done"](accounts)
    accounts.faults.deny(call)

    draft = adoption.draft_from_pipeline(reached, PIPELINE)

    assert fields_of(draft.unknown) == unknown
    accounts.faults.clear()
    assert left(planned(adoption.write_toml(draft))) == {}


def test_a_pipeline_that_cannot_be_read_is_an_error(accounts: EmbeddedAccounts, reached: reconcile.Clients) -> None:
    with pytest.raises(AwsError, match="PipelineNotFoundException"):
        adoption.draft_from_pipeline(reached, PIPELINE)
    accounts.faults.deny("codepipeline:GetPipeline")
    with pytest.raises(AwsError, match="AccessDenied"):
        adoption.draft_from_pipeline(reached, PIPELINE)
