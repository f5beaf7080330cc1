"""What was made by hand is taken over as it is: the configuration that is written asks for nothing new."""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import reconcile
from reconcile import Action, Plan, adoption
from reconcile.errors import AccessProblem, AwsError, Refused
from reconcile.toml import nested
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.scenarios import SCENARIOS

ARTICLE = Path(__file__).parents[2] / "config" / "article.toml"
PIPELINE = "crossaccountdeploy"
DEV, PROD = "111111111111", "222222222222"
UPLOADS, ARTIFACTS, STAGING, WWW = "acme-uploads", "acme-artifacts", "acme-staging", "acme-www"
SERVICE_ROLE = f"arn:aws:iam::{DEV}:role/ci/acme-pipeline"
DEPLOY_ROLE = f"arn:aws:iam::{PROD}:role/deploy/acme-deployer"


def document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]})


def objects(bucket: str, *actions: str) -> dict[str, Any]:
    return {"Action": [f"s3:{each}" for each in actions], "Resource": f"arn:aws:s3:::{bucket}/*"}


def whole(bucket: str, *actions: str) -> dict[str, Any]:
    return {"Action": [f"s3:{each}" for each in actions], "Resource": f"arn:aws:s3:::{bucket}"}


def trust(**principal: str) -> str:
    return document({"Principal": principal, "Action": "sts:AssumeRole"})


def action(name: str, category: str, provider: str, **rest: Any) -> dict[str, Any]:
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "actionTypeId": kind, **rest}


def acme_roles(accounts: EmbeddedAccounts) -> None:
    dev, prod = accounts.client("dev", "iam"), accounts.client("prod", "iam")
    service = trust(Service="codepipeline.amazonaws.com")
    dev.create_role(RoleName="acme-pipeline", Path="/ci/", AssumeRolePolicyDocument=service)
    buckets = {"Action": "s3:*", "Resource": [f"arn:aws:s3:::{each}{end}" for each in (UPLOADS, ARTIFACTS, STAGING)
                                              for end in ("", "/*")]}  # fmt: skip
    assume = {"Action": "sts:AssumeRole", "Resource": DEPLOY_ROLE}
    for name, statement in (("buckets", buckets), ("release", assume)):
        dev.put_role_policy(RoleName="acme-pipeline", PolicyName=name, PolicyDocument=document(statement))
    prod.create_role(
        RoleName="acme-deployer", Path="/deploy/", AssumeRolePolicyDocument=trust(AWS=f"arn:aws:iam::{DEV}:root")
    )
    prod.update_assume_role_policy(RoleName="acme-deployer", PolicyDocument=trust(AWS=SERVICE_ROLE))


