"""Which bucket policies S3 calls public."""

from __future__ import annotations

from typing import Any

import pytest

from reconcile.policy import is_public

CASES: dict[str, tuple[dict[str, Any], bool | None]] = {
    "everyone": ({"Principal": "*"}, True),
    "everyone, as AWS writes it": ({"Principal": {"AWS": ["*"]}}, True),
    "a role": ({"Principal": {"AWS": "arn:aws:iam::111111111111:role/a"}}, False),
    "a service": ({"Principal": {"Service": "cloudtrail.amazonaws.com"}}, False),
    "a denial": ({"Effect": "Deny", "Principal": "*"}, False),
    "an organization": ({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, False),
    "addresses": ({"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}}}, False),
    "some role, by a wildcard": (
        {"Principal": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a"}}},
        None,
    ),
    "all but one organization": (
        {"Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}},
        None,
    ),
    "only by TLS": ({"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, None),
}


@pytest.mark.parametrize("name", CASES)
def test_a_policy_is_public_where_it_lets_everyone_in(name: str) -> None:
    statement, expected = CASES[name]
    whole = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", **statement}
    assert is_public({"Version": "2012-10-17", "Statement": [whole]}) is expected
    assert is_public({"Version": "2012-10-17", "Statement": whole}) is expected


def test_no_policy_is_not_public() -> None:
    assert is_public(None) is False
