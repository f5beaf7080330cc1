"""Change detection: what starts the pipeline when the source object changes.

Any live mechanism serves: the S3 → EventBridge rule of today, the older rule on CloudTrail's data events with the
trail that it needs, or the pipeline's own polling. Where none is there, S3 → EventBridge is made: the bucket's
notification switch, a rule with the pipeline as its target, and the role by which the rule may start it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from reconcile import addresses, declaration
from reconcile.change import Address, Grant, Part, Value, Want
from reconcile.desired import Config, Deployment, Source
from reconcile.errors import Blocked
from reconcile.event_rules import Starter, read_rules, starts_on_upload
from reconcile.kinds.protocol import Assessment, Document, Kind
from reconcile.propagation import Writes
from reconcile.reads import Reads, found
from reconcile.rule_writing import remove_rule, write_rule

_BOUNDARY = 2
"""Where the part names the permissions boundary of the role by which the rule starts the pipeline, if any."""
_RULE_NAME_LIMIT = 64
_KEPT = "the rule's role keeps what lets it start the pipeline; rolled back, the rule is disabled instead"


class TriggerKind(Kind):
    """``{"notifications", "rules", "trails", "poll"}``.

    ``notifications`` is the bucket's whole notification configuration, ``rules`` those that have the pipeline as
    their target and ``trails`` the CloudTrail trails where one needs them, see :mod:`reconcile.event_rules`; ``poll``
    is whether the pipeline polls the object. The part's value is ``{"notifications": bool, "rule": {"name", "pattern",
    "enabled"} | None}``; None where neither is there. A rule whose role lacks what a write gives it counts as disabled;
    rolled back, it is disabled in fact.
    """

    name = "trigger"
    services = ("s3", "events", "codepipeline", "cloudtrail", "iam")

    def wants(self, config: Config, deployment: Deployment) -> Iterable[Want]:
        """An upload of the source object starts the pipeline."""
        source = deployment.source
        if source is None or source.trigger == "none":
            return
        resource = f"codepipeline:pipeline/{deployment.pipeline}"
        rule = _rule_name(deployment.pipeline)
        arn = deployment.pipeline_arn(config)
        boundary = deployment.service_role.permissions_boundary
        yield Want(
            deployment=deployment.name,
            slug="trigger",
            address=addresses.dev(
                config, deployment, self.name, resource, holder=f"{source.bucket}/{source.object_key}"
            ),
            part=Part("trigger", (rule, source.trigger, *filter(None, (boundary,)))),
            value={"notifications": True, "rule": {"name": rule, "pattern": _pattern(source), "enabled": True}},
            title=f"an upload of {source.object_key} starts {deployment.pipeline}",
            requires=("input-bucket",),
            grants=(Grant("events.amazonaws.com", ("codepipeline:StartPipelineExecution",), arn),),
            tags=deployment.tags,
        )

    def read(self, reads: Reads, address: Address) -> Document | None:
        """The bucket's notifications, the rules that target the pipeline, trails if need be, and its polling."""
        bucket = address.holder.partition("/")[0]
        asked = reads.start(
            address.account,
            "s3",
            "get_bucket_notification_configuration",
            region=address.region,
            Bucket=bucket,
            ExpectedBucketOwner=reads.owner(address.account),
        )
        pipeline = reads.start(
            address.account, "codepipeline", "get_pipeline", region=address.region, name=address.name
        )
        arn = reads.clients.accounts[address.account].pipeline_arn(address.name)
        rules, trails = read_rules(reads, address, arn)
        notifications = dict(found(asked, "NoSuchBucket") or {})
        notifications.pop("ResponseMetadata", None)
        live = found(pipeline, "PipelineNotFoundException")
        poll = any(map(declaration.polls, declaration.sources_of(live["pipeline"], address.holder))) if live else False
        return {"notifications": notifications, "rules": rules, "trails": trails, "poll": poll}

    def aim(self, document: Document | None, want: Want) -> Value:
        """In sync where anything starts the pipeline; else the part of S3 → EventBridge that is missing."""
        bucket, _, key = want.address.holder.partition("/")
        live = document or _NOTHING
        starter = Starter(want.address.region, bucket, key, live["notifications"], tuple(live["trails"]))
        if live["poll"] or _starts(live, starter):
            return self.get(document, want.part)
        if want.part.of[1] != "eventbridge":
            raise Blocked(
                f'nothing starts the pipeline, and a trigger of the sort "{want.part.of[1]}" is not made: '
                'set source.trigger = "eventbridge", or make it by hand'
            )
        switched_on = replace(starter, notifications={**starter.notifications, "EventBridgeConfiguration": {}})
        if _starts(live, switched_on):  # a second rule would start the pipeline twice
            return {"notifications": True, "rule": (self.get(document, want.part) or {}).get("rule")}
        hindrance = live["rules"].get(want.part.of[0], {}).get("hindrance")
        if hindrance and hindrance["lasting"]:
            raise Blocked(f"{hindrance['told']}: take that away, or nothing that is written lets the rule start it")
        return want.value

    def assess(self, document: Document | None, part: Part, after: Value) -> Assessment:
        """Why rules that are there do not do, and what of a repaired rule stays."""
        if after == self.get(document, part):
            return Assessment()
        rules = (document or _NOTHING)["rules"]
        hindered = {name: rule["hindrance"]["told"] for name, rule in rules.items() if rule.get("hindrance")}
        notes = tuple(f"rule {name} does not start it: {told}" for name, told in hindered.items())
        return Assessment(notes=notes, irreversible_reason=_KEPT if part.of[0] in hindered else None)

    def between(self, before: Value, after: Value) -> Iterable[Value]:
        """The switch is thrown before the rule is made, and the rule goes before the switch is thrown back."""
        if after is None:
            yield {**before, "rule": None}
        else:
            yield {**after, "rule": (before or {}).get("rule")}

    def get(self, document: Document | None, part: Part) -> Value:
        """Whether the bucket tells EventBridge, and our rule."""
        live = document or _NOTHING
        ours = _ours(live, part)
        on = "EventBridgeConfiguration" in live["notifications"]
        return {"notifications": on, "rule": ours} if on or ours else None

    def put(self, document: Document | None, part: Part, value: Value) -> Document | None:
        """The switch and our rule; other notifications and rules stay."""
        live, wanted = document or _NOTHING, value or {"notifications": False, "rule": None}
        if self.get(document, part) == value:
            return document
        notifications = {key: each for key, each in live["notifications"].items() if key != "EventBridgeConfiguration"}
        if wanted["notifications"]:
            notifications["EventBridgeConfiguration"] = live["notifications"].get("EventBridgeConfiguration", {})
        rules = {name: rule for name, rule in live["rules"].items() if name != part.of[0]}
        if wanted["rule"] and wanted["rule"] == _ours(live, part):
            rules[part.of[0]] = live["rules"][part.of[0]]
        elif wanted["rule"]:
            # a boundary is asked for with the part, and told to the write alone: AWS's rules know of none
            boundary = {"boundary": part.of[2]} if len(part.of) > _BOUNDARY else {}
            rules[part.of[0]] = {**wanted["rule"], **boundary}
        return {**live, "notifications": notifications, "rules": rules}

    def write(
        self,
        writes: Writes,
        address: Address,
        before: Document | None,
        after: Document | None,
        tags: Mapping[str, str],
    ) -> str:
        """PutBucketNotificationConfiguration with all that was in it; PutRule and PutTargets, or their opposites."""
        old, new = before or _NOTHING, after or _NOTHING
        gone = old["rules"].keys() - new["rules"].keys()
        for name in gone:
            remove_rule(writes, address, name)
        if _rule_name(address.name) not in gone:
            self.tidy(writes, address, new)
        if old["notifications"] != new["notifications"]:
            _put_notifications(writes, address, new["notifications"], own=old["rules"])
        for name, rule in new["rules"].items():
            if rule != old["rules"].get(name):
                write_rule(writes, address, rule, tags)
        return ""

    def tidy(self, writes: Writes, address: Address, document: Document | None) -> None:
        """A rule that has no target yet or no more, and its role: neither shows in the document."""
        name = _rule_name(address.name)
        if name not in (document or _NOTHING)["rules"]:
            with suppress(Blocked):
                remove_rule(writes, address, name)


