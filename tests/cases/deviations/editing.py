"""Edits of live documents as a person makes them: read, change in place, write the whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts

Statements = list[dict[str, Any]]
Edit = Callable[[Statements], object]


def key_id(accounts: EmbeddedAccounts) -> str:
    return str(accounts.client("dev", "kms").describe_key(KeyId=doc.KEY_ALIAS)["KeyMetadata"]["KeyId"])


def key_policy(accounts: EmbeddedAccounts, edit: Edit) -> None:
    kms, key = accounts.client("dev", "kms"), key_id(accounts)
    policy = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=_edited(json.loads(policy), edit))


def bucket_policy(accounts: EmbeddedAccounts, edit: Edit) -> None:
    s3 = accounts.client("dev", "s3")
    policy = s3.get_bucket_policy(Bucket=doc.ARTIFACTS)["Policy"]
    s3.put_bucket_policy(Bucket=doc.ARTIFACTS, Policy=_edited(json.loads(policy), edit))


def trust(accounts: EmbeddedAccounts, account: str, edit: Edit) -> None:
    """Of the one role in each account."""
    iam, role = accounts.client(account, "iam"), {"dev": doc.SERVICE_ROLE, "prod": doc.DEPLOY_ROLE}[account]
    policy = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=_edited(policy, edit))


def managed(accounts: EmbeddedAccounts, account: str, name: str, edit: Edit, *, in_force: bool = True) -> str:
    """A new version of the policy; its id."""
    iam, arn = accounts.client(account, "iam"), policy_arn(account, name)
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    policy = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    made = iam.create_policy_version(PolicyArn=arn, PolicyDocument=_edited(policy, edit), SetAsDefault=in_force)
    return str(made["PolicyVersion"]["VersionId"])


def policy_arn(account: str, name: str) -> str:
    return f"arn:aws:iam::{ {'dev': doc.DEV, 'prod': doc.PROD}[account] }:policy/{name}"


def pipeline(accounts: EmbeddedAccounts, edit: Callable[[dict[str, Any]], object]) -> None:
    client = accounts.client("dev", "codepipeline")
    declaration = client.get_pipeline(name=doc.PIPELINE)["pipeline"]
    edit(declaration)
    client.update_pipeline(pipeline=declaration)


def deploy_action(declaration: dict[str, Any]) -> dict[str, Any]:
    action: dict[str, Any] = declaration["stages"][1]["actions"][0]
    return action


def named(statements: Statements, text: str) -> dict[str, Any]:
    """The one statement in which the text stands."""
    (found,) = (each for each in statements if text in json.dumps(each))
    return found


def allow(action: str | list[str], resource: str = "", principal: str = "", **more: Any) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Allow", "Action": action, **more}
    if principal:
        statement["Principal"] = {"AWS": principal}
    if resource:
        statement["Resource"] = resource
    return statement


def _edited(policy: dict[str, Any], edit: Edit) -> str:
    statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    edit(statements)
    return json.dumps({**policy, "Statement": statements})