def acme_buckets(accounts: EmbeddedAccounts) -> None:
    s3 = accounts.client("dev", "s3")
    for bucket in (UPLOADS, ARTIFACTS, STAGING):
        s3.create_bucket(Bucket=bucket)
    accounts.client("prod", "s3").create_bucket(Bucket=WWW)
    s3.put_bucket_versioning(Bucket=UPLOADS, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_notification_configuration(Bucket=UPLOADS, NotificationConfiguration={"EventBridgeConfiguration": {}})
    reader = {"Principal": {"AWS": DEPLOY_ROLE}}
    s3.put_bucket_policy(
        Bucket=ARTIFACTS,
        Policy=document(
            {"Sid": "read", **reader, **objects(ARTIFACTS, "GetObject", "GetObjectVersion")},
            {"Sid": "list", **reader, **whole(ARTIFACTS, "ListBucket")},
        ),
    )


def acme_key(accounts: EmbeddedAccounts) -> str:
    """A key without an alias, whose policy nobody's console wrote."""
    policy = document(
        {"Principal": {"AWS": f"arn:aws:iam::{DEV}:root"}, "Action": "kms:*", "Resource": "*"},
        {"Sid": "ops", "Principal": {"AWS": f"arn:aws:iam::{DEV}:role/Admin"}, "Action": "kms:*", "Resource": "*"},
        {
            "Sid": "pipeline",
            "Principal": {"AWS": SERVICE_ROLE},
            "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            "Resource": "*",
        },
        {
            "Sid": "deploy",
            "Principal": {"AWS": DEPLOY_ROLE},
            "Action": ["kms:Decrypt", "kms:DescribeKey"],
            "Resource": "*",
        },
    )
    return str(accounts.client("dev", "kms").create_key(Policy=policy)["KeyMetadata"]["Arn"])


def acme_policies(accounts: EmbeddedAccounts, key: str) -> None:
    """One of prod's policies is inline, the other is not."""
    iam = accounts.client("prod", "iam")
    write = document(
        objects(WWW, "PutObject", "PutObjectAcl", "PutObjectVersionAcl"),
        whole(WWW, "GetBucketAcl", "GetBucketLocation", "GetBucketVersioning"),
    )
    iam.put_role_policy(RoleName="acme-deployer", PolicyName="write", PolicyDocument=write)
    read = document(
        {"Action": ["kms:Decrypt", "kms:DescribeKey"], "Resource": key},
        objects(ARTIFACTS, "GetObject", "GetObjectVersion"),
        whole(ARTIFACTS, "ListBucket"),
    )
    made = iam.create_policy(PolicyName="acme-read", Path="/deploy/", PolicyDocument=read)
    iam.attach_role_policy(RoleName="acme-deployer", PolicyArn=made["Policy"]["Arn"])


def acme_pipeline(accounts: EmbeddedAccounts, key: str) -> None:
    """Four stages; the first S3 deploy action is not the one that goes to prod."""
    zipped = {"inputArtifacts": [{"name": "Site"}]}
    source = {"S3Bucket": UPLOADS, "S3ObjectKey": "site.zip", "PollForSourceChanges": "false"}
    release = {"BucketName": WWW, "Extract": "true", "ObjectKey": "site", "CannedACL": "bucket-owner-full-control",
               "CacheControl": "max-age=60"}  # fmt: skip
    stages = [
        ("In", action("Fetch", "Source", "S3", configuration=source, outputArtifacts=[{"name": "Site"}])),
        ("Try", action("Copy", "Deploy", "S3", configuration={"BucketName": STAGING, "Extract": "true"}, **zipped)),
        ("Look", action("Approve", "Approval", "Manual")),
        ("Out", action("Publish", "Deploy", "S3", configuration=release, roleArn=DEPLOY_ROLE, **zipped)),
    ]
    declaration = {
        "name": "acme.site",
        "roleArn": SERVICE_ROLE,
        "artifactStore": {"type": "S3", "location": ARTIFACTS, "encryptionKey": {"id": key, "type": "KMS"}},
        "stages": [{"name": name, "actions": [one]} for name, one in stages],
    }
    accounts.client("dev", "codepipeline").create_pipeline(pipeline=declaration)


def acme_rule(accounts: EmbeddedAccounts) -> None:
    iam, events = accounts.client("dev", "iam"), accounts.client("dev", "events")
    arn = f"arn:aws:codepipeline:us-east-1:{DEV}:acme.site"
    iam.create_role(RoleName="acme-start", AssumeRolePolicyDocument=trust(Service="events.amazonaws.com"))
    start = document({"Action": "codepipeline:StartPipelineExecution", "Resource": arn})
    iam.put_role_policy(RoleName="acme-start", PolicyName="start", PolicyDocument=start)
    pattern = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [UPLOADS]}, "object": {"key": [{"suffix": ".zip"}]}},
    }
    events.put_rule(Name="acme-uploaded", EventPattern=json.dumps(pattern))
    target = {"Id": "1", "Arn": arn, "RoleArn": f"arn:aws:iam::{DEV}:role/acme-start"}
    events.put_targets(Rule="acme-uploaded", Targets=[target])


def acme(accounts: EmbeddedAccounts) -> None:
    """A set-up that works, by somebody who never read the article."""
    with accounts.settled():
        acme_roles(accounts)
        acme_buckets(accounts)
        key = acme_key(accounts)
        acme_policies(accounts, key)
        acme_pipeline(accounts, key)
        acme_rule(accounts)


@pytest.fixture
def reached(accounts: EmbeddedAccounts) -> Iterator[reconcile.Clients]:
    assert accounts.endpoint
    with adoption.connect(known("dev", "prod")) as clients:
        yield clients


def known(*profiles: str) -> dict[str, Any]:
    """The accounts as their profiles lead to them."""
    found = {profile: adoption.identify(profile) for profile in profiles}
    return {name: each.account(name) for name, each in found.items() if isinstance(each, adoption.Identity)}


def planned(text: str) -> Plan:
    config = adoption.config_of(text)
    with reconcile.connect(config) as clients:
        return reconcile.plan(config, reconcile.read(config, clients))


def left(plan: Plan) -> dict[str, Action]:
    return {change.id: change.action for change in plan.changes if change.action is not Action.NONE}


