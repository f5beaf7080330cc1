"""Whether a bucket's policy is public, as S3 means it: what RestrictPublicBuckets then does to it.

S3 user guide, access-control-block-public-access, "The meaning of public".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconcile.policy.normal import Document, listed, scalar, statements

_NARROWING = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
)
_WILD = ("*", "?", "${")


def is_public(document: Document | None) -> bool | None:
    """Whether a statement lets everyone in; None where it does under a condition of which S3 alone can say that."""
    found = [_public(each) for each in statements(document)]
    return True if True in found else None if None in found else False


def _public(statement: Mapping[str, Any]) -> bool | None:
    principal = statement.get("Principal")
    named = principal.get("AWS", ()) if isinstance(principal, Mapping) else principal or ()
    if statement.get("Effect") != "Allow" or "*" not in listed(named):
        return False
    condition = statement.get("Condition") or {}
    if any(_narrows(operator, key, value) for operator, keys in condition.items() for key, value in keys.items()):
        return False
    return None if condition else True


def _narrows(operator: str, key: str, value: Any) -> bool:
    """Whether it takes a fixed value of a key that says who asks, or from where."""
    plain = not any(word in operator.lower() for word in ("not", "ifexists", "forallvalues", "null"))
    fixed = not any(wild in scalar(each) for each in listed(value) for wild in _WILD)
    return plain and fixed and key.lower() in _NARROWING
