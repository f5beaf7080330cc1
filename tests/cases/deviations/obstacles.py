"""Deviations that the tool must not repair: it names what stands in the way."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from cases.deviations.editing import (
    allow,
    bucket_policy,
    deploy_action,
    key_id,
    key_policy,
    pipeline,
    trust,
)
from cases.deviations.foreign import PROD_ROOT
from cases.deviations.others import OWN_RULE, by_own_rule
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts


def _deny(*of: Any, **more: Any) -> Any:
    return lambda all_: all_.append({**allow(*of, **more, Sid="Stop"), "Effect": "Deny"})


def bucket_denies(accounts: EmbeddedAccounts) -> None:
    bucket_policy(accounts, _deny("s3:GetObject", f"arn:aws:s3:::{doc.ARTIFACTS}/*", PROD_ROOT))


def key_denies(accounts: EmbeddedAccounts) -> None:
    key_policy(accounts, _deny("kms:Decrypt", "*", doc.SERVICE_ROLE_ARN))


def trust_denies(accounts: EmbeddedAccounts) -> None:
    trust(accounts, "prod", _deny("sts:AssumeRole", principal=doc.SERVICE_ROLE_ARN))


def own_policy_denies_output(accounts: EmbeddedAccounts) -> None:
    _inline_deny(accounts, "prod", doc.DEPLOY_ROLE, "s3:PutObject", f"arn:aws:s3:::{doc.OUTPUT}/*")


def own_policy_denies_the_role(accounts: EmbeddedAccounts) -> None:
    _inline_deny(accounts, "dev", doc.SERVICE_ROLE, "sts:AssumeRole", doc.DEPLOY_ROLE_ARN)


def own_policy_denies_the_artifacts(accounts: EmbeddedAccounts) -> None:
    _inline_deny(accounts, "dev", doc.SERVICE_ROLE, "s3:PutObject", f"arn:aws:s3:::{doc.ARTIFACTS}/*")


def trust_denies_codepipeline(accounts: EmbeddedAccounts) -> None:
    statement = {"Sid": "Stop", "Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
    trust(accounts, "dev", lambda all_: all_.append(statement))


def _inline_deny(accounts: EmbeddedAccounts, account: str, role: str, action: str, resource: str) -> None:
    statement = {**allow(action, resource, Sid="Stop"), "Effect": "Deny"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    accounts.client(account, "iam").put_role_policy(RoleName=role, PolicyName="stop", PolicyDocument=policy)


def role_of_own_rule_is_denied_it(accounts: EmbeddedAccounts) -> None:
    by_own_rule(accounts)
    _inline_deny(accounts, "dev", OWN_RULE, "codepipeline:StartPipelineExecution", "*")


def deploys_to_another_bucket(accounts: EmbeddedAccounts) -> None:
    pipeline(accounts, lambda declared: deploy_action(declared)["configuration"].update(BucketName="another-bucket"))


def keeps_artifacts_elsewhere(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "s3").create_bucket(Bucket="another-bucket")
    pipeline(accounts, lambda declared: declared["artifactStore"].update(location="another-bucket"))


def two_deploy_actions_of_other_names(accounts: EmbeddedAccounts) -> None:
    def edit(declared: dict[str, Any]) -> None:
        actions = declared["stages"][1]["actions"]
        actions.append(deepcopy(actions[0]))
        for action, name in zip(actions, ("Blue", "Green"), strict=True):
            action.update(name=name, namespace=name)

    pipeline(accounts, edit)


def key_to_be_deleted(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "kms").schedule_key_deletion(KeyId=key_id(accounts), PendingWindowInDays=7)


_DENIED = "change that statement first"
_CHOOSE = "it has: Deploy/Blue, Deploy/Green"
_NEEDS_KEY = "needs website/key, which is blocked"

ALL = {
    bucket_denies: {"artifact-statements": _DENIED},
    key_denies: {"key-users": _DENIED},
    trust_denies: {"trust-policy": _DENIED},
    own_policy_denies_output: {"output-access": _DENIED},
    own_policy_denies_the_role: {"assume-policy": _DENIED},
    own_policy_denies_the_artifacts: {"service-role": _DENIED},
    trust_denies_codepipeline: {"service-role": _DENIED},
    role_of_own_rule_is_denied_it: {"trigger": "statement Stop of inline policy stop denies it: take that away"},
    deploys_to_another_bucket: {"pipeline": "deploys to bucket another-bucket, not to codepipeline-output-bucket"},
    keeps_artifacts_elsewhere: {"pipeline": "keeps its artifacts in another-bucket"},
    two_deploy_actions_of_other_names: {"pipeline": _CHOOSE, "deploy-action-role": _CHOOSE},
    key_to_be_deleted: {
        "key": "cancel that (aws kms cancel-key-deletion)",
        **dict.fromkeys(("key-admins", "key-sharing", "key-users"), _NEEDS_KEY),
    },
}
