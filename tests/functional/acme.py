"""A set-up that somebody made by hand, under names of its own."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xacct_tui.demo.accounts import EmbeddedAccounts

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
