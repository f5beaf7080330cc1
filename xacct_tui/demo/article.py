"""The article, followed by hand: one function a step, each a few plain calls of the account's administrator.

Nothing here knows the library that is being shown; the steps are what a person at the two consoles does.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.article_pipeline import declaration

Step = Callable[[EmbeddedAccounts], None]


def input_bucket(accounts: EmbeddedAccounts) -> None:
    """A versioned input bucket, which already tells somebody about removed objects."""
    s3 = accounts.client("dev", "s3")
    s3.create_bucket(Bucket=doc.INPUT)
    s3.put_bucket_versioning(Bucket=doc.INPUT, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket=doc.INPUT, Tagging={"TagSet": [{"Key": "team", "Value": "web"}]})
    topic = {
        "Id": "removed-objects",
        "TopicArn": f"arn:aws:sns:{doc.REGION}:{doc.DEV}:uploads",
        "Events": ["s3:ObjectRemoved:*"],
    }
    s3.put_bucket_notification_configuration(
        Bucket=doc.INPUT, NotificationConfiguration={"TopicConfigurations": [topic]}
    )


def artifact_bucket(accounts: EmbeddedAccounts) -> None:
    """The default artifact bucket, with the policy that CodePipeline gives it."""
    s3 = accounts.client("dev", "s3")
    s3.create_bucket(Bucket=doc.ARTIFACTS)
    s3.put_bucket_policy(Bucket=doc.ARTIFACTS, Policy=json.dumps(doc.SSE_AND_SSL))


def output_bucket(accounts: EmbeddedAccounts) -> None:
    """The output bucket in prod."""
    accounts.client("prod", "s3").create_bucket(Bucket=doc.OUTPUT)


def report_role(accounts: EmbeddedAccounts) -> None:
    """A role of somebody else in dev, which uses the same key."""
    trust = json.dumps(doc.service_trust("lambda.amazonaws.com"))
    accounts.client("dev", "iam").create_role(RoleName=doc.REPORT_ROLE, AssumeRolePolicyDocument=trust)


def key(accounts: EmbeddedAccounts) -> None:
    """The key, shared with prod and with the report, and its alias."""
    kms = accounts.client("dev", "kms")
    policy = doc.key_policy([f"arn:aws:iam::{doc.DEV}:role/{doc.REPORT_ROLE}"])
    made = kms.create_key(Policy=json.dumps(policy), Description="Artifacts of crossaccountdeploy")
    kms.create_alias(AliasName=doc.KEY_ALIAS, TargetKeyId=made["KeyMetadata"]["KeyId"])


def service_role(accounts: EmbeddedAccounts) -> None:
    """The role that the pipeline console makes, and its policy of the same name."""
    _console_role(accounts, doc.SERVICE_ROLE, "codepipeline", doc.SERVICE_ROLE, doc.SERVICE_ROLE_POLICY)


def pipeline(accounts: EmbeddedAccounts) -> None:
    """The pipeline; its first run fails, because there is nothing to deploy yet."""
    accounts.client("dev", "codepipeline").create_pipeline(
        pipeline=declaration(key_arn(accounts)), tags=[{"key": "team", "value": "web"}]
    )


def trigger(accounts: EmbeddedAccounts) -> None:
    """The change detection that the console makes: a trail of the object's writes, a rule, and the rule's role."""
    _trail(accounts)
    policy = f"start-pipeline-execution-{doc.REGION}-{doc.PIPELINE}"
    _console_role(accounts, doc.RULE_ROLE, "events", policy, doc.START_POLICY)
    events = accounts.client("dev", "events")
    events.put_rule(Name=doc.RULE, EventPattern=json.dumps(doc.EVENT_PATTERN), State="ENABLED")
    target = {
        "Id": f"codepipeline-{doc.PIPELINE}",
        "Arn": f"arn:aws:codepipeline:{doc.REGION}:{doc.DEV}:{doc.PIPELINE}",
        "RoleArn": f"arn:aws:iam::{doc.DEV}:role/service-role/{doc.RULE_ROLE}",
    }
    events.put_targets(Rule=doc.RULE, Targets=[target])


def key_users(accounts: EmbeddedAccounts) -> None:
    """Key users → Add: the service role."""
    users = [f"arn:aws:iam::{doc.DEV}:role/{doc.REPORT_ROLE}", doc.SERVICE_ROLE_ARN]
    accounts.client("dev", "kms").put_key_policy(
        KeyId=key_arn(accounts), PolicyName="default", Policy=json.dumps(doc.key_policy(users))
    )


def output_policy(accounts: EmbeddedAccounts) -> None:
    """Outputbucketdeployaccess."""
    _policy(accounts, "prod", "outputbucketdeployaccess", doc.OUTPUT_POLICY)


def artifact_policy(accounts: EmbeddedAccounts) -> None:
    """devkmss3access."""
    _policy(accounts, "prod", "devkmss3access", doc.artifact_policy(key_arn(accounts)))


def deploy_role(accounts: EmbeddedAccounts) -> None:
    """prods3role for another AWS account, with the two policies."""
    trust = json.dumps(doc.deploy_trust(f"arn:aws:iam::{doc.DEV}:root"))
    iam = accounts.client("prod", "iam")
    iam.create_role(RoleName=doc.DEPLOY_ROLE, AssumeRolePolicyDocument=trust)
    for name in ("outputbucketdeployaccess", "devkmss3access"):
        iam.attach_role_policy(RoleName=doc.DEPLOY_ROLE, PolicyArn=f"arn:aws:iam::{doc.PROD}:policy/{name}")


def trust_policy(accounts: EmbeddedAccounts) -> None:
    """Edit trust relationship: only the service role."""
    accounts.client("prod", "iam").update_assume_role_policy(
        RoleName=doc.DEPLOY_ROLE, PolicyDocument=json.dumps(doc.deploy_trust([doc.SERVICE_ROLE_ARN]))
    )


def artifact_statements(accounts: EmbeddedAccounts) -> None:
    """The two statements for prod, after those that are there."""
    s3 = accounts.client("dev", "s3")
    policy = json.loads(s3.get_bucket_policy(Bucket=doc.ARTIFACTS)["Policy"])
    policy["Statement"] += doc.ARTICLE_STATEMENTS
    s3.put_bucket_policy(Bucket=doc.ARTIFACTS, Policy=json.dumps(policy))


def assume_policy(accounts: EmbeddedAccounts) -> None:
    """assumeprods3role, attached to the service role."""
    arn = _policy(accounts, "dev", "assumeprods3role", doc.ASSUME_POLICY)
    accounts.client("dev", "iam").attach_role_policy(RoleName=doc.SERVICE_ROLE, PolicyArn=arn)


def deploy_action_role(accounts: EmbeddedAccounts) -> None:
    """The edit of the pipeline's JSON."""
    codepipeline = accounts.client("dev", "codepipeline")
    pipeline = codepipeline.get_pipeline(name=doc.PIPELINE)["pipeline"]
    pipeline["stages"][1]["actions"][0]["roleArn"] = doc.DEPLOY_ROLE_ARN
    codepipeline.update_pipeline(pipeline=pipeline)


