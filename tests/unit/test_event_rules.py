"""Which rules an upload sets off, by EventBridge's patterns and by what CloudTrail's trails record."""

from __future__ import annotations

from typing import Any

import pytest

from reconcile.event_rules import Starter, set_off_by_upload

BUCKET, KEY = "codepipeline-input-bucket", "sample-website.zip"
ARN = f"arn:aws:s3:::{BUCKET}"
RULE = "arn:aws:events:us-east-1:111111111111:rule/upload"
OF_S3 = {
    "source": ["aws.s3"],
    "detail-type": ["Object Created"],
    "detail": {"bucket": {"name": [BUCKET]}, "object": {"key": [KEY]}},
}
OF_TRAIL = {
    "source": ["aws.s3"],
    "detail-type": ["AWS API Call via CloudTrail"],
    "detail": {
        "eventSource": ["s3.amazonaws.com"],
        "eventName": ["PutObject", "CompleteMultipartUpload"],
        "requestParameters": {"bucketName": [BUCKET], "key": [KEY]},
    },
}


def starts(pattern: dict[str, Any], *trails: dict[str, Any]) -> bool:
    notifications = {} if trails else {"EventBridgeConfiguration": {}}
    starter = Starter("us-east-1", BUCKET, KEY, notifications, trails)
    return set_off_by_upload({"name": "upload", "arn": RULE, "pattern": pattern, "enabled": True}, starter)


def of_bucket(*names: Any, **more: Any) -> dict[str, Any]:
    return {**OF_S3, "detail": {"bucket": {"name": list(names)}, **more}}


PATTERNS: list[tuple[dict[str, Any], bool]] = [
    (OF_S3, True),
    ({"source": [{"prefix": ""}]}, True),
    ({}, False),
    ({**OF_S3, "detail-type": ["Object Deleted"]}, False),
    ({**OF_S3, "region": ["eu-west-1"]}, False),
    ({**OF_S3, "account": ["111111111111"]}, True),
    ({**OF_S3, "account": ["333333333333"]}, False),
    ({**OF_S3, "resources": [ARN]}, True),
    ({**OF_S3, "resources": ["arn:aws:s3:::another-bucket"]}, False),
    (of_bucket(BUCKET, reason=["CopyObject"]), True),
    (of_bucket(BUCKET, reason=["DeleteObject"]), False),
    (of_bucket(BUCKET, object={"size": [{"numeric": [">", 0]}]}), True),
    (of_bucket(BUCKET, object={"key": [{"suffix": ".zip"}]}), True),
    (of_bucket(BUCKET, object={"key": [{"suffix": {"equals-ignore-case": ".ZIP"}}]}), True),
    (of_bucket({"prefix": {"equals-ignore-case": "CODE"}}), True),
    (of_bucket({"prefix": {"equals-ignore-case": "BUILD"}}), False),
    (of_bucket({"wildcard": "code*bucket"}), True),
    (of_bucket({"anything-but": {"prefix": "logs"}}), True),
    (of_bucket({"anything-but": [BUCKET]}), False),
    (of_bucket({"exists": True}), True),
    (of_bucket({"exists": False}), False),
    ({**OF_S3, "detail": [{"exists": True}]}, False),
    ({**OF_S3, "detail": {"object": [{"prefix": "sample"}]}}, False),
    ({**OF_S3, "source": {"prefix": ["aws"]}}, False),
    ({**OF_S3, "detail": {"$or": [{"object": {"key": ["other"]}}, {"bucket": {"name": [BUCKET]}}]}}, True),
]


@pytest.mark.parametrize(("pattern", "expected"), PATTERNS, ids=str)
def test_the_events_of_s3_are_matched_as_eventbridge_does(pattern: dict[str, Any], expected: bool) -> None:
    assert starts(pattern) is expected


def selecting(*fields: dict[str, Any]) -> dict[str, Any]:
    of_s3 = [{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}]
    return {"logging": True, "selectors": [], "advanced": [{"FieldSelectors": [*of_s3, *fields]}]}


def on(**operators: str) -> dict[str, Any]:
    written = {operator: [value] for operator, value in operators.items()}
    return selecting({"Field": "resources.ARN", **written})


def basic(value: str, read_write: str = "All") -> dict[str, Any]:
    resources = [{"Type": "AWS::S3::Object", "Values": [value]}]
    return {"logging": True, "selectors": [{"ReadWriteType": read_write, "DataResources": resources}], "advanced": []}


TRAILS: list[tuple[dict[str, Any], bool]] = [
    (selecting(), True),
    ({**selecting(), "logging": False}, False),
    (on(StartsWith=f"{ARN}/"), True),
    (on(StartsWith="arn:aws:s3"), True),
    (on(StartsWith="arn:aws:s3:::another-bucket/"), False),
    (on(Equals=f"{ARN}/{KEY}"), True),
    (on(Equals=f"{ARN}/sample"), False),
    (on(EndsWith=".zip"), True),
    (on(EndsWith=".tar"), False),
    (on(NotStartsWith="arn:aws:s3:::logs/"), True),
    (on(NotStartsWith=f"{ARN}/"), False),
    (on(StartsWith=f"{ARN}/", NotEquals=f"{ARN}/{KEY}"), False),
    (on(StartsWith=f"{ARN}/", NotEndsWith=".zip"), False),
    (selecting({"Field": "readOnly", "Equals": ["false"]}), True),
    (selecting({"Field": "readOnly", "Equals": ["true"]}), False),
    (selecting({"Field": "readOnly", "NotEquals": ["false"]}), False),
    (selecting({"Field": "eventName", "Equals": ["PutObject"]}), True),
    (selecting({"Field": "eventName", "Equals": ["DeleteObject"]}), False),
    (selecting({"Field": "eventName", "Equals": ["CopyObject"]}), False),
    ({"logging": True, "selectors": [], "advanced": [{"FieldSelectors": []}]}, False),
    (basic(f"{ARN}/"), True),
    (basic("arn:aws:s3"), True),
    (basic(f"{ARN}/", "ReadOnly"), False),
    (basic("arn:aws:s3:::another-bucket/"), False),
]


@pytest.mark.parametrize(("trail", "expected"), TRAILS, ids=str)
def test_what_a_trail_records_is_known(trail: dict[str, Any], expected: bool) -> None:
    assert starts(OF_TRAIL, trail) is expected


FAILED: list[tuple[list[Any], bool]] = [([{"exists": False}], True), (["AccessDenied"], False)]


@pytest.mark.parametrize(("code", "expected"), FAILED, ids=str)
def test_an_upload_has_no_error_code(code: list[Any], expected: bool) -> None:
    pattern = {**OF_TRAIL, "detail": {**OF_TRAIL["detail"], "errorCode": code}}  # type: ignore[dict-item]
    assert starts(pattern, selecting()) is expected
