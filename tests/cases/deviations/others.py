"""Deviations of buckets, of prod's role, and of what starts the pipeline."""

from __future__ import annotations

import json
from typing import Any

from cases.deviations import editing
from cases.deviations.deviation import deviation
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts

_OWN_TRIGGER = ("rule xacct-crossaccountdeploy", "role xacct-crossaccountdeploy", "notification.EventBridge")
OWN_RULE = f"xacct-{doc.PIPELINE}"
_ARN = f"arn:aws:codepipeline:us-east-1:{doc.DEV}:{doc.PIPELINE}"


def _versioning(accounts: EmbeddedAccounts, status: str) -> None:
    accounts.client("dev", "s3").put_bucket_versioning(Bucket=doc.INPUT, VersioningConfiguration={"Status": status})


@deviation("input-versioning")
def versioning_suspended(accounts: EmbeddedAccounts) -> None:
    _versioning(accounts, "Suspended")


def _input_bucket_anew(accounts: EmbeddedAccounts) -> None:
    s3 = accounts.client("dev", "s3")
    for version in s3.list_object_versions(Bucket=doc.INPUT)["Versions"]:
        s3.delete_object(Bucket=doc.INPUT, Key=version["Key"], VersionId=version["VersionId"])
    s3.delete_bucket(Bucket=doc.INPUT)
    s3.create_bucket(Bucket=doc.INPUT)


@deviation(
    "input-versioning",
    loses=("tag team", "notification.TopicConfigurations"),
    forgets=("versioning never enabled",),
    remains=("versioning Suspended",),
)
def versioning_never_enabled(accounts: EmbeddedAccounts) -> None:
    _input_bucket_anew(accounts)


@deviation("output-bucket", loses=("tag owner", "output-bucket policy"), adds=("tag xacct-tui",))
def output_bucket_deleted(accounts: EmbeddedAccounts) -> None:
    accounts.client("prod", "s3").delete_bucket(Bucket=doc.OUTPUT)


@deviation(
    "deploy-role",
    "trust-policy",
    "output-access",
    "artifact-access",
    loses=("role prods3role tag owner", "role prods3role inline logs", "ManualPipeline", "role/Admin"),
    adds=("role prods3role tag xacct-tui",),
)
def deploy_role_deleted(accounts: EmbeddedAccounts) -> None:
    iam = accounts.client("prod", "iam")
    for policy in iam.list_attached_role_policies(RoleName=doc.DEPLOY_ROLE)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=doc.DEPLOY_ROLE, PolicyArn=policy["PolicyArn"])
    iam.delete_role_policy(RoleName=doc.DEPLOY_ROLE, PolicyName="logs")
    iam.delete_role(RoleName=doc.DEPLOY_ROLE)


@deviation("trigger", keeps=("DISABLED",), loses=("ENABLED",), adds=_OWN_TRIGGER)
def rule_disabled(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "events").disable_rule(Name=doc.RULE)


def _second_source_that_polls(accounts: EmbeddedAccounts) -> None:
    def edit(declaration: dict[str, Any]) -> None:
        second = {**declaration["stages"][0]["actions"][0], "name": "Second", "outputArtifacts": [{"name": "Second"}]}
        second["configuration"] = {"S3Bucket": doc.INPUT, "S3ObjectKey": "other.zip", "PollForSourceChanges": "true"}
        declaration["stages"][0]["actions"].append({**second, "namespace": "SecondVariables"})

    editing.pipeline(accounts, edit)


@deviation("trigger", given=_second_source_that_polls, keeps=("DISABLED",), loses=("ENABLED",), adds=_OWN_TRIGGER)
def only_another_object_is_polled(accounts: EmbeddedAccounts) -> None:
    rule_disabled(accounts)


@deviation("trigger", loses=(f"rule {doc.RULE} target",), adds=_OWN_TRIGGER)
def rule_without_target(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "events").remove_targets(Rule=doc.RULE, Ids=[f"codepipeline-{doc.PIPELINE}"])


