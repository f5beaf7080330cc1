"""Making and taking away the EventBridge rule that starts a pipeline, with the role it does that by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reconcile import policy, rule_roles, statement_parts
from reconcile.change import Address
from reconcile.errors import AwsError, Blocked
from reconcile.ownership import creation_tags, refuse_foreign, tag_list
from reconcile.propagation import Writes
from reconcile.trust import put_trust

_TARGET = "pipeline"
_GONE = ("NoSuchEntity", "ResourceNotFoundException")


def write_rule(writes: Writes, address: Address, rule: Mapping[str, Any], tags: Mapping[str, str]) -> None:
    """Make the rule, enabled or not, and before it the role that EventBridge starts the pipeline with.

    Raises Blocked where a rule or role of that name is anybody else's.
    """
    name, arn = str(rule["name"]), writes.clients.accounts[address.account].pipeline_arn(address.name)
    existing = _rule(writes, address, name)
    if existing is not None:
        _refuse_foreign_rule(writes, address, existing)
    role = _make_role(writes, address, rule, arn, tags)
    marked = tag_list(creation_tags(_resource(name), tags))
    _events(
        writes,
        address,
        "put_rule",
        Name=name,
        EventPattern=json.dumps(rule["pattern"]),
        State="ENABLED" if rule["enabled"] else "DISABLED",
        **({} if existing else {"Tags": marked}),
    )
    target = {"Id": _TARGET, "Arn": arn, "RoleArn": role}
    answer = _events(writes, address, "put_targets", Rule=name, Targets=[target])
    if answer["FailedEntryCount"]:
        failed = answer["FailedEntries"][0]
        raise AwsError(address.account, "events:PutTargets", failed["ErrorCode"], failed["ErrorMessage"])


def remove_rule(writes: Writes, address: Address, name: str) -> None:
    """Take away a rule that the tool made, with its targets and its role, or what an interruption left of them.

    Raises Blocked for anybody else's.
    """
    rule = _rule(writes, address, name)
    if rule is not None:
        _remove_rule(writes, address, name, str(rule["Arn"]))
    _remove_role(writes, address, name)


def _remove_rule(writes: Writes, address: Address, name: str, arn: str) -> None:
    listed = _events_read(writes, address, "list_tags_for_resource", ResourceARN=arn)
    refuse_foreign(_resource(name), listed["Tags"])
    targets = _events_read(writes, address, "list_targets_by_rule", Rule=name)["Targets"]
    if targets:
        _events(writes, address, "remove_targets", Rule=name, Ids=[target["Id"] for target in targets])
    _events(writes, address, "delete_rule", Name=name)


def _make_role(writes: Writes, address: Address, rule: Mapping[str, Any], arn: str, tags: Mapping[str, str]) -> str:
    name = str(rule["name"])
    existing = writes.lookup(_GONE, address.account, "iam", "get_role", RoleName=name)
    if existing is None:
        existing = writes(
            address.account,
            "iam",
            "create_role",
            document=rule_roles.trust(),
            RoleName=name,
            Path=rule_roles.PATH,
            AssumeRolePolicyDocument=statement_parts.text(rule_roles.trust()),
            Tags=tag_list(creation_tags(_role_resource(name), tags)),
            **({"PermissionsBoundary": rule["boundary"]} if rule.get("boundary") else {}),
        )
    else:
        _refuse_foreign_role(existing["Role"])
        _let_events_in(writes, address, existing["Role"])
    writes(
        address.account,
        "iam",
        "put_role_policy",
        RoleName=name,
        PolicyName=rule_roles.POLICY,
        PolicyDocument=statement_parts.text(rule_roles.policy(arn)),
    )
    return str(existing["Role"]["Arn"])


def _let_events_in(writes: Writes, address: Address, role: Mapping[str, Any]) -> None:
    """Have the trust policy of a role that is there let EventBridge in; what else it says stays."""
    live = statement_parts.parsed(role["AssumeRolePolicyDocument"])
    wanted = policy.statements(rule_roles.trust())[0]
    if policy.uncovered(live, policy.Need.of(wanted)):
        of_role = replace(address, resource=_role_resource(str(role["RoleName"])))
        put_trust(writes, of_role, policy.with_statement(live, wanted))


def _remove_role(writes: Writes, address: Address, name: str) -> None:
    existing = writes.lookup(_GONE, address.account, "iam", "get_role", RoleName=name)
    if existing is None:
        return
    _refuse_foreign_role(existing["Role"])
    try:
        if writes.lookup(_GONE, address.account, "iam", "get_role_policy", RoleName=name, PolicyName=rule_roles.POLICY):
            writes(address.account, "iam", "delete_role_policy", RoleName=name, PolicyName=rule_roles.POLICY)
        writes(address.account, "iam", "delete_role", RoleName=name)
    except AwsError as error:
        if error.code == "DeleteConflict":
            raise Blocked(f"role {name} is used for something else by now: it stays") from error
        raise


def _refuse_foreign_rule(writes: Writes, address: Address, rule: Mapping[str, Any]) -> None:
    listed = _events_read(writes, address, "list_tags_for_resource", ResourceARN=rule["Arn"])
    refuse_foreign(_resource(str(rule["Name"])), listed["Tags"])


def _refuse_foreign_role(role: Mapping[str, Any]) -> None:
    refuse_foreign(_role_resource(str(role["RoleName"])), role.get("Tags", []))


def _rule(writes: Writes, address: Address, name: str) -> dict[str, Any] | None:
    return writes.lookup(_GONE, address.account, "events", "describe_rule", region=address.region, Name=name)


def _events(writes: Writes, address: Address, operation: str, **parameters: Any) -> dict[str, Any]:
    return writes(address.account, "events", operation, region=address.region, **parameters)


def _events_read(writes: Writes, address: Address, operation: str, **parameters: Any) -> dict[str, Any]:
    return writes.read(address.account, "events", operation, region=address.region, **parameters)


def _resource(name: str) -> str:
    return f"events:rule/{name}"


def _role_resource(name: str) -> str:
    return f"iam:role/{name}"
