"""What generated requests are about: principals, resources with their actions, and condition keys with their values."""

from __future__ import annotations

from dataclasses import dataclass

from reconcile.policy.request import Caller, CallerType

DEV, PROD, OTHER = "111111111111", "222222222222", "333333333333"


@dataclass(frozen=True)
class Key:
    """A condition key: ``values`` are those that requests carry; ``many``: a request may carry several at once."""

    name: str
    type: str
    values: tuple[str, ...]
    many: bool = False
    absent: float = 0.0
    """How often a request carries no such key."""


@dataclass(frozen=True)
class Sort:
    """Resources of one sort, and what is done to them. ``{owner}`` stands for the account id."""

    service: str
    resources: tuple[str, ...]
    actions: tuple[str, ...]
    keys: tuple[Key, ...] = ()
    weight: int = 1


def role(account: str, path_and_name: str, session: str) -> Caller:
    arn = f"arn:aws:iam::{account}:role/{path_and_name}"
    return Caller(CallerType.ROLE, arn, f"AROA{account}ROLE", session)


CALLERS = (
    role(DEV, "service-role/AWSCodePipelineServiceRole-us-east-1-site", "1764090000000"),
    role(DEV, "ci/build", "alice@example.com"),
    role(PROD, "prods3role", "1764090000000"),
    role(PROD, "ops/Admin", "bob"),
    Caller(CallerType.USER, f"arn:aws:iam::{DEV}:user/alice", f"AIDA{DEV}USER"),
    Caller(CallerType.USER, f"arn:aws:iam::{PROD}:user/team/bob", f"AIDA{PROD}USER"),
)

SERVICES = ("codepipeline.amazonaws.com", "events.amazonaws.com", "cloudtrail.amazonaws.com")

STRANGERS = (
    f"arn:aws:iam::{DEV}:role/service-role/other",
    f"arn:aws:iam::{DEV}:user/mallory",
    f"arn:aws:iam::{PROD}:role/someone",
    f"arn:aws:iam::{OTHER}:root",
    OTHER,
    "AROAEXAMPLEOFGONEROLE",
)

COMMON = (
    Key("aws:SecureTransport", "bool", ("true", "true", "true", "false")),
    Key("aws:SourceIp", "ip", ("203.0.113.7", "198.51.100.23", "2001:db8::17"), absent=0.3),
    Key("aws:SourceVpce", "string", ("vpce-1a2b3c4d", "vpce-5e6f7a8b"), absent=0.6),
    Key("aws:CurrentTime", "date", ("2026-11-25T19:00:00Z", "2024-02-29T23:59:59Z")),
    Key("aws:EpochTime", "date", ("1795633200", "1709251199")),
    Key("aws:RequestedRegion", "string", ("us-east-1", "eu-west-1")),
    Key("aws:PrincipalOrgID", "string", ("o-a1b2c3d4e5", "o-zzzzzzzzzz"), absent=0.3),
    Key(
        "aws:PrincipalOrgPaths",
        "string",
        ("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/", "o-a1b2c3d4e5/r-ab12/ou-ab12-22222222/"),
        many=True,
        absent=0.3,
    ),
    Key("aws:PrincipalTag/team", "string", ("web", "Web", "w.b", "data"), absent=0.4),
    Key("aws:ResourceOrgID", "string", ("o-a1b2c3d4e5",), absent=0.3),
    Key("aws:MultiFactorAuthPresent", "bool", ("true", "false"), absent=0.5),
    Key("aws:MultiFactorAuthAge", "number", ("300", "3600", "86400"), absent=0.6),
    Key("aws:ViaAWSService", "bool", ("false", "false", "true")),
    Key("aws:CalledVia", "string", ("cloudformation.amazonaws.com", "athena.amazonaws.com"), many=True, absent=0.6),
    Key("aws:UserAgent", "string", ("aws-cli/2.31.0", "Boto3/1.42"), absent=0.2),
    Key("aws:TagKeys", "string", ("team", "stage", "owner"), many=True, absent=0.6),
)

BUCKETS = ("codepipeline-us-east-1-0123456789", "codepipeline-output-bucket")
OBJECTS = ("site/SourceArti/aBcD123.zip", "index.html", "a.b/c:d/e f", "team/web/x")

