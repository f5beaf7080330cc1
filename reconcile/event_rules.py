"""EventBridge rules that start a pipeline: reading them, and deciding whether an upload sets one off."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from reconcile.change import Address
from reconcile.reads import Reads, found
from reconcile.rule_roles import ask, hindrance

_CLOUDTRAIL = "AWS API Call via CloudTrail"
_UPLOADS = ("PutObject", "CompleteMultipartUpload", "CopyObject")


@dataclass(frozen=True, slots=True)
class Starter:
    """What a rule is asked about: an upload of this key to this bucket, with what the bucket and trails tell."""

    region: str
    bucket: str
    key: str
    notifications: Mapping[str, Any]
    trails: tuple[Mapping[str, Any], ...]


def read_rules(
    reads: Reads, address: Address, pipeline_arn: str
) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """Every rule of the default bus that has the pipeline as its target, by name; and trails, if one needs them.

    A rule is ``{"name", "pattern", "enabled", "roles", "hindrance"}``. ``enabled`` also asks that its target has a
    role; ``pattern`` is empty for one that runs by the clock; ``roles`` are the ARNs of the roles by which it starts
    the pipeline; ``hindrance`` is why none of them may, see :func:`reconcile.rule_roles.hindrance`. A trail is
    ``{"logging", "selectors", "advanced"}``; trails are read only where a rule listens to CloudTrail.
    """
    account, region = address.account, address.region
    named = reads(account, "events", "list_rule_names_by_target", region=region, TargetArn=pipeline_arn)
    names = named["RuleNames"]
    asked = {name: reads.start(account, "events", "describe_rule", region=region, Name=name) for name in names}
    targets = {name: reads.start(account, "events", "list_targets_by_rule", region=region, Rule=name) for name in names}
    roles = {name: _roles(answer.result()["Targets"], pipeline_arn) for name, answer in targets.items()}
    patterns = {name: json.loads(answer.result().get("EventPattern", "{}")) for name, answer in asked.items()}
    for name, pattern in patterns.items():
        for role in roles[name] if pattern else ():
            ask(reads, account, role)
    needs_trails = any(_accepts(pattern, {"detail-type": _CLOUDTRAIL}) for pattern in patterns.values())
    trails = _trails(reads, account, region) if needs_trails else []
    return {
        name: _rule(reads, address, each.result(), patterns[name], roles[name]) for name, each in asked.items()
    }, trails


def _roles(targets: Iterable[Mapping[str, Any]], pipeline_arn: str) -> list[str]:
    """The roles by which the pipeline is started, of a rule's targets."""
    return [each["RoleArn"] for each in targets if each["Arn"] == pipeline_arn and each.get("RoleArn")]


def _rule(
    reads: Reads, address: Address, live: Mapping[str, Any], pattern: dict[str, Any], roles: list[str]
) -> dict[str, Any]:
    # what runs by the clock starts nothing on an upload, whatever its role may
    hindrances = [hindrance(reads, address, live["Arn"], role) for role in roles] if pattern else []
    return {
        "name": live["Name"],
        "pattern": pattern,
        "enabled": live["State"] == "ENABLED" and bool(roles),
        "roles": roles,
        "hindrance": hindrances[0] if hindrances and all(hindrances) else None,
    }


def starts_on_upload(rule: Mapping[str, Any], starter: Starter) -> bool:
    """Whether an upload sets the rule off, and nothing hinders that it starts the pipeline."""
    return set_off_by_upload(rule, starter) and not rule.get("hindrance")


def set_off_by_upload(rule: Mapping[str, Any], starter: Starter) -> bool:
    """Whether the rule is enabled, matches the upload, and its events come at all."""
    return bool(rule["enabled"]) and any(_accepts(rule["pattern"], event) for event in _events(starter))


def _events(starter: Starter) -> Iterator[Mapping[str, Any]]:
    """What EventBridge is told of an upload, one event for each way to upload; of each, what is known before it."""
    common = {"source": "aws.s3", "region": starter.region}
    if "EventBridgeConfiguration" in starter.notifications:
        detail = {"bucket": {"name": starter.bucket}, "object": {"key": starter.key}}
        yield {**common, "detail-type": "Object Created", "detail": detail}
    if any(_records(trail, f"{starter.bucket}/{starter.key}") for trail in starter.trails):
        parameters = {"bucketName": starter.bucket, "key": starter.key}
        for name in _UPLOADS:
            call = {"eventSource": "s3.amazonaws.com", "eventName": name, "requestParameters": parameters}
            yield {**common, "detail-type": _CLOUDTRAIL, "detail": call}


