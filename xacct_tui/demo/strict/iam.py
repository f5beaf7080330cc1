"""IAM: roles, their trust, and what may be named in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from xacct_tui.demo.call import Call, Refusal, Response
from xacct_tui.demo.strict import documents, iam_policies, principals, state
from xacct_tui.demo.strict.rule import Rules
from xacct_tui.demo.strict.world import World

MAX_TRUST = 2_048
"""Characters; quota ACLSizePerRole."""

_TRUST = documents.Shape(principal="needed", resource="forbidden")
_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_ASSUME = (
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",
    "sts:SetSourceIdentity",
)
_TRUST_PROBLEMS: Mapping[str, str] = {
    **iam_policies.PROBLEMS,
    "json": "This policy contains invalid Json",
    "principal": "Missing required field Principal",
    "resource": "Has prohibited field Resource.",
}


def _known_role(_: World, call: Call) -> None:
    name = call.parameters.get("RoleName")
    if name and call.operation != "CreateRole" and not _exact(call.account, name):
        raise Refusal("NoSuchEntity", f"The role with name {name} cannot be found.", 404)


def _exact(account: str, name: str) -> Any | None:
    role = state.role_named(account, name)
    return role if role and role.name == name else None


def _create_role(world: World, call: Call) -> None:
    name = call.parameters["RoleName"]
    if not _NAME.fullmatch(name):
        raise Refusal("ValidationError", "The specified value for roleName is invalid.")
    if state.role_named(call.account, name):
        raise Refusal("EntityAlreadyExists", f"Role with name {name} already exists.", 409)
    boundary = call.parameters.get("PermissionsBoundary")
    if boundary and not state.policy(call.account, boundary):
        raise Refusal("NoSuchEntity", f"Scope ARN: {boundary} does not exist or is not attachable.", 404)
    _check_trust(world, call.parameters["AssumeRolePolicyDocument"])


def _role_created(world: World, call: Call, response: Response) -> Response:
    role = _exact(call.account, call.parameters["RoleName"])
    _store_canonical(role)
    principals.made(world, role.id if role else "")
    return response


def _update_trust(world: World, call: Call) -> None:
    _check_trust(world, call.parameters["PolicyDocument"])


def _trust_updated(_: World, call: Call, response: Response) -> Response:
    _store_canonical(_exact(call.account, call.parameters["RoleName"]))
    return response


def _store_canonical(role: Any) -> None:
    document = json.loads(role.assume_role_policy_document)
    role.assume_role_policy_document = json.dumps(documents.canonical(document))


def _check_trust(world: World, text: str) -> None:
    if documents.size(text) > MAX_TRUST:
        raise Refusal("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {MAX_TRUST}", 409)
    document = documents.parse(text, _TRUST)
    if isinstance(document, str):
        raise iam_policies.malformed(_TRUST_PROBLEMS[document])
    iam_policies.check_sids(document)
    if not all(action in _ASSUME for action in documents.actions(document)):
        raise iam_policies.malformed(
            "Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  "
            "and sts:AssumeRoleWithWebIdentity"
        )
    if invalid := principals.first_invalid(world, document):
        raise iam_policies.malformed(f'Invalid principal in policy: "AWS":"{invalid}"')


def _delete_role(_: World, call: Call) -> None:
    role = _exact(call.account, call.parameters["RoleName"])
    if role is None:
        return
    if role.managed_policies:
        raise Refusal("DeleteConflict", "Cannot delete entity, must detach all policies first.", 409)
    if role.policies:
        raise Refusal("DeleteConflict", "Cannot delete entity, must delete policies first.", 409)
    principals.deleted(role)


RULES = Rules(
    every=(_known_role, iam_policies.known_policy),
    before={
        **iam_policies.BEFORE,
        "CreateRole": _create_role,
        "UpdateAssumeRolePolicy": _update_trust,
        "DeleteRole": _delete_role,
    },
    after={"CreateRole": _role_created, "UpdateAssumeRolePolicy": _trust_updated},
)
