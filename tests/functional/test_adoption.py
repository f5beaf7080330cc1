"""What was made by hand is taken over as it is: the configuration that is written asks for nothing new."""

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

import reconcile
from checkpoint import SCENARIOS
from functional.acme import ARTICLE, DEV, PIPELINE, PROD, STAGING, UPLOADS, WWW, acme, action
from functional.drafted import deployment, fields_of, left, planned
from reconcile import Action, adoption
from reconcile.errors import Refused
from xacct_tui.demo.accounts import EmbeddedAccounts


def test_the_article_followed_by_hand_is_taken_over_as_it_is(
    accounts: EmbeddedAccounts, reached: reconcile.Clients
) -> None:
    SCENARIOS["done"](accounts)

    draft = adoption.draft_from_pipeline(reached, PIPELINE)

    assert adoption.check(draft) == {}
    assert draft.unknown == ()
    text = adoption.write_toml(draft)
    assert left(planned(text)) == {}
    written, article = tomllib.loads(text), tomllib.loads(ARTICLE.read_text())
    written["deployments"]["website"]["source"].pop("trigger")
    assert written["deployments"]["website"].pop("key") == {"admins": [f"arn:aws:iam::{DEV}:role/Admin"]}
    assert written == article


@pytest.mark.parametrize("scenario", ["half-done", "drifted"])
def test_what_is_not_whole_gets_the_plan_that_the_articles_file_gives(
    accounts: EmbeddedAccounts, reached: reconcile.Clients, scenario: str
) -> None:
    SCENARIOS[scenario](accounts)

    text = adoption.write_toml(adoption.draft_from_pipeline(reached, PIPELINE))

    wanted = {change.id: change.after for change in planned(ARTICLE.read_text()).pending}
    assert {change.id: change.after for change in planned(text).pending} == wanted
    assert wanted


def test_a_set_up_with_names_of_its_own_is_taken_over_as_it_is(
    accounts: EmbeddedAccounts, reached: reconcile.Clients
) -> None:
    acme(accounts)

    draft = adoption.draft_from_pipeline(reached, "acme.site")

    found = deployment(draft)
    assert found["grants"] == "sufficient"
    assert found["output"] == {
        "bucket": WWW, "region": "us-east-1", "stage": "Out", "action": "Publish", "extract": True,
        "object_key": "site", "canned_acl": "bucket-owner-full-control", "cache_control": "max-age=60",
    }  # fmt: skip
    assert found["source"] == {"bucket": UPLOADS, "object_key": "site.zip", "trigger": "eventbridge"}
    assert found["key"]["alias"] == ""
    assert found["key"]["admins"] == [f"arn:aws:iam::{DEV}:role/Admin"]
    assert found["service_role"] == {"name": "acme-pipeline", "path": "/ci/"}
    assert found["deploy_role"] == {"name": "acme-deployer", "path": "/deploy/", "artifact_policy": "acme-read"}
    text = adoption.write_toml(draft)
    assert left(planned(text)) == {}
    assert "# the article grants more than is live" in text
    assert "# the pipeline has other S3 deploy actions, which are left alone: Try/Copy" in text


def test_another_deploy_action_is_taken_where_it_is_named(
    accounts: EmbeddedAccounts, reached: reconcile.Clients
) -> None:
    acme(accounts)
    actions = adoption.deploy_actions(reached, "dev", "acme.site")

    assert [(each.stage, each.name, each.account_id) for each in actions] == [
        ("Out", "Publish", PROD),
        ("Try", "Copy", ""),
    ]
    draft = adoption.draft_from_pipeline(reached, "acme.site", action="Try/Copy")
    assert deployment(draft)["output"]["bucket"] == STAGING
    with pytest.raises(Refused, match=r"no S3 deploy action Out/Copy \(it has: Out/Publish, Try/Copy\)"):
        adoption.draft_from_pipeline(reached, "acme.site", action="Out/Copy")


def test_the_role_that_the_action_lost_is_found_by_what_the_service_role_may_assume(
    accounts: EmbeddedAccounts, reached: reconcile.Clients
) -> None:
    acme(accounts)
    codepipeline = accounts.client("dev", "codepipeline")
    declaration = codepipeline.get_pipeline(name="acme.site")["pipeline"]
    del declaration["stages"][3]["actions"][0]["roleArn"]
    codepipeline.update_pipeline(pipeline=declaration)

    draft = adoption.draft_from_pipeline(reached, "acme.site", action="Out/Publish")

    assert deployment(draft)["deploy_role"]["name"] == "acme-deployer"
    assert left(planned(adoption.write_toml(draft))) == {"website/deploy-action-role": Action.UPDATE}


def other_key(accounts: EmbeddedAccounts, key: str | None) -> None:
    encryption = {"encryptionKey": {"id": key, "type": "KMS"}} if key else {}
    edit_pipeline(
        accounts,
        lambda declaration: declaration.update(
            artifactStore={"type": "S3", "location": declaration["artifactStore"]["location"], **encryption}
        ),
    )


