"""Deviations of who may do what: the trust of the roles, their policies, the artifact bucket's policy."""

from __future__ import annotations

from typing import Any

from cases.deviations.deviation import deviation
from cases.deviations.editing import allow, bucket_policy, managed, named, policy_arn, trust
from cases.deviations.foreign import PROD_ROOT
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.scenarios import service_role_recreated

DEV_ROOT = f"arn:aws:iam::{doc.DEV}:root"
_OURS = "service-role/AWSCodePipelineServiceRole"


def _replaced(text: str, statement: dict[str, Any]) -> Any:
    """Put this statement in the place of the one in which the text stands."""

    def edit(statements: list[dict[str, Any]]) -> None:
        statements[statements.index(named(statements, text))] = statement

    return edit


@deviation("trust-policy")
def service_role_not_trusted(accounts: EmbeddedAccounts) -> None:
    trust(accounts, "prod", lambda all_: all_.remove(named(all_, _OURS)))


@deviation("trust-policy", keeps=("trust:",))
def trust_forgets_the_path(accounts: EmbeddedAccounts) -> None:
    """AWS saves no principal that does not exist; in a condition it takes any text."""
    without_path = doc.SERVICE_ROLE_ARN.replace("service-role/", "")
    only = {"ArnEquals": {"aws:PrincipalArn": without_path}}
    trust(accounts, "prod", _replaced(_OURS, allow("sts:AssumeRole", principal=DEV_ROOT, Condition=only)))


@deviation("trust-policy", keeps=("trust:",))
def trusts_the_wrong_account(accounts: EmbeddedAccounts) -> None:
    trust(accounts, "prod", _replaced(_OURS, allow("sts:AssumeRole", principal=PROD_ROOT)))


@deviation("trust-policy", keeps=("trust:",))
def trust_wants_an_external_id(accounts: EmbeddedAccounts) -> None:
    only = {"StringEquals": {"sts:ExternalId": "web"}}
    trust(accounts, "prod", lambda all_: named(all_, _OURS).update(Condition=only))


@deviation(
    "trust-policy",
    "key-users",
    loses=("tag owner", "inline logs", "lambda.amazonaws.com"),
    forgets=("AROA",),
)
def service_role_made_anew(accounts: EmbeddedAccounts) -> None:
    """Both policies hold the id of the role that is gone."""
    accounts.client("dev", "iam").delete_role_policy(RoleName=doc.SERVICE_ROLE, PolicyName="logs")
    service_role_recreated(accounts)


@deviation("service-role", keeps=("NightlyReport",))
def service_role_trusts_another(accounts: EmbeddedAccounts) -> None:
    report = f"arn:aws:iam::{doc.DEV}:role/{doc.REPORT_ROLE}"
    trust(accounts, "dev", _replaced("codepipeline.amazonaws.com", allow("sts:AssumeRole", principal=report)))


@deviation("service-role", loses=("attached",), adds=("inline xacct-pipeline-base",))
def console_policy_detached(accounts: EmbeddedAccounts) -> None:
    arn = f"arn:aws:iam::{doc.DEV}:policy/service-role/{doc.SERVICE_ROLE}"
    accounts.client("dev", "iam").detach_role_policy(RoleName=doc.SERVICE_ROLE, PolicyArn=arn)


@deviation("assume-policy")
def assume_policy_detached(accounts: EmbeddedAccounts) -> None:
    detach(accounts, "dev", doc.SERVICE_ROLE, "assumeprods3role")


@deviation("output-access")
def output_policy_detached(accounts: EmbeddedAccounts) -> None:
    detach(accounts, "prod", doc.DEPLOY_ROLE, "outputbucketdeployaccess")


@deviation("artifact-access")
def artifact_policy_detached(accounts: EmbeddedAccounts) -> None:
    detach(accounts, "prod", doc.DEPLOY_ROLE, "devkmss3access")


def detach(accounts: EmbeddedAccounts, account: str, role: str, policy: str) -> None:
    accounts.client(account, "iam").detach_role_policy(RoleName=role, PolicyArn=policy_arn(account, policy))


# Each version of a policy stays, also when it is not in force any more.
_VERSIONS = ("version v3",)