_NOTHING: Document = {"notifications": {}, "rules": {}, "trails": [], "poll": False}


def _ours(live: Document, part: Part) -> dict[str, Any] | None:
    """Our rule as the part's value has it."""
    rule = live["rules"].get(part.of[0])
    if rule is None:
        return None
    hindrance = rule.get("hindrance")
    enabled = rule["enabled"] and (hindrance is None or hindrance["lasting"])
    return {"name": rule["name"], "pattern": rule["pattern"], "enabled": enabled}


def _starts(live: Document, starter: Starter) -> bool:
    return any(starts_on_upload(rule, starter) for rule in live["rules"].values())


def _put_notifications(
    writes: Writes, address: Address, notifications: Mapping[str, Any], *, own: Collection[str]
) -> None:
    bucket = address.holder.partition("/")[0]
    if "EventBridgeConfiguration" not in notifications:
        _refuse_if_others_listen(writes, address, bucket, own)
    writes(
        address.account,
        "s3",
        "put_bucket_notification_configuration",
        region=address.region,
        Bucket=bucket,
        ExpectedBucketOwner=writes.owner(address.account),
        NotificationConfiguration=dict(notifications),
    )


def _refuse_if_others_listen(writes: Writes, address: Address, bucket: str, own: Collection[str]) -> None:
    """The switch is one for the whole bucket: rules that do not start this pipeline may rely on it by now."""
    rules = writes.read(address.account, "events", "list_rules", region=address.region)["Rules"]
    for rule in rules:
        pattern = "" if rule["Name"] in own else rule.get("EventPattern", "")
        if bucket in pattern and "Object Created" in pattern:
            raise Blocked(f"rule {rule['Name']} listens to bucket {bucket} too: its events stay switched on")


def _pattern(source: Source) -> dict[str, Any]:
    return {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [source.bucket]}, "object": {"key": [source.object_key]}},
    }


def _rule_name(pipeline: str) -> str:
    """EventBridge takes 64 characters of ``[A-Za-z0-9._-]``, a pipeline's name may have 100 and an ``@``.

    A digest keeps pipelines apart whose names would come out the same.
    """
    name = f"xacct-{pipeline}"
    if len(name) <= _RULE_NAME_LIMIT and "@" not in name:
        return name
    digest = hashlib.sha256(pipeline.encode()).hexdigest()[:8]
    return f"{name.replace('@', '.')[: _RULE_NAME_LIMIT - 9]}-{digest}"


KIND = TriggerKind()
