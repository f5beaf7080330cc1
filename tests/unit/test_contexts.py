"""What is known of requests, as policies ask for it."""

from __future__ import annotations

import pytest

from reconcile import contexts
from reconcile.policy.evaluation import evaluate
from reconcile.policy.request import Answer, Caller, CallerType, HeldPolicy, Policies, Request

VIA: list[tuple[str, str, str]] = [
    ("us-east-1", "s3.us-east-1.amazonaws.com", "allowed"),
    ("us-east-1", "s3.eu-west-1.amazonaws.com", "denied"),
    ("cn-north-1", "s3.cn-north-1.amazonaws.com", "unknown"),
    ("cn-north-1", "s3.cn-north-1.amazonaws.com.cn", "unknown"),
    ("cn-north-1", "s3.cn-northwest-1.amazonaws.com.cn", "denied"),
    ("cn-north-1", "s3.cn-north-1.*", "allowed"),
]


@pytest.mark.parametrize(("region", "service", "answer"), VIA)
def test_which_service_uses_a_key_is_known_but_for_its_ending_in_china(region: str, service: str, answer: str) -> None:
    role, key = "arn:aws:iam::111111111111:role/a", f"arn:aws:kms:{region}:111111111111:key/b"
    condition = {"StringLike": {"kms:ViaService": service}}
    statement = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": "kms:Decrypt", "Resource": "*"}
    policy = HeldPolicy("dev", "key policy", {"Statement": {**statement, "Condition": condition}})
    context = contexts.through_s3(region, "arn:aws:s3:::bucket/object")
    request = Request(Caller(CallerType.ROLE, role), "kms:Decrypt", key, "111111111111", context)

    assert evaluate(request, Policies(resource=policy)).answer is Answer(answer)
