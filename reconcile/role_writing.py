"""Making and deleting roles, with the base policy that is inline in the service role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconcile import statement_parts
from reconcile.change import Address
from reconcile.errors import AwsError, Blocked
from reconcile.ownership import creation_tags, refuse_foreign, tag_list
from reconcile.propagation import Writes

BASE = "xacct-pipeline-base"
"""The inline policy of the service role that holds what it lacks."""


def create_role(writes: Writes, address: Address, after: dict[str, Any], tags: Mapping[str, str]) -> None:
    """Make the role with its trust, tagged as the tool's own."""
    boundary = after["permissions_boundary"]
    optional: dict[str, Any] = {"PermissionsBoundary": boundary} if boundary else {}
    writes(
        address.account,
        "iam",
        "create_role",
        document=after["trust"],
        RoleName=address.name,
        Path=after["path"],
        AssumeRolePolicyDocument=statement_parts.text(after["trust"]),
        Tags=tag_list(creation_tags(address.resource, tags)),
        **optional,
    )


def put_base(writes: Writes, address: Address, before: Any, after: Any) -> None:
    """Make the base policy, which is inline, what it should be; None takes it away."""
    if after == before:
        return
    role = {"RoleName": address.name, "PolicyName": BASE}
    if after is None:
        writes(address.account, "iam", "delete_role_policy", **role)
        return
    writes(address.account, "iam", "put_role_policy", PolicyDocument=statement_parts.text(after), **role)


def delete_role(writes: Writes, address: Address, before: dict[str, Any]) -> None:
    """Delete a role that the tool made; raises Blocked where it is anybody else's, or still in use."""
    role = writes.read(address.account, "iam", "get_role", RoleName=address.name)["Role"]
    refuse_foreign(address.resource, role.get("Tags", []))
    put_base(writes, address, before["inline"].get(BASE), None)
    try:
        writes(address.account, "iam", "delete_role", RoleName=address.name)
    except AwsError as error:
        if error.code == "DeleteConflict":
            raise Blocked(f"role {address.name} is still in use: {error.message}") from error
        raise