def upload(accounts: EmbeddedAccounts) -> None:
    """The sample website."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("index.html", "<h1>It works</h1>\n")
    accounts.client("dev", "s3").put_object(Bucket=doc.INPUT, Key=doc.OBJECT_KEY, Body=body.getvalue())


STEPS_TO_FIRST_RUN: tuple[Step, ...] = (
    input_bucket,
    artifact_bucket,
    output_bucket,
    report_role,
    key,
    service_role,
    pipeline,
    trigger,
)
STEPS_AFTER_FIRST_RUN: tuple[Step, ...] = (
    key_users,
    output_policy,
    artifact_policy,
    deploy_role,
    trust_policy,
    artifact_statements,
    assume_policy,
    deploy_action_role,
    upload,
)
STEPS = STEPS_TO_FIRST_RUN + STEPS_AFTER_FIRST_RUN


def follow(accounts: EmbeddedAccounts, steps: tuple[Step, ...] = STEPS) -> None:
    """Take the steps, one after another, each when the one before is seen everywhere."""
    with accounts.settled():
        for step in steps:
            step(accounts)


def key_arn(accounts: EmbeddedAccounts) -> str:
    """The ARN of the key behind the article's alias."""
    answer = accounts.client("dev", "kms").describe_key(KeyId=doc.KEY_ALIAS)
    return str(answer["KeyMetadata"]["Arn"])


def _policy(accounts: EmbeddedAccounts, account: str, name: str, document: Any, path: str = "/") -> str:
    made = accounts.client(account, "iam").create_policy(
        PolicyName=name, Path=path, PolicyDocument=json.dumps(document)
    )
    return str(made["Policy"]["Arn"])


def _console_role(accounts: EmbeddedAccounts, name: str, service: str, policy: str, document: Any) -> None:
    trust = json.dumps(doc.service_trust(f"{service}.amazonaws.com"))
    iam = accounts.client("dev", "iam")
    iam.create_role(RoleName=name, Path="/service-role/", AssumeRolePolicyDocument=trust)
    arn = _policy(accounts, "dev", policy, document, "/service-role/")
    iam.attach_role_policy(RoleName=name, PolicyArn=arn)


def _trail(accounts: EmbeddedAccounts) -> None:
    s3, cloudtrail = accounts.client("dev", "s3"), accounts.client("dev", "cloudtrail")
    s3.create_bucket(Bucket=doc.TRAIL_BUCKET)
    s3.put_bucket_policy(Bucket=doc.TRAIL_BUCKET, Policy=json.dumps(doc.TRAIL_BUCKET_POLICY))
    cloudtrail.create_trail(Name=doc.TRAIL, S3BucketName=doc.TRAIL_BUCKET)
    resource = {"Type": "AWS::S3::Object", "Values": [f"arn:aws:s3:::{doc.INPUT}/{doc.OBJECT_KEY}"]}
    selector = {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": False, "DataResources": [resource]}
    cloudtrail.put_event_selectors(TrailName=doc.TRAIL, EventSelectors=[selector])
    cloudtrail.start_logging(Name=doc.TRAIL)
