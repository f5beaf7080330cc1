"""Other ways to write what the article asks for: as good as its own."""

from __future__ import annotations

import json
from typing import Any

from cases.deviations.access import DEV_ROOT, detach
from cases.deviations.editing import Statements, allow, bucket_policy, key_policy, named, pipeline, trust
from cases.deviations.foreign import PROD_ROOT
from cases.deviations.keys import GRANTS, USE
from cases.deviations.others import by_eventbridge
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts


def inline_instead_of_managed(accounts: EmbeddedAccounts) -> None:
    detach(accounts, "prod", doc.DEPLOY_ROLE, "outputbucketdeployaccess")
    accounts.client("prod", "iam").put_role_policy(
        RoleName=doc.DEPLOY_ROLE, PolicyName="output", PolicyDocument=json.dumps(doc.OUTPUT_POLICY)
    )


def managed_under_another_name(accounts: EmbeddedAccounts) -> None:
    detach(accounts, "dev", doc.SERVICE_ROLE, "assumeprods3role")
    iam = accounts.client("dev", "iam")
    made = iam.create_policy(PolicyName="assume", PolicyDocument=json.dumps(doc.ASSUME_POLICY))
    iam.attach_role_policy(RoleName=doc.SERVICE_ROLE, PolicyArn=made["Policy"]["Arn"])


def wider_than_asked(accounts: EmbeddedAccounts) -> None:
    detach(accounts, "prod", doc.DEPLOY_ROLE, "outputbucketdeployaccess")
    accounts.client("prod", "iam").attach_role_policy(
        RoleName=doc.DEPLOY_ROLE, PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess"
    )


def bucket_statements_merged(accounts: EmbeddedAccounts) -> None:
    def edit(statements: Statements) -> None:
        statements.remove(named(statements, "s3:Get*"))
        statements.remove(named(statements, "s3:ListBucket"))
        bucket = f"arn:aws:s3:::{doc.ARTIFACTS}"
        merged = allow(["s3:ListBucket", "S3:get*", "s3:Put*"], principal=doc.PROD, Sid="Prod")
        statements.append({**merged, "Resource": [bucket, f"{bucket}/*"]})

    bucket_policy(accounts, edit)


def granted_over_tls_alone(accounts: EmbeddedAccounts) -> None:
    """The conditions hold for every request of the pipeline."""
    tls = {"Bool": {"aws:SecureTransport": "true"}}
    prod = {"StringEquals": {"aws:PrincipalAccount": doc.PROD}}

    def edit(statements: Statements) -> None:
        for action in ("s3:Get*", "s3:ListBucket"):
            named(statements, action)["Condition"] = tls | prod

    bucket_policy(accounts, edit)
    dev = {"StringEquals": {"aws:PrincipalAccount": doc.DEV}}
    trust(accounts, "prod", lambda all_: named(all_, "service-role/").update(Condition=dev))


def service_role_for_this_pipeline_alone(accounts: EmbeddedAccounts) -> None:
    """What keeps a service from being talked into using a role for somebody else."""
    fence = {
        "StringEquals": {"aws:SourceAccount": doc.DEV},
        "ArnLike": {"aws:SourceArn": f"arn:aws:codepipeline:us-east-1:{doc.DEV}:*"},
    }
    trust(accounts, "dev", lambda all_: all_[0].update(Condition=fence))


def key_statements_renamed(accounts: EmbeddedAccounts) -> None:
    def edit(statements: Statements) -> None:
        for number, sid in enumerate((USE, GRANTS)):
            named(statements, sid)["Sid"] = f"Statement {number}"

    key_policy(accounts, edit)


def key_used_by_everything(accounts: EmbeddedAccounts) -> None:
    def edit(statements: Statements) -> None:
        for sid in (USE, GRANTS):
            statements.remove(named(statements, sid))
        all_of_them = allow("kms:*", "*")
        statements.append({**all_of_them, "Principal": {"AWS": [PROD_ROOT, doc.SERVICE_ROLE_ARN]}})

    key_policy(accounts, edit)


def other_artifacts_kept_from_the_service_role(accounts: EmbeddedAccounts) -> None:
    deny = {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{doc.ARTIFACTS}/another/*", f"arn:aws:s3:::{doc.INPUT}/x/*"],
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    iam = accounts.client("dev", "iam")
    iam.put_role_policy(RoleName=doc.SERVICE_ROLE, PolicyName="secrets", PolicyDocument=document)


def trusts_more_than_it_should(accounts: EmbeddedAccounts) -> None:
    trust(accounts, "prod", lambda all_: all_.append(allow("sts:AssumeRole", principal=DEV_ROOT)))


def eventbridge_instead_of_cloudtrail(accounts: EmbeddedAccounts) -> None:
    by_eventbridge(accounts)


def pipeline_polls(accounts: EmbeddedAccounts) -> None:
    def edit(declared: dict[str, Any]) -> None:
        declared["stages"][0]["actions"][0]["configuration"]["PollForSourceChanges"] = "true"

    pipeline(accounts, edit)
    accounts.client("dev", "events").disable_rule(Name=doc.RULE)


def output_encrypted_elsewhere(accounts: EmbeddedAccounts) -> None:
    """A setting of the deploy action that the TOML knows nothing of."""

    def edit(declared: dict[str, Any]) -> None:
        declared["stages"][1]["actions"][0]["configuration"].pop("KMSEncryptionKeyARN")

    pipeline(accounts, edit)


ALL = (
    inline_instead_of_managed,
    managed_under_another_name,
    wider_than_asked,
    bucket_statements_merged,
    granted_over_tls_alone,
    service_role_for_this_pipeline_alone,
    key_statements_renamed,
    key_used_by_everything,
    other_artifacts_kept_from_the_service_role,
    trusts_more_than_it_should,
    eventbridge_instead_of_cloudtrail,
    pipeline_polls,
    output_encrypted_elsewhere,
)
