"""EventBridge rules that start a pipeline: reading them, and deciding whether an upload sets one off."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconcile.change import Address
from reconcile.event_patterns import accepts
from reconcile.reads import Reads
from reconcile.rule_roles import ask, hindrance
from reconcile.trails import read_trails, records

_CLOUDTRAIL = "AWS API Call via CloudTrail"
_UPLOADS = ("PutObject", "CompleteMultipartUpload", "CopyObject")
_REASONS = (*_UPLOADS, "POST Object")


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

    A rule is ``{"name", "arn", "pattern", "enabled", "roles", "hindrance"}``. ``enabled`` also asks that its target
    has a role; ``pattern`` is empty for one that runs by the clock; ``roles`` are the ARNs of the roles by which it
    starts the pipeline; ``hindrance`` is why none of them may, see :func:`reconcile.rule_roles.hindrance`. A trail is
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
    needs_trails = any(accepts(pattern, {"detail-type": _CLOUDTRAIL}) for pattern in patterns.values())
    trails = read_trails(reads, account, region) if needs_trails else []
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
        "arn": live["Arn"],
        "pattern": pattern,
        "enabled": live["State"] != "DISABLED" and bool(roles),
        "roles": roles,
        "hindrance": hindrances[0] if hindrances and all(hindrances) else None,
    }


def starts_on_upload(rule: Mapping[str, Any], starter: Starter) -> bool:
    """Whether an upload sets the rule off, and nothing hinders that it starts the pipeline."""
    return set_off_by_upload(rule, starter) and not rule.get("hindrance")


def set_off_by_upload(rule: Mapping[str, Any], starter: Starter) -> bool:
    """Whether the rule is enabled, matches the upload, and its events come at all."""
    events = _events(starter, rule.get("arn", ""))
    return bool(rule["enabled"]) and any(accepts(rule["pattern"], event) for event in events)


def _events(starter: Starter, rule: str) -> Iterator[Mapping[str, Any]]:
    """What the rule is told of an upload, one event for each way to upload; of each, what is known before it."""
    common = {"source": "aws.s3", "region": starter.region, **_whose(rule, starter.bucket)}
    if "EventBridgeConfiguration" in starter.notifications:
        detail = {"bucket": {"name": starter.bucket}, "object": {"key": starter.key}}
        for reason in _REASONS:
            yield {**common, "detail-type": "Object Created", "detail": {**detail, "reason": reason}}
    for name in _UPLOADS:
        if any(records(trail, f"{starter.bucket}/{starter.key}", name) for trail in starter.trails):
            parameters = {"bucketName": starter.bucket, "key": starter.key}
            call = {"eventSource": "s3.amazonaws.com", "eventName": name, "requestParameters": parameters}
            succeeded = {**call, "errorCode": None, "errorMessage": None}
            yield {**common, "resources": None, "detail-type": _CLOUDTRAIL, "detail": succeeded}


def _whose(rule: str, bucket: str) -> dict[str, Any]:
    """Account and bucket as events name them, by the ARN of a rule that gets them; one yet to be made has none."""
    if not rule:
        return {}
    _, partition, _, _, account, _ = rule.split(":", 5)
    return {"account": account, "resources": [f"arn:{partition}:s3:::{bucket}"]}
