"""The states in which the embedded accounts are shown."""

from __future__ import annotations

import json

from xacct_tui.demo import article
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts


def empty(_: EmbeddedAccounts) -> None:
    """Two accounts with nothing but their administrators."""


def half_done(accounts: EmbeddedAccounts) -> None:
    """The article followed up to the failing first run; of prod, only the output bucket exists."""
    article.follow(accounts, article.STEPS_TO_FIRST_RUN)


def done(accounts: EmbeddedAccounts) -> None:
    """The whole article."""
    article.follow(accounts)


def drifted(accounts: EmbeddedAccounts) -> None:
    """The whole article, and then half a year of other people's work."""
    done(accounts)
    with accounts.settled():
        for drift in DRIFTS:
            drift(accounts)


def service_role_recreated(accounts: EmbeddedAccounts) -> None:
    """Somebody deleted the service role and made it again: policies that name it hold a dead id now."""
    iam = accounts.client("dev", "iam")
    attached = iam.list_attached_role_policies(RoleName=doc.SERVICE_ROLE)["AttachedPolicies"]
    for policy in attached:
        iam.detach_role_policy(RoleName=doc.SERVICE_ROLE, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=doc.SERVICE_ROLE)
    trust = json.dumps(doc.service_trust("codepipeline.amazonaws.com"))
    iam.create_role(RoleName=doc.SERVICE_ROLE, Path="/service-role/", AssumeRolePolicyDocument=trust)
    for policy in attached:
        iam.attach_role_policy(RoleName=doc.SERVICE_ROLE, PolicyArn=policy["PolicyArn"])


def bucket_policy_overwritten(accounts: EmbeddedAccounts) -> None:
    """A template put the artifact bucket's own policy back, without the statements for prod."""
    accounts.client("dev", "s3").put_bucket_policy(Bucket=doc.ARTIFACTS, Policy=json.dumps(doc.SSE_AND_SSL))


def versioning_suspended(accounts: EmbeddedAccounts) -> None:
    """Somebody saved on storage."""
    accounts.client("dev", "s3").put_bucket_versioning(
        Bucket=doc.INPUT, VersioningConfiguration={"Status": "Suspended"}
    )


def deploy_action_rewritten(accounts: EmbeddedAccounts) -> None:
    """The deploy action was made anew in the console, which knows no action role."""
    codepipeline = accounts.client("dev", "codepipeline")
    declaration = codepipeline.get_pipeline(name=doc.PIPELINE)["pipeline"]
    del declaration["stages"][1]["actions"][0]["roleArn"]
    codepipeline.update_pipeline(pipeline=declaration)


def rule_disabled(accounts: EmbeddedAccounts) -> None:
    """The rule was switched off for a release freeze, and never on again."""
    accounts.client("dev", "events").disable_rule(Name=doc.RULE)


DRIFTS = (
    service_role_recreated,
    bucket_policy_overwritten,
    versioning_suspended,
    deploy_action_rewritten,
    rule_disabled,
)

SCENARIOS = {"half-done": half_done, "empty": empty, "drifted": drifted, "done": done}
