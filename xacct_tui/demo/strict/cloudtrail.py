"""CloudTrail: a trail's bucket must let it write."""

from __future__ import annotations

import json

from xacct_tui.demo.call import Call, Refusal
from xacct_tui.demo.strict import state
from xacct_tui.demo.strict.evaluate import Question, resource_based
from xacct_tui.demo.strict.rule import Rules
from xacct_tui.demo.strict.world import World


def _create_trail(_: World, call: Call) -> None:
    name = call.parameters["S3BucketName"]
    bucket = state.bucket(name)
    if bucket is None:
        return
    written = f"arn:aws:s3:::{name}/AWSLogs/{call.account}/CloudTrail/log.json.gz"
    acl = ("s3:x-amz-acl", "bucket-owner-full-control")
    question = Question("", "s3:PutObject", written, service="cloudtrail.amazonaws.com", keys=(acl,))
    policy = json.loads(bucket.policy) if bucket.policy else {}
    if resource_based(policy, question)[0] != "allow":
        text = f"Incorrect S3 bucket policy is detected for bucket: {name}"
        raise Refusal("InsufficientS3BucketPolicyException", text)


RULES = Rules(before={"CreateTrail": _create_trail})