def _accepts(pattern: Mapping[str, Any], event: Any) -> bool:
    """EventBridge's own matching. A field that is not known of the event may have any value; no pattern takes none."""
    return (
        bool(pattern)
        and isinstance(event, Mapping)
        and all(_field_accepts(wanted, key, event) for key, wanted in pattern.items())
    )


def _field_accepts(wanted: Any, key: str, event: Mapping[str, Any]) -> bool:
    if key == "$or":
        return any(_accepts(each, event) for each in wanted)
    if key not in event:
        return True
    return _accepts(wanted, event[key]) if isinstance(wanted, Mapping) else _matches(wanted, event[key])


def _matches(wanted: Any, value: str) -> bool:
    return any(_matches_one(each, value) for each in (wanted if isinstance(wanted, list) else [wanted]))


def _matches_one(wanted: Any, value: str) -> bool:
    if not isinstance(wanted, dict):
        return bool(wanted == value)
    for operator, operand in wanted.items():
        if operator == "prefix" and isinstance(operand, str):
            return value.startswith(operand)
        if operator == "suffix" and isinstance(operand, str):
            return value.endswith(operand)
        if operator == "wildcard":
            return fnmatchcase(value, str(operand).replace("[", "[[]").replace("?", "[?]"))
        if operator == "exists":
            return bool(operand)
        if operator == "anything-but":
            return not _matches(operand, value)
        if operator == "equals-ignore-case":
            return value.casefold() == str(operand).casefold()
    return False


def _trails(reads: Reads, account: str, region: str) -> list[dict[str, Any]]:
    listed = reads(account, "cloudtrail", "describe_trails", region=region)["trailList"]
    asked = [
        (
            reads.start(account, "cloudtrail", "get_trail_status", region=region, Name=trail["TrailARN"]),
            reads.start(account, "cloudtrail", "get_event_selectors", region=region, TrailName=trail["TrailARN"]),
        )
        for trail in listed
    ]
    read = [
        (found(status, "TrailNotFoundException"), found(chosen, "TrailNotFoundException")) for status, chosen in asked
    ]
    return [
        {
            "logging": status["IsLogging"],
            "selectors": chosen.get("EventSelectors", []),
            "advanced": chosen.get("AdvancedEventSelectors", []),
        }
        for status, chosen in read
        if status is not None and chosen is not None
    ]


def _records(trail: Mapping[str, Any], path: str) -> bool:
    """Whether a trail records writes to this object (``bucket/key``) as data events."""
    return bool(trail["logging"]) and (
        any(_selects(selector, path) for selector in trail["selectors"])
        or any(_selects_advanced(selector, path) for selector in trail["advanced"])
    )


def _selects(selector: Mapping[str, Any], path: str) -> bool:
    if selector.get("ReadWriteType", "All") == "ReadOnly":
        return False
    values = [
        value
        for resource in selector.get("DataResources", [])
        if resource["Type"] == "AWS::S3::Object"
        for value in resource["Values"]
    ]
    # a value is a prefix of the object's ARN; "arn:aws:s3" alone stands for every bucket
    return any(path.startswith(value.partition(":::")[2]) for value in values if value.startswith("arn:"))


def _selects_advanced(selector: Mapping[str, Any], path: str) -> bool:
    fields = {each["Field"]: each for each in selector.get("FieldSelectors", [])}
    if "Data" not in fields.get("eventCategory", {}).get("Equals", []):
        return False
    if "AWS::S3::Object" not in fields.get("resources.type", {}).get("Equals", []):
        return False
    if "true" in fields.get("readOnly", {}).get("Equals", []):
        return False
    where = fields.get("resources.ARN")
    if where is None:
        return True
    arns = [*where.get("StartsWith", []), *where.get("Equals", [])]
    return any(path.startswith(arn.partition(":::")[2]) for arn in arns)
