"""Deviations of the pipeline's declaration."""

from __future__ import annotations

import json

from cases.deviations.deviation import deviation
from cases.deviations.editing import allow, deploy_action, key_id, pipeline
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts


def encrypt_with(accounts: EmbeddedAccounts, key: str) -> None:
    named = {"id": key, "type": "KMS"}
    pipeline(accounts, lambda declared: declared["artifactStore"].update(encryptionKey=named))


@deviation("pipeline-key")
def no_key(accounts: EmbeddedAccounts) -> None:
    pipeline(accounts, lambda declared: declared["artifactStore"].pop("encryptionKey"))


@deviation("pipeline-key")
def bare_key_id(accounts: EmbeddedAccounts) -> None:
    encrypt_with(accounts, key_id(accounts))


@deviation("pipeline-key")
def alias_instead_of_key(accounts: EmbeddedAccounts) -> None:
    encrypt_with(accounts, f"arn:aws:kms:us-east-1:{doc.DEV}:{doc.KEY_ALIAS}")


@deviation("pipeline-key", keeps=("key another",))
def another_key(accounts: EmbeddedAccounts) -> None:
    made = accounts.client("dev", "kms").create_key(Description="another")
    encrypt_with(accounts, made["KeyMetadata"]["Arn"])


@deviation("deploy-action-role")
def no_action_role(accounts: EmbeddedAccounts) -> None:
    pipeline(accounts, lambda declared: deploy_action(declared).pop("roleArn"))


@deviation("deploy-action-role", keeps=("dev role prods3role",))
def action_role_in_the_wrong_account(accounts: EmbeddedAccounts) -> None:
    """CodePipeline takes only a role that the service role may assume."""
    _act_as(accounts, "dev", "prods3role")


@deviation("deploy-action-role", keeps=("prod role otherrole", "inline other"))
def another_action_role(accounts: EmbeddedAccounts) -> None:
    statement = allow("sts:AssumeRole", f"arn:aws:iam::{doc.PROD}:role/otherrole")
    accounts.client("dev", "iam").put_role_policy(
        RoleName=doc.SERVICE_ROLE,
        PolicyName="other",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statement}),
    )
    _act_as(accounts, "prod", "otherrole")


def _act_as(accounts: EmbeddedAccounts, account: str, role: str) -> None:
    trust = json.dumps(doc.deploy_trust(doc.SERVICE_ROLE_ARN))
    made = accounts.client(account, "iam").create_role(RoleName=role, AssumeRolePolicyDocument=trust)
    pipeline(accounts, lambda declared: deploy_action(declared).update(roleArn=made["Role"]["Arn"]))


def _configured(accounts: EmbeddedAccounts, **settings: str) -> None:
    pipeline(accounts, lambda declared: deploy_action(declared)["configuration"].update(settings))


@deviation("deploy-action-role")
def not_extracted(accounts: EmbeddedAccounts) -> None:
    _configured(accounts, Extract="false", ObjectKey="website.zip")


@deviation("deploy-action-role")
def deployed_under_a_prefix(accounts: EmbeddedAccounts) -> None:
    _configured(accounts, ObjectKey="old")


@deviation("deploy-action-role")
def deployed_with_an_acl_and_cached(accounts: EmbeddedAccounts) -> None:
    _configured(accounts, CannedACL="public-read", CacheControl="max-age=1")


@deviation(
    "pipeline",
    loses=("dev pipeline crossaccountdeploy",),
    adds=("dev pipeline crossaccountdeploy",),
)
def pipeline_deleted(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "codepipeline").delete_pipeline(name=doc.PIPELINE)
