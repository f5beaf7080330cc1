"""S3: whose bucket it is, who may use it, what a new one is like."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from xacct_tui.demo.call import Call, Refusal, Response
from xacct_tui.demo.strict import s3_notifications, s3_policy, state
from xacct_tui.demo.strict.evaluate import Question, may
from xacct_tui.demo.strict.rule import Rules
from xacct_tui.demo.strict.world import World

_NAME = re.compile(r"(?!xn--|sthree-|.*-s3alias$|.*\.\.|\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ACCOUNT = re.compile(r"\d{12}")
_OF_THE_OWNER = frozenset(
    {"GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy", "GetBucketPolicyStatus", "DeleteBucket"}
)
"""What only the owner's account may call at all. Source: the S3 API reference."""
_ACTIONS = {
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "HeadObject": "GetObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
"""Operations whose IAM action has another name."""


def _owned(_: World, call: Call) -> None:
    """The bucket's owner is who the caller expects, and lets it in; the region is the bucket's."""
    bucket = state.bucket(call.parameters.get("Bucket", ""))
    if bucket is None or call.operation == "CreateBucket":
        return
    _check_expected(call, bucket)
    if call.caller.account != bucket.account_id:
        _check_foreign(call, bucket)
    if call.region != bucket.region_name and call.operation != "GetBucketLocation":
        headers = {"x-amz-bucket-region": bucket.region_name}
        text = "The bucket you are attempting to access must be addressed using the specified endpoint."
        raise Refusal("PermanentRedirect", text, 301, headers)


def _check_expected(call: Call, bucket: Any) -> None:
    expected = call.parameters.get("ExpectedBucketOwner")
    if expected is None:
        return
    if not _ACCOUNT.fullmatch(expected):
        text = "The value of the expected bucket owner parameter must be an AWS Account ID..."
        raise Refusal("InvalidBucketOwnerAWSAccountID", text)
    if expected != bucket.account_id:
        raise Refusal("AccessDenied", "Access Denied", 403)


def _check_foreign(call: Call, bucket: Any) -> None:
    if call.operation in _OF_THE_OWNER:
        text = "The specified method is not allowed against this resource."
        raise Refusal("MethodNotAllowed", text, 405)
    key = call.parameters.get("Key")
    resource = f"arn:aws:s3:::{bucket.name}" + (f"/{key}" if key else "")
    action = f"s3:{_ACTIONS.get(call.operation, call.operation)}"
    policy = json.loads(bucket.policy) if bucket.policy else None
    if not may(Question.of(call.caller, action, resource), policy, bucket.account_id):
        raise Refusal("AccessDenied", "Access Denied", 403)


def _create(_: World, call: Call) -> None:
    name = call.parameters["Bucket"]
    if not _NAME.fullmatch(name):
        raise Refusal("InvalidBucketName", "The specified bucket is not valid.")
    bucket = state.bucket(name)
    if bucket is not None and bucket.account_id == call.account:
        text = "Your previous request to create the named bucket succeeded and you already own it."
        raise Refusal("BucketAlreadyOwnedByYou", text, 409)


def _created(_: World, call: Call, response: Response) -> Response:
    """New buckets since April 2023. Source: recorded answers."""
    bucket = state.bucket(call.parameters["Bucket"])
    if bucket is not None:
        bucket.encryption = _plain_encryption()
        bucket.public_access_block = state.all_public_access_blocked()
        bucket.ownership_rule = bucket.ownership_rule or "BucketOwnerEnforced"
    return response


def _encryption_deleted(_: World, call: Call, response: Response) -> Response:
    bucket = state.bucket(call.parameters["Bucket"])
    if bucket is not None:
        bucket.encryption = _plain_encryption()
    return response


def _plain_encryption() -> dict[str, Any]:
    default = {"SSEAlgorithm": "AES256"}
    return {"Rule": {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": "false"}}


def _deleted(world: World, call: Call, response: Response) -> Response:
    world.notifications.pop(call.parameters["Bucket"], None)
    state.forget_bucket_tags(call.account, call.parameters["Bucket"])
    return response


def _policy_status(_: World, call: Call) -> Mapping[str, Any] | None:
    bucket = state.bucket(call.parameters["Bucket"])
    if bucket is None or not bucket.policy:
        return None
    return {"PolicyStatus": {"IsPublic": s3_policy.is_public(json.loads(bucket.policy))}}


RULES = Rules(
    every=(_owned,),
    before={
        "CreateBucket": _create,
        "PutBucketPolicy": s3_policy.put,
        "GetBucketPolicyStatus": _policy_status,
        "PutBucketNotificationConfiguration": s3_notifications.put,
        "GetBucketNotificationConfiguration": s3_notifications.get,
    },
    after={
        "CreateBucket": _created,
        "DeleteBucket": _deleted,
        "DeleteBucketEncryption": _encryption_deleted,
        "PutBucketPolicy": s3_policy.stored,
    },
)
