"""What the organization lets an account do at most: its service and resource control policies, by level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reconcile import policy
from reconcile.change import Address
from reconcile.errors import PolicyMalformed
from reconcile.proof.sights.protocol import Document, Sight
from reconcile.reads import Reads

_FILTERS = {"scp": "SERVICE_CONTROL_POLICY", "rcp": "RESOURCE_CONTROL_POLICY"}


def _read(reads: Reads, address: Address) -> Document:
    """``{"id", "scp": [level, …], "rcp": [level, …]}``: the organization's id, and the levels.

    They are from the root to the account, which is the address's name; each is a list of ``{"name", "document",
    "problem"}``. Neither sort binds the organization's own account. A level without any policy is left out: where a
    sort is in use, every level has one, so it is not in use.
    """

    def ask(operation: str, **parameters: str) -> dict[str, Any]:
        return reads(address.account, "organizations", operation, region=address.region, **parameters)

    organization = ask("describe_organization")["Organization"]
    if organization["MasterAccountId"] == address.name:
        return {"id": organization["Id"], "scp": [], "rcp": []}
    targets = [*reversed(list(_above(ask, address.name))), address.name]
    levels = {
        sort: [
            [_policy(ask, each) for each in attached]
            for target in targets
            if (attached := ask("list_policies_for_target", TargetId=target, Filter=name)["Policies"])
        ]
        for sort, name in _FILTERS.items()
    }
    return {"id": organization["Id"], **levels}


def _above(ask: Any, child: str) -> Iterator[str]:
    """The units that the account is in, the innermost first, and the root."""
    parents = ask("list_parents", ChildId=child)["Parents"]
    while parents:
        yield parents[0]["Id"]
        parents = [] if parents[0]["Type"] == "ROOT" else ask("list_parents", ChildId=parents[0]["Id"])["Parents"]


def _policy(ask: Any, summary: dict[str, Any]) -> Document:
    content = ask("describe_policy", PolicyId=summary["Id"])["Policy"]["Content"]
    try:
        document, problem = policy.parse(content), ""
    except PolicyMalformed as error:
        document, problem = None, str(error)
    return {"name": f"{summary['Name']} ({summary['Id']})", "document": document, "problem": problem}


def address(account: str, region: str, number: str) -> Address:
    """Where the policies of the account with this id are, to be read with the credentials of ``account``."""
    return Address(account, region, "organization-policies", f"organizations:account/{number}")


SIGHTS = (Sight("organization-policies", ("organizations",), _read),)
