"""What others keep in the documents that the article's set-up shares with them; of it nothing may ever change."""

from __future__ import annotations

import json
from typing import Any

from cases.deviations.editing import allow, bucket_policy, key_id, key_policy, managed, pipeline, trust
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts

REPORT = f"arn:aws:iam::{doc.DEV}:role/{doc.REPORT_ROLE}"
PROD_ROOT = f"arn:aws:iam::{doc.PROD}:root"
_MANUAL_DEPLOY = {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{doc.PROD}:role/manual-deploy"}}
OUTPUT_KEY = "0a1b2c3d-0000-0000-0000-000000000000"
"""What the deploy action encrypts with, as somebody set it: there is no such key, so the proof fails of that alone."""
_TAG = [{"Key": "owner", "Value": "web team"}]


def seed(accounts: EmbeddedAccounts) -> None:
    """Statements, tags, pipeline fields and rules of others, and another deployment's parts, in every document."""
    for part in (_roles, _key, _buckets, _rule):
        part(accounts)
    pipeline(accounts, _pipeline)


def _roles(accounts: EmbeddedAccounts) -> None:
    dev, prod = accounts.client("dev", "iam"), accounts.client("prod", "iam")
    dev.create_role(
        RoleName="ManualPipeline", AssumeRolePolicyDocument=json.dumps(doc.service_trust("codepipeline.amazonaws.com"))
    )
    trust(accounts, "dev", lambda all_: all_.append(doc.service_trust("lambda.amazonaws.com")["Statement"][0]))
    trust(accounts, "prod", _trust)
    for iam, role in ((dev, doc.SERVICE_ROLE), (prod, doc.DEPLOY_ROLE)):
        iam.tag_role(RoleName=role, Tags=_TAG)
        inline = {"Version": "2012-10-17", "Statement": allow("logs:*", "*")}
        iam.put_role_policy(RoleName=role, PolicyName="logs", PolicyDocument=json.dumps(inline))
    for account, name in (
        ("dev", "assumeprods3role"),
        ("prod", "outputbucketdeployaccess"),
        ("prod", "devkmss3access"),
    ):
        managed(accounts, account, name, lambda all_: all_.append(allow("sns:Publish", "*", Sid="Alarm")))


def _trust(statements: list[dict[str, Any]]) -> None:
    statements.append(allow("sts:AssumeRole", principal=f"arn:aws:iam::{doc.PROD}:role/Admin", Sid="Support"))
    other = f"arn:aws:iam::{doc.DEV}:role/ManualPipeline"
    statements.append(allow("sts:AssumeRole", principal=other, Sid="XacctTrust0a1b2c3d"))


def _key(accounts: EmbeddedAccounts) -> None:
    def edit(statements: list[dict[str, Any]]) -> None:
        statements.append(allow("kms:Decrypt", "*", REPORT, Sid="Nightly report"))
        own = allow(["kms:Decrypt", "kms:DescribeKey"], "*", PROD_ROOT, Sid="XacctKeySharing0a1b2c3d")
        statements.append({**own, "Condition": _MANUAL_DEPLOY})

    key_policy(accounts, edit)
    accounts.client("dev", "kms").tag_resource(KeyId=key_id(accounts), Tags=[{"TagKey": "owner", "TagValue": "web"}])


def _buckets(accounts: EmbeddedAccounts) -> None:
    objects = f"arn:aws:s3:::{doc.ARTIFACTS}/*"

    def edit(statements: list[dict[str, Any]]) -> None:
        statements.append(allow("s3:GetObject", objects, REPORT, Sid="Report"))
        own = allow(["s3:GetObject", "s3:GetObjectVersion"], objects, PROD_ROOT, Sid="XacctArtifactObjects0a1b2c3d")
        statements.append({**own, "Condition": _MANUAL_DEPLOY})

    bucket_policy(accounts, edit)
    accounts.client("dev", "s3").put_bucket_tagging(Bucket=doc.ARTIFACTS, Tagging={"TagSet": _TAG})
    prod = accounts.client("prod", "s3")
    prod.put_bucket_tagging(Bucket=doc.OUTPUT, Tagging={"TagSet": _TAG})
    admin = f"arn:aws:iam::{doc.PROD}:role/Admin"
    statement = allow("s3:GetObject", f"arn:aws:s3:::{doc.OUTPUT}/*", admin)
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    prod.put_bucket_policy(Bucket=doc.OUTPUT, Policy=json.dumps(policy))


def _pipeline(declaration: dict[str, Any]) -> None:
    """Fields of the type V2, a second source with its trigger, and settings of the deploy action that are not ours."""
    source = {
        "name": "Docs",
        "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "CodeStarSourceConnection", "version": "1"},
        "configuration": {
            "ConnectionArn": f"arn:aws:codestar-connections:us-east-1:{doc.DEV}:connection/0a1b2c3d",
            "FullRepositoryId": "web/docs",
            "BranchName": "main",
            "DetectChanges": "false",
        },
        "outputArtifacts": [{"name": "DocsArtifact"}],
    }
    declaration["stages"][0]["actions"].append(source)
    push = [{"tags": {"includes": ["v*"]}}]
    git = {"sourceActionName": "Docs", "push": push}
    declaration["triggers"] = [{"providerType": "CodeStarSourceConnection", "gitConfiguration": git}]
    declaration["executionMode"] = "QUEUED"
    key = f"arn:aws:kms:us-east-1:{doc.PROD}:key/{OUTPUT_KEY}"
    declaration["stages"][1]["actions"][0]["configuration"]["KMSEncryptionKeyARN"] = key


def _rule(accounts: EmbeddedAccounts) -> None:
    """Somebody counts uploads by the same bucket's CloudTrail events."""
    events = accounts.client("dev", "events")
    events.put_rule(Name="count-uploads", EventPattern=json.dumps(doc.EVENT_PATTERN), State="ENABLED", Tags=_TAG)
    target = {"Id": "counter", "Arn": f"arn:aws:lambda:us-east-1:{doc.DEV}:function:count"}
    events.put_targets(Rule="count-uploads", Targets=[target])
