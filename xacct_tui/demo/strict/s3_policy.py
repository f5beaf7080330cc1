"""Bucket policies: what S3 refuses to save, and how it gives back what it saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from xacct_tui.demo.call import Call, Refusal, Response
from xacct_tui.demo.strict import documents, principals, state
from xacct_tui.demo.strict.evaluate import like, listed, statements
from xacct_tui.demo.strict.world import World

MAX_POLICY = 20_480
"""Bytes."""
_SHAPE = documents.Shape(principal="needed", resource="needed")
_PROBLEMS: Mapping[str, str] = {
    "json": "Policies must be valid JSON and the first byte must be '{'",
    "version": "The policy must contain a valid version string",
    "statement": "Missing required field Statement",
    "effect": "Missing required field Effect",
    "sid": "Statement IDs (SID) in a single policy must be unique.",
    "action": "Missing required field Action",
    "principal": "Missing required field Principal",
    "resource": "Missing required field Resource",
}
_OBJECT_ACTIONS = (
    *(f"s3:{verb}Object{of}" for verb in ("Get", "Put", "Delete") for of in ("", "Tagging", "VersionTagging")),
    *(f"s3:{verb}Object{of}" for verb in ("Get", "Put") for of in ("Acl", "VersionAcl", "Retention", "LegalHold")),
    *("s3:GetObjectVersion", "s3:DeleteObjectVersion", "s3:GetObjectAttributes", "s3:RestoreObject"),
    *("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:BypassGovernanceRetention"),
    *("s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags", "s3:ObjectOwnerOverrideToBucketOwner"),
)
_BUCKET_ACTIONS = (
    *("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads", "s3:DeleteBucket"),
    *("s3:CreateBucket", "s3:DeleteBucketPolicy", "s3:DeleteBucketWebsite", "s3:GetBucketPolicyStatus"),
    *(
        f"s3:{verb}{what}"
        for verb in ("Get", "Put")
        for what in (
            *("BucketAcl", "BucketCORS", "BucketLogging", "BucketNotification", "BucketOwnershipControls"),
            *(
                "BucketPolicy",
                "BucketPublicAccessBlock",
                "BucketRequestPayment",
                "BucketTagging",
                "BucketVersioning",
            ),
            *("BucketWebsite", "EncryptionConfiguration", "InventoryConfiguration", "LifecycleConfiguration"),
            *("MetricsConfiguration", "ReplicationConfiguration", "AccelerateConfiguration"),
        )
    ),
    *("s3:GetBucketLocation", "s3:GetBucketObjectLockConfiguration", "s3:PutBucketObjectLockConfiguration"),
)
"""Source: the service authorization reference of S3."""


def put(world: World, call: Call) -> None:
    """Refuse what S3 would not save."""
    bucket, text = state.bucket(call.parameters["Bucket"]), str(call.parameters["Policy"])
    if bucket is None:
        return
    if len(text.encode()) > MAX_POLICY:
        raise _malformed("Policy exceeds the maximum allowed document size.")
    document = documents.parse(text, _SHAPE)
    if isinstance(document, str):
        raise _malformed(_PROBLEMS[document])
    for item in statements(document):
        _check_resources(item, bucket.name)
    if principals.first_invalid(world, document):
        raise _malformed("Invalid principal in policy")
    _check_public(call, bucket, document)


def stored(_: World, call: Call, response: Response) -> Response:
    """S3 keeps a policy in a form of its own."""
    bucket = state.bucket(call.parameters["Bucket"])
    if bucket is not None:
        bucket.policy = json.dumps(documents.canonical(json.loads(bucket.policy))).encode()
    return replace(response, status=HTTPStatus.NO_CONTENT, body=b"")


def is_public(document: Mapping[str, Any]) -> bool:
    """Whether a statement lets anybody in, without a condition."""
    return any(
        item["Effect"] == "Allow" and not item.get("Condition") and "*" in documents.principals({"Statement": item})
        for item in statements(document)
    )


def _malformed(message: str) -> Refusal:
    return Refusal("MalformedPolicy", message)


def _check_resources(item: Mapping[str, Any], bucket: str) -> None:
    root = f"arn:aws:s3:::{bucket}"
    resources = [str(one) for name in ("Resource", "NotResource") for one in listed(item.get(name, []))]
    if not all(one == root or one.startswith(f"{root}/") for one in resources):
        raise _malformed("Policy has invalid resource")
    for action in map(str, listed(item.get("Action", []))):
        _check_action(action, resources, root)


def _check_action(action: str, resources: list[str], root: str) -> None:
    pattern = action.lower()
    objects = any(like(pattern, known.lower()) for known in _OBJECT_ACTIONS)
    buckets = any(like(pattern, known.lower()) for known in _BUCKET_ACTIONS)
    if not objects and not buckets:
        raise _malformed("Policy has invalid action")
    if not (objects and any(one != root for one in resources)) and not (buckets and root in resources):
        raise _malformed("Action does not apply to any resource(s) in statement")


def _check_public(call: Call, bucket: Any, document: Mapping[str, Any]) -> None:
    block = bucket.public_access_block
    if block is not None and block.block_public_policy and is_public(document):
        text = (
            f"User: {call.caller.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "
            f'"arn:aws:s3:::{bucket.name}" because public policies are prevented by the BlockPublicPolicy '
            "setting in S3 Block Public Access."
        )
        raise Refusal("AccessDenied", text, 403)
