"""What is known of the requests that CodePipeline and the services behind it make: their condition keys.

AWS's endpoints take TLS 1.2 and later only: which of these is not known, so a condition that tells them apart is not.
A key that is None is certainly not in the request; one that is not named here is not known (the address that a call
comes from, the organization of a principal, tags …): what depends on it cannot be decided. A ``*`` in a value stands
for what is not known of it. IAM user guide, reference_policies_condition-keys; S3 user guide, amazon-s3-policy-keys;
KMS developer guide, policy-conditions.
"""

from __future__ import annotations

from typing import Any

from reconcile.policy.request import Context

OUTSIDE: Context = {"aws:sourcevpc": (None, "vpc-elsewhere"), "aws:sourcevpce": (None, "vpce-elsewhere")}
"""What AWS's services call from: no VPC or endpoint of the accounts, which they do not run in; perhaps one of AWS."""
UNDOCUMENTED = {
    "s3:x-amz-acl": "AWS does not say which ACL, if any, CodePipeline sends with an artifact; a bucket whose owner "
    "owns all objects (BucketOwnerEnforced) needs no such condition",
}
"""Why the value of a condition key, in lower case, is not known of an artifact that is written."""

_SESSION: Context = {
    "aws:securetransport": ("true",),
    "aws:multifactorauthpresent": None,
    "aws:multifactorauthage": None,
    "aws:username": None,
    "sts:externalid": None,
}
"""Services call with TLS, as sessions of a role that no person with a device opened."""


def assuming() -> Context:
    """A role becomes another one: CodePipeline sends no external id and no tags."""
    return {**_SESSION, "sts:transitivetagkeys": None, "aws:tagkeys": None, "sts:sourceidentity": None}


def plain(region: str) -> Context:
    """A call of which nothing is known but who makes it, how, and where."""
    return {**_SESSION, "aws:requestedregion": (region,)}


def by_service(source_arn: str, account: str) -> Context:
    """A service acts for one of its own resources."""
    return {
        "aws:securetransport": ("true",),
        "aws:multifactorauthpresent": None,
        "aws:multifactorauthage": None,
        "sts:externalid": None,
        "aws:sourcearn": (source_arn,),
        "aws:sourceaccount": (account,),
    }


_OF_WRITES = tuple(
    f"s3:x-amz-{header}"
    for header in (
        "server-side-encryption",
        "server-side-encryption-aws-kms-key-id",
        "server-side-encryption-customer-algorithm",
        "acl",
        "grant-full-control",
        "grant-read",
        "grant-write",
        "grant-read-acp",
        "grant-write-acp",
        "copy-source",
        "website-redirect-location",
    )
)
"""A statement on every action of S3 that asks for one of them also meets calls that only read, which have none."""


def on_s3(region: str, **more: Any) -> Context:
    """A call to S3 that sends no header of a write but these.

    ``more`` are further keys of S3, with ``_`` for ``-``: ``x_amz_acl``.
    """
    known = {f"s3:{key.replace('_', '-')}": value for key, value in more.items()}
    return {
        **_SESSION,
        "aws:requestedregion": (region,),
        "s3:tlsversion": ("1.2", "1.3"),
        "s3:dataaccesspointarn": None,
        "s3:dataaccesspointaccount": None,
        "s3:accesspointnetworkorigin": None,
        **dict.fromkeys(_OF_WRITES),
        **known,
    }


def writing(region: str, *, key: str = "", acl: str = "") -> Context:
    """PutObject: with the header that asks for SSE-KMS where a key is named, without any of them where not."""
    return on_s3(
        region,
        x_amz_server_side_encryption=("aws:kms",) if key else None,
        x_amz_server_side_encryption_aws_kms_key_id=(key,) if key else None,
        x_amz_acl=(acl,) if acl else None,
    )


def through_s3(region: str, encrypted: str) -> Context:
    """S3 uses a key for the caller. ``encrypted`` is the object's ARN, or the bucket's where it has Bucket Keys.

    AWS does not say whether services are named with another ending in China.
    """
    ending = "amazonaws.com*" if region.startswith("cn-") else "amazonaws.com"
    return {
        **_SESSION,
        "aws:requestedregion": (region,),
        "kms:viaservice": (f"s3.{region}.{ending}",),
        "kms:encryptioncontext:aws:s3:arn": (encrypted,),
        "kms:encryptioncontextkeys": ("aws:s3:arn",),
        "kms:encryptionalgorithm": ("SYMMETRIC_DEFAULT",),
        "kms:grantisforawsresource": None,
        "kms:requestalias": None,
        "kms:recipientattestation:imagesha384": None,
    }


def describing(region: str) -> Context:
    """DescribeKey: whether S3 or the caller itself asks is not known."""
    return {**_SESSION, "aws:requestedregion": (region,), "kms:grantisforawsresource": None}
