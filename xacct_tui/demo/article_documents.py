"""The documents of the article and of the consoles it is followed in, literally, with the account ids put in."""

from __future__ import annotations

from typing import Any

DEV, PROD = "111111111111", "222222222222"
REGION = "us-east-1"

KEY_ALIAS = "alias/s3deploykey"
PIPELINE = "crossaccountdeploy"
SERVICE_ROLE = "AWSCodePipelineServiceRole-us-east-1-crossaccountdeploy"
SERVICE_ROLE_ARN = f"arn:aws:iam::{DEV}:role/service-role/{SERVICE_ROLE}"
RULE = "codepipeline-codepi-sample-480918-rule"
RULE_ROLE = f"cwe-role-{REGION}-{PIPELINE}"
DEPLOY_ROLE = "prods3role"
DEPLOY_ROLE_ARN = f"arn:aws:iam::{PROD}:role/{DEPLOY_ROLE}"
INPUT, ARTIFACTS, OUTPUT = (
    "codepipeline-input-bucket",
    "codepipeline-us-east-1-0123456789",
    "codepipeline-output-bucket",
)
TRAIL, TRAIL_BUCKET = "codepipeline-source-trail", "codepipeline-cloudtrail-placeholder-bucket-us-east-1"
OBJECT_KEY = "sample-website.zip"
REPORT_ROLE = "NightlyReport"
"""A role that has nothing to do with the pipeline, and reads its artifacts."""

_VERSION = {"Version": "2012-10-17"}
_USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
_ADMINISTER = [
    *(f"kms:{verb}*" for verb in ("Create", "Describe", "Enable", "List", "Put", "Update", "Revoke")),
    *(f"kms:{verb}*" for verb in ("Disable", "Get", "Delete")),
    *(f"kms:{name}" for name in ("TagResource", "UntagResource", "ScheduleKeyDeletion", "CancelKeyDeletion")),
]


def key_policy(users: list[str]) -> dict[str, Any]:
    """The key policy as the KMS console writes it: its four statements, with its Sids."""
    everyone = [*users, f"arn:aws:iam::{PROD}:root"]
    return {
        "Version": "2012-10-17",
        "Id": "key-consolepolicy-3",
        "Statement": [
            _key_statement("Enable IAM User Permissions", f"arn:aws:iam::{DEV}:root", "kms:*"),
            _key_statement("Allow access for Key Administrators", f"arn:aws:iam::{DEV}:role/Admin", _ADMINISTER),
            _key_statement("Allow use of the key", everyone, _USE),
            _key_statement(
                "Allow attachment of persistent resources",
                everyone,
                ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
            )
            | {"Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}},
        ],
    }


def _key_statement(sid: str, principal: str | list[str], action: str | list[str]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"}


def service_trust(service: str) -> dict[str, Any]:
    """Trust of an AWS service."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {**_VERSION, "Statement": [statement]}


SERVICE_ROLE_POLICY = {
    **_VERSION,
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": "*",
            "Condition": {"StringEqualsIfExists": {"iam:PassedToService": ["cloudformation.amazonaws.com"]}},
        },
        {
            "Effect": "Allow",
            "Action": [
                "codebuild:BatchGetBuilds",
                "codebuild:StartBuild",
                "codedeploy:*",
                "lambda:InvokeFunction",
            ],
            "Resource": "*",
        },
        {"Effect": "Allow", "Action": ["cloudwatch:*", "s3:*", "sns:*", "cloudformation:*"], "Resource": "*"},
    ],
}
"""What the pipeline console gives a new service role, in short: broad, without kms and without sts."""

START_POLICY = {
    **_VERSION,
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["codepipeline:StartPipelineExecution"],
            "Resource": [f"arn:aws:codepipeline:{REGION}:{DEV}:{PIPELINE}"],
        }
    ],
}

SSE_AND_SSL: dict[str, Any] = {
    "Version": "2012-10-17",
    "Id": "SSEAndSSLPolicy",
    "Statement": [
        {
            "Sid": "DenyUnEncryptedObjectUploads",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{ARTIFACTS}/*",
            "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
        },
        {
            "Sid": "DenyInsecureConnections",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": f"arn:aws:s3:::{ARTIFACTS}/*",
            "Condition": {"Bool": {"aws:SecureTransport": False}},
        },
    ],
}
"""The artifact bucket's own policy, as CodePipeline makes it."""

ARTICLE_STATEMENTS = [
    {
        "Sid": "",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{PROD}:root"},
        "Action": ["s3:Get*", "s3:Put*"],
        "Resource": f"arn:aws:s3:::{ARTIFACTS}/*",
    },
    {
        "Sid": "",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{PROD}:root"},
        "Action": "s3:ListBucket",
        "Resource": f"arn:aws:s3:::{ARTIFACTS}",
    },
]

TRAIL_BUCKET_POLICY = {
    **_VERSION,
    "Statement": [
        {
            "Sid": "AWSCloudTrailAclCheck",
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "s3:GetBucketAcl",
            "Resource": f"arn:aws:s3:::{TRAIL_BUCKET}",
        },
        {
            "Sid": "AWSCloudTrailWrite",
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{TRAIL_BUCKET}/AWSLogs/{DEV}/*",
            "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
        },
    ],
}

EVENT_PATTERN = {
    "source": ["aws.s3"],
    "detail-type": ["AWS API Call via CloudTrail"],
    "detail": {
        "eventSource": ["s3.amazonaws.com"],
        "eventName": ["PutObject", "CompleteMultipartUpload", "CopyObject"],
        "requestParameters": {"bucketName": [INPUT], "key": [OBJECT_KEY]},
    },
}

OUTPUT_POLICY = {
    **_VERSION,
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:Put*"], "Resource": [f"arn:aws:s3:::{OUTPUT}/*"]},
        {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [f"arn:aws:s3:::{OUTPUT}"]},
    ],
}


def artifact_policy(key_arn: str) -> dict[str, Any]:
    """devkmss3access of the article."""
    use = ["kms:DescribeKey", "kms:GenerateDataKey*", "kms:Encrypt", "kms:ReEncrypt*", "kms:Decrypt"]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": use, "Resource": [key_arn]},
            {"Effect": "Allow", "Action": ["s3:Get*"], "Resource": [f"arn:aws:s3:::{ARTIFACTS}/*"]},
            {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [f"arn:aws:s3:::{ARTIFACTS}"]},
        ],
    }


def deploy_trust(principal: str | list[str]) -> dict[str, Any]:
    """The trust policy of prods3role, with the article's empty condition."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "sts:AssumeRole",
        "Condition": {},
    }
    return {**_VERSION, "Statement": [statement]}


ASSUME_POLICY = {
    **_VERSION,
    "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": [DEPLOY_ROLE_ARN]},
}
"""The article's: its Statement is an object, not a list."""