@deviation("assume-policy", keeps=("TagSession", *_VERSIONS), adds=("version v4",), remains=("version v4",))
def assume_lacks_its_verb(accounts: EmbeddedAccounts) -> None:
    managed(accounts, "dev", "assumeprods3role", lambda all_: all_[0].update(Action="sts:TagSession"))


@deviation("assume-policy", keeps=("role/otherrole", *_VERSIONS), adds=("version v4",), remains=("version v4",))
def assumes_another_role(accounts: EmbeddedAccounts) -> None:
    other = doc.DEPLOY_ROLE_ARN.replace(doc.DEPLOY_ROLE, "otherrole")
    managed(accounts, "dev", "assumeprods3role", lambda all_: all_[0].update(Resource=other))


@deviation("output-access", keeps=_VERSIONS, adds=("version v4",), remains=("version v4",))
def output_lacks_put(accounts: EmbeddedAccounts) -> None:
    managed(accounts, "prod", "outputbucketdeployaccess", lambda all_: all_.remove(named(all_, "s3:Put*")))


@deviation("output-access", keeps=("another-bucket", *_VERSIONS), adds=("version v4",), remains=("version v4",))
def output_of_another_bucket(accounts: EmbeddedAccounts) -> None:
    edit = _resource("s3:Put*", "arn:aws:s3:::another-bucket/*")
    managed(accounts, "prod", "outputbucketdeployaccess", edit)


@deviation("output-access", keeps=_VERSIONS, adds=("version v4",), remains=("version v4",))
def old_version_in_force(accounts: EmbeddedAccounts) -> None:
    def edit(statements: list[dict[str, Any]]) -> None:
        statements.remove(named(statements, "s3:ListBucket"))

    version = managed(accounts, "prod", "outputbucketdeployaccess", edit, in_force=False)
    accounts.client("prod", "iam").set_default_policy_version(
        PolicyArn=policy_arn("prod", "outputbucketdeployaccess"), VersionId=version
    )


@deviation("artifact-access", keeps=_VERSIONS, adds=("version v4",), remains=("version v4",))
def artifact_access_lacks_decrypt(accounts: EmbeddedAccounts) -> None:
    managed(accounts, "prod", "devkmss3access", lambda all_: named(all_, "kms:Decrypt")["Action"].remove("kms:Decrypt"))


@deviation("artifact-access", keeps=("key/0a1b2c3d", *_VERSIONS), adds=("version v4",), remains=("version v4",))
def artifact_access_to_another_key(accounts: EmbeddedAccounts) -> None:
    edit = _resource("kms:Decrypt", f"arn:aws:kms:us-east-1:{doc.DEV}:key/0a1b2c3d-0000-0000-0000-000000000000")
    managed(accounts, "prod", "devkmss3access", edit)


@deviation("artifact-access", keeps=("another-bucket", *_VERSIONS), adds=("version v4",), remains=("version v4",))
def artifact_access_to_another_bucket(accounts: EmbeddedAccounts) -> None:
    managed(accounts, "prod", "devkmss3access", _resource("s3:Get*", "arn:aws:s3:::another-bucket/*"))


def _resource(text: str, resource: str) -> Any:
    return lambda all_: named(all_, text).update(Resource=resource)


@deviation("artifact-statements")
def bucket_policy_lacks_get(accounts: EmbeddedAccounts) -> None:
    bucket_policy(accounts, lambda all_: named(all_, "s3:Get*").update(Action="s3:Put*"))


@deviation("artifact-statements", keeps=("/other/*",))
def bucket_policy_for_other_objects(accounts: EmbeddedAccounts) -> None:
    """Of another bucket S3 would not save it."""
    bucket_policy(accounts, _resource("s3:Get*", f"arn:aws:s3:::{doc.ARTIFACTS}/other/*"))


@deviation("artifact-statements", keeps=("111111111111:role/Admin",))
def bucket_policy_for_the_wrong_principal(accounts: EmbeddedAccounts) -> None:
    admin = {"AWS": f"arn:aws:iam::{doc.DEV}:role/Admin"}
    bucket_policy(accounts, lambda all_: named(all_, "s3:ListBucket").update(Principal=admin))


@deviation("artifact-statements", loses=("Deny *", "NightlyReport", "manual-deploy"))
def bucket_policy_deleted(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "s3").delete_bucket_policy(Bucket=doc.ARTIFACTS)
