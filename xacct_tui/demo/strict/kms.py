"""KMS: key policies that take part in every call, the states of keys, the forms of their names, aliases."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from xacct_tui.demo.call import Call, Refusal, Response
from xacct_tui.demo.strict import documents, principals, state
from xacct_tui.demo.strict.evaluate import Question, governed
from xacct_tui.demo.strict.rule import Rules
from xacct_tui.demo.strict.world import World

MAX_KEY_POLICY = 32_768
"""Bytes."""
_SHAPE = documents.Shape(principal="needed", resource="free", action="free")
_KEY_ARN = re.compile(r"arn:aws:kms:(?P<region>[^:]+):(?P<account>\d{12}):(?P<name>(?:key|alias)/.+)")
_ALIAS = re.compile(r"alias/[A-Za-z0-9/_-]+")
_CRYPTO = frozenset({"Encrypt", "Decrypt", "ReEncrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"})
_ACROSS = _CRYPTO | {"DescribeKey", "CreateGrant", "ListGrants", "GetKeyRotationStatus", "GetPublicKey"}
"""What may be called on another account's key. Source: the KMS API reference, "Cross-account use"."""
_ALIAS_TAKEN = _CRYPTO | {"DescribeKey", "GetPublicKey"}
_NOT_WHILE_PENDING = frozenset(
    {
        "PutKeyPolicy",
        "EnableKey",
        "DisableKey",
        "CreateAlias",
        "UpdateAlias",
        "ScheduleKeyDeletion",
        "CreateGrant",
    }
)
_WINDOW = (7, 30)
"""Days."""
_SECONDS_A_DAY = 86_400


def _key(_: World, call: Call) -> Call | None:
    """Find the key that is meant, ask its policy, look at its state; moto then gets its id."""
    element = "TargetKeyId" if "TargetKeyId" in call.parameters else "KeyId"
    named = call.parameters.get(element)
    if not named or call.operation in ("ListAliases", "ListRetirableGrants"):
        return None
    account, name = _owner(call, named)
    key = _found(account, call, name, named)
    _authorize(call, key)
    _check_state(call, key)
    return replace(call.having(**{element: key.id}), account=account)


def _owner(call: Call, named: str) -> tuple[str, str]:
    arn = _KEY_ARN.fullmatch(named)
    if arn is None:
        return call.account, named
    if arn["region"] != call.region:
        raise Refusal("NotFoundException", f"Invalid arn {arn['region']}")
    if arn["account"] != call.account and call.operation not in _ACROSS:
        raise Refusal("AccessDeniedException", _unauthorized(call, named, "no resource-based policy allows"))
    return arn["account"], arn["name"].removeprefix("key/")


def _found(account: str, call: Call, name: str, named: str) -> Any:
    backend = state.kms(account, call.region)
    if name.startswith("alias/") and call.operation not in _ALIAS_TAKEN:
        raise Refusal("NotFoundException", f"Invalid keyId '{named}'")
    key = backend.keys.get(backend.get_key_id_from_alias(name) if name.startswith("alias/") else name)
    if key is None:
        kind = "Alias" if name.startswith("alias/") else "Key"
        arn = f"arn:aws:kms:{call.region}:{account}:{name if kind == 'Alias' else f'key/{name}'}"
        text = f"Alias {arn} is not found." if kind == "Alias" else f"Key '{arn}' does not exist"
        raise Refusal("NotFoundException", text)
    return key


def _authorize(call: Call, key: Any) -> None:
    """The key policy must allow: the caller itself, or its account, which then asks the caller's own policies."""
    if key.account_id == call.caller.account and _is_aws_managed(key):
        return
    question = Question.of(call.caller, f"kms:{call.operation}", key.arn)
    if not governed(json.loads(key.policy), question, key.account_id):
        raise Refusal("AccessDeniedException", _unauthorized(call, key.arn, "no resource-based policy allows"))


def _unauthorized(call: Call, resource: str, because: str) -> str:
    action = f"kms:{call.operation}"
    return (
        f"User: {call.caller.arn} is not authorized to perform: {action} on resource: {resource} "
        f"because {because} the {action} action"
    )