OBJECT_KEYS = (
    Key("s3:x-amz-acl", "string", ("bucket-owner-full-control", "private", "public-read"), absent=0.5),
    Key("s3:x-amz-server-side-encryption", "string", ("aws:kms", "AES256"), absent=0.4),
    Key(
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "arn",
        (f"arn:aws:kms:us-east-1:{DEV}:key/1234abcd-12ab-34cd-56ef-1234567890ab",),
        absent=0.5,
    ),
    Key("s3:ExistingObjectTag/stage", "string", ("prod", "dev"), absent=0.6),
    Key("s3:TlsVersion", "number", ("1.2", "1.3"), absent=0.1),
    Key("s3:signatureversion", "string", ("AWS4-HMAC-SHA256", "AWS"), absent=0.1),
)

BUCKET_KEYS = (
    Key("s3:prefix", "string", ("", "site/", "team/web/", "home/"), absent=0.4),
    Key("s3:max-keys", "number", ("10", "1000"), absent=0.4),
    Key("s3:TlsVersion", "number", ("1.2", "1.3"), absent=0.1),
)

KMS_KEYS = (
    Key("kms:ViaService", "string", ("s3.us-east-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"), absent=0.4),
    Key("kms:EncryptionContext:aws:s3:arn", "arn", tuple(f"arn:aws:s3:::{each}/x" for each in BUCKETS), absent=0.4),
    Key("kms:EncryptionContextKeys", "string", ("aws:s3:arn", "team"), many=True, absent=0.4),
    Key("kms:GrantIsForAWSResource", "bool", ("true", "false"), absent=0.5),
    Key("kms:ResourceAliases", "string", ("alias/s3deploykey", "alias/other"), many=True, absent=0.4),
    Key("aws:ResourceTag/stage", "string", ("dev", "prod"), absent=0.5),
)

STS_KEYS = (
    Key("sts:ExternalId", "string", ("42", "site", "Site"), absent=0.5),
    Key("sts:RoleSessionName", "string", ("1764090000000", "alice"), absent=0.2),
    Key("sts:TransitiveTagKeys", "string", ("team", "stage"), many=True, absent=0.6),
    Key("aws:RequestTag/team", "string", ("web", "data"), absent=0.5),
    Key("sts:SourceIdentity", "string", ("alice", "bob"), absent=0.6),
)

PASS_KEYS = (
    Key("iam:PassedToService", "string", ("codepipeline.amazonaws.com", "events.amazonaws.com"), absent=0.2),
    Key("iam:AssociatedResourceArn", "arn", (f"arn:aws:codepipeline:us-east-1:{DEV}:site",), absent=0.4),
)

ROLES = ("prods3role", "service-role/events-start-site", "ops/Admin")

SORTS = (
    Sort(
        "s3",
        tuple(f"arn:aws:s3:::{bucket}/{key}" for bucket in BUCKETS for key in OBJECTS),
        ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl", "s3:DeleteObject"),
        OBJECT_KEYS,
        weight=5,
    ),
    Sort(
        "s3",
        tuple(f"arn:aws:s3:::{bucket}" for bucket in BUCKETS),
        ("s3:ListBucket", "s3:GetBucketVersioning", "s3:GetBucketLocation", "s3:GetBucketAcl", "s3:PutBucketPolicy"),
        BUCKET_KEYS,
        weight=3,
    ),
    Sort(
        "kms",
        (
            "arn:aws:kms:us-east-1:{owner}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:eu-west-1:{owner}:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        ),
        (
            "kms:Decrypt",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:ReEncryptFrom",
            "kms:DescribeKey",
            "kms:CreateGrant",
        ),
        KMS_KEYS,
        weight=5,
    ),
    Sort(
        "sts",
        tuple(f"arn:aws:iam::{{owner}}:role/{name}" for name in ROLES),
        ("sts:AssumeRole", "sts:AssumeRole", "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"),
        STS_KEYS,
        weight=5,
    ),
    Sort("iam", tuple(f"arn:aws:iam::{{owner}}:role/{name}" for name in ROLES), ("iam:PassRole",), PASS_KEYS),
    Sort(
        "codepipeline",
        ("arn:aws:codepipeline:us-east-1:{owner}:site",),
        ("codepipeline:StartPipelineExecution", "codepipeline:GetPipeline", "codepipeline:UpdatePipeline"),
        (Key("aws:ResourceTag/stage", "string", ("dev", "prod"), absent=0.5),),
    ),
)
