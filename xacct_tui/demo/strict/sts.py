"""STS: who am I, and may I become somebody else."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from xacct_tui.demo.call import Call, Caller, Refusal
from xacct_tui.demo.strict import mfa, state
from xacct_tui.demo.strict.evaluate import Question, governed
from xacct_tui.demo.strict.rule import Rules
from xacct_tui.demo.strict.world import World

_SESSION = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def _identity(_: World, call: Call) -> Mapping[str, Any]:
    caller = call.caller
    return {"UserId": caller.user_id, "Account": caller.account, "Arn": caller.arn}


def may_assume(role_arn: str, target: Any | None, keys: tuple[tuple[str, str], ...] = ()) -> bool:
    """Whether a role may assume another, by its own policies and the other's trust; nobody may assume none.

    ``keys`` are condition keys of the call.
    """
    if target is None:
        return False
    trust = json.loads(target.assume_role_policy_document)
    return governed(trust, Question(role_arn, "sts:AssumeRole", target.arn, keys=keys), state.account_of(target.arn))


def _assume_role(world: World, call: Call) -> Mapping[str, Any]:
    arn, session = call.parameters["RoleArn"], call.parameters["RoleSessionName"]
    if not _SESSION.fullmatch(session):
        raise Refusal("ValidationError", f"1 validation error detected: Value '{session}' at 'roleSessionName'")
    role = state.role_at(arn)
    if not may_assume(call.caller.role_arn, role, tuple(_keys(call))):
        text = f"User: {call.caller.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}"
        raise Refusal("AccessDenied", text, 403)
    caller = _session(role, session)
    key = "ASIA" + "".join(secrets.choice(_ALPHABET) for _ in range(16))
    token = secrets.token_urlsafe(40)
    world.sessions[key] = (token, caller)
    return {
        "AssumedRoleUser": {"AssumedRoleId": caller.user_id, "Arn": caller.arn},
        "Credentials": {
            "AccessKeyId": key,
            "SecretAccessKey": secrets.token_urlsafe(30),
            "SessionToken": token,
            "Expiration": datetime.now(UTC) + timedelta(seconds=call.parameters.get("DurationSeconds", 3600)),
        },
    }


def _keys(call: Call) -> Iterator[tuple[str, str]]:
    """What the call says beside who calls. Raises Refusal for a code that is not the device's."""
    serial, code = call.parameters.get("SerialNumber"), call.parameters.get("TokenCode")
    if serial or code:
        if not mfa.fits(call.caller, serial or "", code or ""):
            text = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
            raise Refusal("AccessDenied", text, 403)
        yield "aws:multifactorauthpresent", "true"
    if external := call.parameters.get("ExternalId"):
        yield "sts:externalid", external


def _session(role: Any, session: str) -> Caller:
    account = state.account_of(role.arn)
    arn = f"arn:aws:sts::{account}:assumed-role/{role.name}/{session}"
    return Caller(account, arn, role.arn, f"{role.id}:{session}")


RULES = Rules(before={"GetCallerIdentity": _identity, "AssumeRole": _assume_role})