@deviation("trigger", keeps=("other.zip",), loses=(doc.RULE,), adds=_OWN_TRIGGER)
def rule_for_another_object(accounts: EmbeddedAccounts) -> None:
    pattern = json.dumps(doc.EVENT_PATTERN).replace(doc.OBJECT_KEY, "other.zip")
    accounts.client("dev", "events").put_rule(Name=doc.RULE, EventPattern=pattern)


@deviation("trigger", keeps=("logging=False",), loses=("logging=True",), adds=_OWN_TRIGGER)
def trail_stopped(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "cloudtrail").stop_logging(Name=doc.TRAIL)


def by_eventbridge(accounts: EmbeddedAccounts) -> None:
    """The same rule by hand in today's way: the bucket tells EventBridge."""
    pattern = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [doc.INPUT]}, "object": {"key": [doc.OBJECT_KEY]}},
    }
    accounts.client("dev", "events").put_rule(Name=doc.RULE, EventPattern=json.dumps(pattern))
    _notify(accounts, EventBridgeConfiguration={})


def _notify(accounts: EmbeddedAccounts, **more: Any) -> None:
    s3 = accounts.client("dev", "s3")
    live = s3.get_bucket_notification_configuration(Bucket=doc.INPUT)
    kept = {"TopicConfigurations": live["TopicConfigurations"], **more}
    s3.put_bucket_notification_configuration(Bucket=doc.INPUT, NotificationConfiguration=kept)


@deviation("trigger", given=by_eventbridge)
def eventbridge_switched_off(accounts: EmbeddedAccounts) -> None:
    """The rule is there: another beside it would start the pipeline twice."""
    _notify(accounts)


def by_own_rule(accounts: EmbeddedAccounts) -> None:
    """As the tool makes it, and nothing beside it."""
    by_eventbridge(accounts)
    events = accounts.client("dev", "events")
    rule = events.describe_rule(Name=doc.RULE)
    target = events.list_targets_by_rule(Rule=doc.RULE)["Targets"][0]
    events.remove_targets(Rule=doc.RULE, Ids=[target["Id"]])
    name = OWN_RULE
    tags = [{"Key": "xacct-tui", "Value": f"events:rule/{name}"}]
    events.put_rule(Name=name, EventPattern=rule["EventPattern"], State="ENABLED", Tags=tags)
    role = _own_role(accounts, name)
    events.put_targets(Rule=name, Targets=[{"Id": "pipeline", "Arn": _ARN, "RoleArn": role}])


def _own_role(accounts: EmbeddedAccounts, name: str) -> str:
    iam, tags = accounts.client("dev", "iam"), [{"Key": "xacct-tui", "Value": f"iam:role/{name}"}]
    trust = json.dumps(doc.service_trust("events.amazonaws.com"))
    made = iam.create_role(RoleName=name, Path="/service-role/", AssumeRolePolicyDocument=trust, Tags=tags)
    iam.put_role_policy(RoleName=name, PolicyName="start-pipeline", PolicyDocument=json.dumps(doc.START_POLICY))
    return str(made["Role"]["Arn"])


@deviation("trigger", given=by_own_rule)
def own_rule_disabled(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "events").disable_rule(Name=OWN_RULE)


@deviation("trigger", given=by_own_rule)
def own_rule_for_another_object(accounts: EmbeddedAccounts) -> None:
    events, name = accounts.client("dev", "events"), OWN_RULE
    pattern = events.describe_rule(Name=name)["EventPattern"].replace(doc.OBJECT_KEY, "other.zip")
    events.put_rule(Name=name, EventPattern=pattern, State="ENABLED")


def _listens(accounts: EmbeddedAccounts, **pattern: Any) -> None:
    """The console's rule with this put into its pattern."""
    accounts.client("dev", "events").put_rule(Name=doc.RULE, EventPattern=json.dumps({**doc.EVENT_PATTERN, **pattern}))


@deviation("trigger", keeps=("eu-west-1",), loses=(doc.RULE,), adds=_OWN_TRIGGER)
def rule_for_another_region(accounts: EmbeddedAccounts) -> None:
    _listens(accounts, region=["eu-west-1"])


