"""Who roles really are, and what bounds them."""

from __future__ import annotations

from reconcile.change import Address
from reconcile.identity_policies import managed_policy
from reconcile.proof.sights.protocol import Document, Sight
from reconcile.reads import Reads, found


def _role_id(reads: Reads, address: Address) -> Document | None:
    """GetRole: ``{"arn", "id", "created"}``, by which a role is told from an earlier one of the same name."""
    answer = found(reads.start(address.account, "iam", "get_role", RoleName=address.name), "NoSuchEntity")
    if answer is None:
        return None
    role = answer["Role"]
    return {"arn": role["Arn"], "id": role["RoleId"], "created": role["CreateDate"].isoformat()}


def _managed_policy(reads: Reads, address: Address) -> Document | None:
    """The default version of a managed policy, by its ARN: ``{"document", "versions"}``."""
    return managed_policy(reads, address.account, address.name)


SIGHTS = (
    Sight("role-id", ("iam",), _role_id),
    Sight("managed-policy", ("iam",), _managed_policy),
)
