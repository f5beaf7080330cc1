"""Where moto keeps what the strict layer looks at. The only module that knows moto's models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from moto.events.models import events_backends
from moto.iam.models import AWSManagedPolicy, iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import PublicAccessBlock, s3_backends

PARTITION = "aws"
_AWS_POLICY = "arn:aws:iam::aws:policy/"
_AWS_DATES = {"CreateDate": "2015-02-06T18:39:46+00:00", "UpdateDate": "2015-02-06T18:39:46+00:00"}


def _allow(*actions: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


AWS_POLICIES: dict[str, dict[str, Any]] = {
    "AdministratorAccess": _allow("*"),
    "PowerUserAccess": _allow("s3:*", "kms:*", "codepipeline:*", "events:*", "cloudtrail:*"),
    "AmazonS3FullAccess": _allow("s3:*", "s3-object-lambda:*"),
    "AmazonS3ReadOnlyAccess": _allow("s3:Get*", "s3:List*", "s3:Describe*"),
    "AWSCodePipeline_FullAccess": _allow("codepipeline:*"),
}
"""A few of AWS's own policies, in short: moto's complete set takes seconds to load."""


def accounts() -> list[str]:
    """The ids of all accounts in which there is anything of IAM."""
    return list(iam_backends)


def iam(account: str) -> Any:
    """The account's IAM."""
    return iam_backends[account][PARTITION]


def roles(account: str) -> list[Any]:
    """The account's roles."""
    return list(iam(account).roles.values())


def role_named(account: str, name: str) -> Any | None:
    """The role of this name, spelt in any case."""
    return next((role for role in roles(account) if role.name.lower() == name.lower()), None)


def role_at(arn: str) -> Any | None:
    """The role of this ARN; None also where the ARN is none."""
    return next((role for role in roles(account_of(arn)) if role.arn == arn), None)


def user_at(arn: str) -> Any | None:
    """The user of this ARN."""
    return next((user for user in iam(account_of(arn)).users.values() if user.arn == arn), None)


def user_of_key(access_key: str) -> Any | None:
    """The user whose long-term access key this is; None also for a key that was made inactive."""
    users = [user for account in accounts() for user in iam(account).users.values()]
    return next(
        (
            user
            for user in users
            for key in user.access_keys
            if key.access_key_id == access_key and key.status == "Active"
        ),
        None,
    )


def mfa_device(account: str, serial: str) -> Any | None:
    """The virtual MFA device of this serial number."""
    return iam(account).virtual_mfa_devices.get(serial)


def policy(account: str, arn: str) -> Any | None:
    """The managed policy of this ARN; AWS's own are put there when they are first asked for."""
    policies = iam(account).managed_policies
    name = arn.removeprefix(_AWS_POLICY)
    if arn not in policies and arn.startswith(_AWS_POLICY) and name in AWS_POLICIES:
        made = {"DefaultVersionId": "v1", "Path": "/", "Document": AWS_POLICIES[name], **_AWS_DATES}
        policies[arn] = AWSManagedPolicy.from_data(name, account, PARTITION, made)
    return policies.get(arn)


def identity_policies(role: Any) -> list[dict[str, Any]]:
    """The documents of the role's (or user's) inline and attached policies."""
    managed = (
        version.document
        for policy in role.managed_policies.values()
        for version in policy.versions
        if version.is_default
    )
    return [json.loads(text) for text in (*role.policies.values(), *managed)]


def keys(account: str) -> Iterator[Any]:
    """The account's keys, of every region."""
    for region in list(kms_backends[account]):
        yield from kms_backends[account][region].keys.values()


def kms(account: str, region: str) -> Any:
    """The account's KMS in a region."""
    return kms_backends[account][region]


def bucket(name: str) -> Any | None:
    """The bucket of this name, whoever owns it."""
    owner = s3_backends.bucket_accounts.get(name)
    return s3_backends[owner[1]][owner[0]].buckets.get(name) if owner else None


def buckets() -> Iterator[Any]:
    """All buckets of all accounts."""
    for name in list(s3_backends.bucket_accounts):
        if found := bucket(name):
            yield found


def forget_bucket_tags(account: str, name: str) -> None:
    """The tags of a bucket that is gone: moto would give them to the next one of its name."""
    s3_backends[account][PARTITION].tagger.delete_all_tags_for_resource(f"arn:{PARTITION}:s3:::{name}")


def all_public_access_blocked() -> Any:
    """What a new bucket has."""
    return PublicAccessBlock(True, True, True, True)


def target_ids(account: str, region: str, rule: str) -> set[str]:
    """The ids of an EventBridge rule's targets."""
    bus = events_backends[account][region].event_buses["default"]
    return {target["Id"] for target in bus.rules[rule].targets} if rule in bus.rules else set()


def account_of(arn: str) -> str:
    """The account id in an ARN; empty where there is none."""
    return (arn.split(":") + [""] * 5)[4]


def create_admin(account: str, name: str) -> Any:
    """A role that may do everything and trusts its account."""
    trust = _document("sts:AssumeRole", Principal={"AWS": f"arn:aws:iam::{account}:root"})
    role = iam(account).create_role(name, trust, "/", None, "Administrator of this account", [], "3600")
    role.policies["AdministratorAccess"] = _document("*", Resource="*")
    return role


def _document(action: str, **rest: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, **rest}]})
