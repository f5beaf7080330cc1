"""The trust policy of a role that trusts nobody.

IAM makes no role without a trust policy, and takes no empty one. Who may assume prod's role is a decision of its
own (the change ``trust-policy``), so the role is made with this one first.
"""

from __future__ import annotations

from typing import Any

from reconcile import policy

_SID = "XacctTrustsNobody"


def nobody() -> dict[str, Any]:
    """A trust policy that lets no one in."""
    statement = {"Sid": _SID, "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def without_nobody(document: dict[str, Any] | None) -> dict[str, Any] | None:
    """The document without that statement, which would outweigh every other; None if nothing else is in it."""
    return None if document is None else policy.without_sid(document, _SID)
