"""Writing a role's trust policy, and the one of a role that trusts nobody.

IAM makes no role without a trust policy, and takes no empty one. Who may assume prod's role is a decision of its
own (the change ``trust-policy``), so the role is made with this one first.
"""

from __future__ import annotations

from typing import Any

from reconcile import policy, statement_parts
from reconcile.change import Address
from reconcile.propagation import Writes

_SID = "XacctTrustsNobody"


def nobody() -> dict[str, Any]:
    """A trust policy that lets no one in."""
    statement = {"Sid": _SID, "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def without_nobody(document: dict[str, Any] | None) -> dict[str, Any] | None:
    """None for that policy, which every statement of ours replaces; any other document as it is.

    Where somebody put a statement beside the Deny, taking the Deny out would give them what they have not got.
    """
    return None if policy.equal(document, nobody()) else document


def put_trust(writes: Writes, address: Address, trust: dict[str, Any] | None) -> None:
    """UpdateAssumeRolePolicy of the role at the address, without deleted principals; nobody where none is left."""
    document = statement_parts.savable(trust) or nobody()
    writes(
        address.account,
        "iam",
        "update_assume_role_policy",
        document=document,
        RoleName=address.name,
        PolicyDocument=statement_parts.text(document),
    )