KEYS = {
    "no key": (None, {}, Action.CREATE),
    "the alias's ARN": (
        f"arn:aws:kms:us-east-1:{DEV}:alias/s3deploykey",
        {"alias": "alias/s3deploykey"},
        Action.UPDATE,
    ),
    "AWS's own key": (f"arn:aws:kms:us-east-1:{DEV}:alias/aws/s3", {}, Action.UPDATE),
}


@pytest.mark.parametrize(("key", "found", "change"), KEYS.values(), ids=KEYS)
def test_a_key_that_does_not_serve_is_the_one_thing_to_change(
    accounts: EmbeddedAccounts, reached: reconcile.Clients, key: str | None, found: dict[str, str], change: Action
) -> None:
    SCENARIOS["done"](accounts)
    other_key(accounts, key)

    draft = adoption.draft_from_pipeline(reached, PIPELINE)

    assert {name: value for name, value in deployment(draft)["key"].items() if name != "admins"} == found
    assert left(planned(adoption.write_toml(draft))) == {"website/pipeline-key": change}


def edit_pipeline(accounts: EmbeddedAccounts, edit: Callable[[dict[str, Any]], object]) -> None:
    codepipeline = accounts.client("dev", "codepipeline")
    declaration = codepipeline.get_pipeline(name=PIPELINE)["pipeline"]
    edit(declaration)
    codepipeline.update_pipeline(pipeline=declaration)


def without_rule(accounts: EmbeddedAccounts) -> None:
    events = accounts.client("dev", "events")
    for rule in events.list_rules()["Rules"]:
        targets = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        events.remove_targets(Rule=rule["Name"], Ids=[each["Id"] for each in targets])


def polling(accounts: EmbeddedAccounts) -> None:
    without_rule(accounts)

    def poll(declaration: dict[str, Any]) -> None:
        declaration["stages"][0]["actions"][0]["configuration"]["PollForSourceChanges"] = "true"

    edit_pipeline(accounts, poll)


def rule_off(accounts: EmbeddedAccounts) -> None:
    events = accounts.client("dev", "events")
    for rule in events.list_rules()["Rules"]:
        events.disable_rule(Name=rule["Name"])


@pytest.mark.parametrize(
    ("change", "sort", "pending"),
    [(without_rule, "none", {}), (polling, "poll", {}), (rule_off, "eventbridge", {"website/trigger": Action.CREATE})],
)
def test_a_trigger_is_taken_as_it_is_and_repaired_where_it_is_broken(
    accounts: EmbeddedAccounts, reached: reconcile.Clients, change: Any, sort: str, pending: dict[str, Action]
) -> None:
    SCENARIOS["done"](accounts)
    change(accounts)

    draft = adoption.draft_from_pipeline(reached, PIPELINE)

    assert deployment(draft)["source"]["trigger"] == sort
    assert left(planned(adoption.write_toml(draft))) == pending


def test_a_source_that_is_not_s3_is_left_alone(accounts: EmbeddedAccounts, reached: reconcile.Clients) -> None:
    SCENARIOS["done"](accounts)
    repository = action(
        "Source",
        "Source",
        "CodeCommit",
        configuration={"RepositoryName": "site", "BranchName": "main"},
        outputArtifacts=[{"name": "SourceArtifact"}],
    )
    edit_pipeline(accounts, lambda declaration: declaration["stages"][0].update(actions=[repository]))

    draft = adoption.draft_from_pipeline(reached, PIPELINE)

    assert "source" not in deployment(draft)
    assert "source" in fields_of(draft.remarks)
    plan = planned(adoption.write_toml(draft))
    assert left(plan) == {}
    assert "website/trigger" not in plan


def test_what_the_tool_cannot_do_is_told_at_its_field(accounts: EmbeddedAccounts, reached: reconcile.Clients) -> None:
    """Another region than the pipeline's, for one."""
    SCENARIOS["done"](accounts)
    accounts.client("dev", "s3", "eu-west-1").create_bucket(
        Bucket="far-artifacts", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )

    def far(declaration: dict[str, Any]) -> None:
        store = declaration.pop("artifactStore")
        declaration["artifactStores"] = {"us-east-1": store, "eu-west-1": {"type": "S3", "location": "far-artifacts"}}
        declaration["stages"][1]["actions"][0]["region"] = "eu-west-1"

    edit_pipeline(accounts, far)

    draft = adoption.draft_from_pipeline(reached, PIPELINE)

    assert set(adoption.check(draft)) == {"deployments.website.output.region"}
    assert "pipeline" in fields_of(draft.remarks)
    assert deployment(draft)["artifacts"]["bucket"] == "codepipeline-us-east-1-0123456789"


def test_of_several_aliases_one_is_taken(accounts: EmbeddedAccounts, reached: reconcile.Clients) -> None:
    SCENARIOS["done"](accounts)
    kms = accounts.client("dev", "kms")
    key = kms.describe_key(KeyId="alias/s3deploykey")["KeyMetadata"]["KeyId"]
    kms.delete_alias(AliasName="alias/s3deploykey")
    for alias in ("alias/site", "alias/artifacts"):
        kms.create_alias(AliasName=alias, TargetKeyId=key)

    text = adoption.write_toml(adoption.draft_from_pipeline(reached, PIPELINE))

    assert 'alias = "alias/artifacts"' in text
    assert "# the key has other aliases too: alias/site" in text
    assert left(planned(text)) == {}
