"""Principals in policies: only what exists may be named, and what is deleted turns into its id."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from xacct_tui.demo.strict import documents, state
from xacct_tui.demo.strict.world import World

_UNIQUE_ID = re.compile(r"(AROA|AIDA|AGPA|ASIA|AKIA)[A-Z0-9]+")
_ROOT = re.compile(r"(?:arn:aws:iam::)?(\d{12})(?::root)?")
_SESSION = re.compile(r"arn:aws:sts::(\d{12}):assumed-role/([^/]+)/.+")


def first_invalid(world: World, document: Mapping[str, Any]) -> str | None:
    """The first AWS principal of a document that AWS would not accept; None if all are in order.

    Counts as one validation for roles that are still invisible.
    """
    invalid = [name for name in documents.principals(document) if not _exists(world, name)]
    return invalid[0] if invalid else None


def made(world: World, role_id: str) -> None:
    """A role was made: the next validations do not see it."""
    world.unseen[role_id] = world.lag.new_role


def deleted(role: Any) -> None:
    """A role was deleted: every policy that names it holds its id from now on, also if the name is used again.

    Source: IAM user guide, ``reference_policies_elements_principal``.
    """

    def changed(text: str) -> str:
        document = json.loads(text)
        return json.dumps(documents.with_principals(document, lambda one: role.id if one == role.arn else one))

    for owner in state.accounts():
        for other in state.roles(owner):
            other.assume_role_policy_document = changed(other.assume_role_policy_document)
        for key in state.keys(owner):
            key.policy = changed(key.policy)
    for bucket in state.buckets():
        bucket.policy = changed(bucket.policy.decode()).encode() if bucket.policy else None


def _exists(world: World, name: str) -> bool:
    if name == "*":
        return True
    if root := _ROOT.fullmatch(name):
        return root[1] in world.accounts.values()
    if _UNIQUE_ID.fullmatch(name):
        return False
    if session := _SESSION.fullmatch(name):
        return state.role_named(session[1], session[2]) is not None
    if state.account_of(name) not in world.accounts.values():
        return False
    return state.user_at(name) is not None or _seen(world, state.role_at(name))


def _seen(world: World, role: Any | None) -> bool:
    if role is None:
        return False
    left = world.unseen.get(role.id, 0)
    world.unseen[role.id] = max(0, left - 1)
    return left == 0