def _check_state(call: Call, key: Any) -> None:
    if key.key_state == "PendingDeletion" and call.operation in _CRYPTO | _NOT_WHILE_PENDING:
        raise Refusal("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    if key.key_state == "Disabled" and call.operation in _CRYPTO:
        raise Refusal("DisabledException", f"{key.arn} is disabled.")
    if call.operation == "CancelKeyDeletion" and key.key_state != "PendingDeletion":
        raise Refusal("KMSInvalidStateException", f"{key.arn} is not pending deletion.")


def _check_policy(world: World, call: Call, key_arn: str) -> None:
    text = call.parameters["Policy"]
    if len(text.encode()) > MAX_KEY_POLICY:
        raise Refusal("LimitExceededException", "The key policy exceeds the maximum size.")
    document = documents.parse(text, _SHAPE)
    if isinstance(document, str):
        raise _malformed("Policy contains invalid JSON" if document == "json" else "Policy is not well-formed")
    if principals.first_invalid(world, document):
        raise _malformed("Policy contains a statement with one or more invalid principals.")
    again = Question.of(call.caller, "kms:PutKeyPolicy", key_arn)
    if not call.parameters.get("BypassPolicyLockoutSafetyCheck") and not governed(document, again, call.account):
        raise _malformed("The new key policy will not allow you to update the key policy in the future.")


def _malformed(message: str) -> Refusal:
    return Refusal("MalformedPolicyDocumentException", message)


def _create_key(world: World, call: Call) -> Call:
    if call.parameters.get("Policy"):
        _check_policy(world, call, f"arn:aws:kms:{call.region}:{call.account}:key/new")
    return replace(
        call,
        parameters={
            "KeyUsage": "ENCRYPT_DECRYPT",
            "MultiRegion": False,
            "Origin": "AWS_KMS",
            **call.parameters,
        },
    )


def _put_policy(world: World, call: Call) -> Call:
    """The policy's name may be left out; moto wants it."""
    _check_policy_name(call)
    key = state.kms(call.account, call.region).keys[call.parameters["KeyId"]]
    _check_policy(world, call, key.arn)
    return call.having(PolicyName="default")


def _get_policy(_: World, call: Call) -> Mapping[str, Any]:
    _check_policy_name(call)
    key = state.kms(call.account, call.region).keys[call.parameters["KeyId"]]
    return {"Policy": key.policy, "PolicyName": "default"}


def _check_policy_name(call: Call) -> None:
    if call.parameters.get("PolicyName", "default") != "default":
        raise Refusal("NotFoundException", "No such policy exists")


def _create_alias(_: World, call: Call) -> None:
    name = call.parameters["AliasName"]
    _check_alias(name)
    if state.kms(call.account, call.region).alias_exists(name):
        arn = f"arn:aws:kms:{call.region}:{call.account}:{name}"
        raise Refusal("AlreadyExistsException", f"An alias with the name {arn} already exists")


def _change_alias(_: World, call: Call) -> None:
    _check_alias(call.parameters["AliasName"])
    if not state.kms(call.account, call.region).alias_exists(call.parameters["AliasName"]):
        arn = f"arn:aws:kms:{call.region}:{call.account}:{call.parameters['AliasName']}"
        raise Refusal("NotFoundException", f"Alias {arn} is not found.")


def _check_alias(name: str) -> None:
    if name.startswith("alias/aws/"):
        raise Refusal("NotAuthorizedException", "")
    if not _ALIAS.fullmatch(name):
        raise Refusal("ValidationException", 'Alias must start with the prefix "alias/". Please see the API reference')


def _schedule_deletion(_: World, call: Call) -> Mapping[str, Any]:
    days = call.parameters.get("PendingWindowInDays", _WINDOW[1])
    if not _WINDOW[0] <= days <= _WINDOW[1]:
        raise Refusal("ValidationException", f"PendingWindowInDays must be between {_WINDOW[0]} and {_WINDOW[1]}")
    backend = state.kms(call.account, call.region)
    key = backend.keys[call.parameters["KeyId"]]
    backend.schedule_key_deletion(key.id, days)
    return {
        "KeyId": key.arn,
        "DeletionDate": time.time() + days * _SECONDS_A_DAY,
        "KeyState": key.key_state,
        "PendingWindowInDays": days,
    }


def _cancelled(_: World, call: Call, response: Response) -> Response:
    return response.with_json({"KeyId": state.kms(call.account, call.region).keys[call.parameters["KeyId"]].arn})


def _described(_: World, call: Call, response: Response) -> Response:
    key = state.kms(call.account, call.region).keys[call.parameters["KeyId"]]
    document = response.json()
    document["KeyMetadata"]["KeyManager"] = "AWS" if _is_aws_managed(key) else "CUSTOMER"
    return response.with_json(document)


def _is_aws_managed(key: Any) -> bool:
    return any(name.startswith("alias/aws/") for name in key.aliases)


def _replicate(_: World, call: Call) -> None:
    region = call.parameters["ReplicaRegion"]
    key = state.kms(call.account, call.region).keys[call.parameters["KeyId"]]
    if not key.multi_region or key.multi_region_configuration["PrimaryKey"]["Arn"] != key.arn:
        raise Refusal("UnsupportedOperationException", f"{key.arn} is not a multi-Region primary key.")
    if key.id in state.kms(call.account, region).keys:
        raise Refusal("AlreadyExistsException", f"{key.arn} already has a replica in {region}.")


RULES = Rules(
    every=(_key,),
    before={
        "CreateKey": _create_key,
        "PutKeyPolicy": _put_policy,
        "GetKeyPolicy": _get_policy,
        "CreateAlias": _create_alias,
        "UpdateAlias": _change_alias,
        "DeleteAlias": _change_alias,
        "ScheduleKeyDeletion": _schedule_deletion,
        "ReplicateKey": _replicate,
    },
    after={"CancelKeyDeletion": _cancelled, "DescribeKey": _described},
)
