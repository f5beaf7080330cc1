"""IAM's managed and inline policies: their form, their sizes, their versions, their conflicts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from xacct_tui.demo.call import Call, Refusal
from xacct_tui.demo.strict import documents, state
from xacct_tui.demo.strict.evaluate import statements
from xacct_tui.demo.strict.rule import Rule
from xacct_tui.demo.strict.world import World

MAX_MANAGED, MAX_INLINE, MAX_ATTACHED = 6_144, 10_240, 10
"""Characters of a managed policy, of a role's inline policies together; managed policies of a role."""

PROBLEMS: Mapping[str, str] = {
    "json": "Syntax errors in policy.",
    "version": "Policy document must be version 2012-10-17 or greater.",
    "statement": "Syntax errors in policy.",
    "effect": "Syntax errors in policy.",
    "sid": "Statement IDs (SID) in a single policy must be unique.",
    "action": "Policy statement must contain actions.",
    "principal": "Policy document should not specify a principal.",
    "resource": "Policy statement must contain resources.",
}
_IDENTITY = documents.Shape(principal="forbidden", resource="needed")
_SID = re.compile(r"[0-9A-Za-z]*")


def malformed(message: str) -> Refusal:
    """IAM's refusal of a document."""
    return Refusal("MalformedPolicyDocument", message)


def check_sids(document: Mapping[str, Any]) -> None:
    """IAM's Sids are alphanumeric, unlike those of a key policy. Raises Refusal."""
    if not all(_SID.fullmatch(str(item.get("Sid", ""))) for item in statements(document)):
        raise malformed(
            "Statement IDs (SID) must be alpha-numeric. "
            "Check that your input satisfies the regular expression [0-9A-Za-z]*"
        )


def known_policy(_: World, call: Call) -> None:
    """A policy that is spoken of must exist; AWS's own come into being here, when they are spoken of."""
    arn = call.parameters.get("PolicyArn")
    if not arn or state.policy(call.account, arn):
        return
    if call.operation == "AttachRolePolicy":
        raise Refusal("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", 404)
    raise Refusal("NoSuchEntity", f"Policy {arn} was not found.", 404)


def _check(text: str) -> None:
    document = documents.parse(text, _IDENTITY)
    if isinstance(document, str):
        raise malformed(PROBLEMS[document])
    check_sids(document)


def _managed(_: World, call: Call) -> None:
    text = call.parameters["PolicyDocument"]
    if documents.size(text) > MAX_MANAGED:
        raise Refusal("LimitExceeded", f"Cannot exceed quota for PolicySize: {MAX_MANAGED}", 409)
    _check(text)


def _inline(_: World, call: Call) -> None:
    text, name = call.parameters["PolicyDocument"], call.parameters["RoleName"]
    role = state.role_named(call.account, name)
    others = (
        {key: value for key, value in role.policies.items() if key != call.parameters["PolicyName"]} if role else {}
    )
    if documents.size(text) + sum(map(documents.size, others.values())) > MAX_INLINE:
        raise Refusal("LimitExceeded", f"Maximum policy size of {MAX_INLINE} bytes exceeded for role {name}", 409)
    _check(text)


def _attach(_: World, call: Call) -> Mapping[str, Any] | None:
    """Attaching again changes nothing; moto would count it twice."""
    role = state.role_named(call.account, call.parameters["RoleName"])
    attached = role.managed_policies if role else {}
    if call.parameters["PolicyArn"] in attached:
        return {}
    if len(attached) >= MAX_ATTACHED:
        raise Refusal("LimitExceeded", f"Cannot exceed quota for PoliciesPerRole: {MAX_ATTACHED}", 409)
    return None


def _delete(_: World, call: Call) -> None:
    arn = call.parameters["PolicyArn"]
    if any(arn in role.managed_policies for role in state.roles(call.account)):
        raise Refusal("DeleteConflict", "Cannot delete a policy attached to entities.", 409)
    policy = state.policy(call.account, arn)
    if policy and len(policy.versions) > 1:
        raise Refusal(
            "DeleteConflict",
            "This policy has more than one version. Before you delete a policy, you must delete the policy's "
            "versions. The default version is deleted with the policy.",
            409,
        )


BEFORE: Mapping[str, Rule] = {
    "CreatePolicy": _managed,
    "CreatePolicyVersion": _managed,
    "PutRolePolicy": _inline,
    "AttachRolePolicy": _attach,
    "DeletePolicy": _delete,
}