def deployment(draft: adoption.Draft) -> Any:
    return nested(draft.values)["deployments"]["website"]


def fields_of(remarks: tuple[adoption.Remark, ...]) -> set[str]:
    return {remark.key.removeprefix("deployments.website.") for remark in remarks}


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


def test_an_inventory_holds_what_a_deployment_is_made_of(
    accounts: EmbeddedAccounts, reached: reconcile.Clients
) -> None:
    SCENARIOS["done"](accounts)
    accounts.client("prod", "s3", "eu-west-1").create_bucket(
        Bucket="far-away", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )

    dev, prod = (adoption.inventory(reached, name) for name in ("dev", "prod"))

    assert dev.pipelines == (PIPELINE,)
    assert [(key.aliases, key.description, key.state) for key in dev.keys] == [
        (("alias/s3deploykey",), "Artifacts of crossaccountdeploy", "Enabled")
    ]
    assert "codepipeline-input-bucket" in dev.buckets
    assert prod.buckets == {"codepipeline-output-bucket": "us-east-1", "far-away": "eu-west-1"}
    assert [(role.name, role.path) for role in prod.roles] == [("Admin", "/"), ("prods3role", "/")]
    assert dev.unreadable == prod.unreadable == ()


LISTINGS = {
    "codepipeline:ListPipelines": "pipelines",
    "kms:ListAliases": "aliases",
    "kms:ListKeys": "",
    "kms:DescribeKey": "descriptions",
    "s3:ListBuckets": "buckets",
    "iam:ListRoles": "roles",
}


@pytest.mark.parametrize(("call", "missing"), LISTINGS.items(), ids=LISTINGS)
def test_a_listing_that_is_refused_leaves_the_others(
    accounts: EmbeddedAccounts, reached: reconcile.Clients, call: str, missing: str
) -> None:
    SCENARIOS["done"](accounts)
    accounts.faults.deny(call, account="dev")

    seen = adoption.inventory(reached, "dev")

    assert [error.call for error in seen.unreadable] == [call]
    assert "AccessDenied" in seen.unreadable[0].code
    parts = {
        "pipelines": seen.pipelines,
        "aliases": [key.aliases for key in seen.keys if key.aliases],
        "descriptions": [key.description for key in seen.keys if key.description],
        "buckets": seen.buckets,
        "roles": seen.roles,
    }
    assert [name for name, part in parts.items() if not part] == [missing] * bool(missing)
    assert any(key.arn.startswith(f"arn:aws:kms:us-east-1:{DEV}:key/") for key in seen.keys)


def test_an_account_that_cannot_be_used_is_listed_as_such(
    accounts: EmbeddedAccounts, reached: reconcile.Clients
) -> None:
    SCENARIOS["done"](accounts)
    accounts.faults.expire("prod")

    seen = adoption.inventory(reached, "prod")

    assert [*seen.pipelines, *seen.keys, *seen.buckets, *seen.roles] == []
    assert all(isinstance(error, AccessProblem) for error in seen.unreadable)
    assert "aws sts get-caller-identity --profile prod" in str(seen.unreadable[0])
    assert adoption.inventory(reached, "dev").pipelines == (PIPELINE,)


def test_nothing_is_written_while_looking(accounts: EmbeddedAccounts, reached: reconcile.Clients) -> None:
    acme(accounts)
    accounts.calls.clear()

    adoption.inventory(reached, "dev")
    adoption.draft_from_pipeline(reached, "acme.site")

    assert {call.operation for call in accounts.calls if not call.operation.startswith(("Get", "List", "Describe",
                                                                                        "Head"))} == set()  # fmt: skip


def test_a_new_set_up_is_built_and_in_sync(accounts: EmbeddedAccounts, tmp_path: Path) -> None:
    draft = adoption.draft_new(known("dev", "prod"), pipeline="Acme.Site", admins=(f"arn:aws:iam::{DEV}:role/Admin",))
    assert deployment(draft)["output"]["bucket"] == f"acme-site-output-{PROD}"
    text = adoption.write_toml(draft.having({"journal.url": str(tmp_path / "journal.db")}))
    config = adoption.config_of(text)
    with reconcile.connect(config) as clients, reconcile.open_journal(config) as journal:
        plan = reconcile.plan(config, reconcile.read(config, clients))
        reconcile.apply(plan.pending, plan, clients, journal, pause=lambda _: None)
    assert accounts.calls
    assert left(planned(text)) == {}