@deviation("trigger", keeps=("ec2.amazonaws.com",), loses=(doc.RULE,), adds=_OWN_TRIGGER)
def rule_for_another_service(accounts: EmbeddedAccounts) -> None:
    _listens(accounts, detail={**doc.EVENT_PATTERN["detail"], "eventSource": ["ec2.amazonaws.com"]})


@deviation("trigger", keeps=("DISABLED", "nightly", "EventBridge"), loses=("ENABLED",), adds=_OWN_TRIGGER[:2])
def rule_by_the_clock(accounts: EmbeddedAccounts) -> None:
    """Every night, whatever was uploaded, and the bucket tells EventBridge for somebody else."""
    events = accounts.client("dev", "events")
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    events.put_targets(Rule="nightly", Targets=events.list_targets_by_rule(Rule=doc.RULE)["Targets"])
    events.disable_rule(Name=doc.RULE)
    _notify(accounts, EventBridgeConfiguration={})


_ROLE_POLICY = f"start-pipeline-execution-{doc.REGION}-{doc.PIPELINE}"
_LAMBDA = json.dumps(doc.service_trust("lambda.amazonaws.com"))


@deviation("trigger", loses=(_ROLE_POLICY,), adds=_OWN_TRIGGER)
def role_of_the_rule_may_not_start_it(accounts: EmbeddedAccounts) -> None:
    arn = f"arn:aws:iam::{doc.DEV}:policy/service-role/{_ROLE_POLICY}"
    accounts.client("dev", "iam").detach_role_policy(RoleName=doc.RULE_ROLE, PolicyArn=arn)


@deviation("trigger", keeps=("lambda.amazonaws.com",), loses=(doc.RULE_ROLE,), adds=_OWN_TRIGGER)
def role_of_the_rule_trusts_another(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "iam").update_assume_role_policy(RoleName=doc.RULE_ROLE, PolicyDocument=_LAMBDA)


@deviation("trigger", keeps=("Deny",), adds=_OWN_TRIGGER)
def role_of_the_rule_is_denied_it(accounts: EmbeddedAccounts) -> None:
    _deny_starts(accounts)


@deviation("trigger", keeps=("Deny",), adds=_OWN_TRIGGER)
def role_of_the_rule_is_for_an_endpoint(accounts: EmbeddedAccounts) -> None:
    _deny_starts(accounts, Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}})


@deviation("trigger", keeps=("role/prods3role",), loses=(doc.RULE_ROLE,), adds=_OWN_TRIGGER)
def role_of_the_rule_is_of_another_account(accounts: EmbeddedAccounts) -> None:
    target = {"Id": f"codepipeline-{doc.PIPELINE}", "Arn": _ARN, "RoleArn": doc.DEPLOY_ROLE_ARN}
    accounts.client("dev", "events").put_targets(Rule=doc.RULE, Targets=[target])


def _deny_starts(accounts: EmbeddedAccounts, **condition: Any) -> None:
    deny = {"Effect": "Deny", "Action": "codepipeline:Start*", "Resource": "*", **condition}
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    iam = accounts.client("dev", "iam")
    iam.put_role_policy(RoleName=doc.RULE_ROLE, PolicyName="no-starts", PolicyDocument=document)


@deviation("trigger", loses=(doc.RULE_ROLE,), adds=_OWN_TRIGGER)
def role_of_the_rule_is_gone(accounts: EmbeddedAccounts) -> None:
    role_of_the_rule_may_not_start_it(accounts)
    accounts.client("dev", "iam").delete_role(RoleName=doc.RULE_ROLE)


@deviation("trigger", given=by_own_rule, remains=("inline start-pipeline", "DISABLED"), forgets=("ENABLED",))
def role_of_own_rule_may_not_start_it(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "iam").delete_role_policy(RoleName=OWN_RULE, PolicyName="start-pipeline")


@deviation(
    "trigger",
    given=by_own_rule,
    keeps=("lambda.amazonaws.com",),
    remains=("events.amazonaws.com", "DISABLED"),
    forgets=("ENABLED",),
)
def role_of_own_rule_trusts_another(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "iam").update_assume_role_policy(RoleName=OWN_RULE, PolicyDocument=_LAMBDA)
