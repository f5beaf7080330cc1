"""S: the source object, and what starts the pipeline when it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconcile.event_rules import Starter, set_off_by_upload
from reconcile.policy.normal import listed
from reconcile.proof.checks.check import ERROR, INFO, WARNING, Evidence, check
from reconcile.proof.checks.lacks import POLICIES, Lack, lacks, told
from reconcile.proof.checks.subject import Subject, seen

_CLOUDTRAIL = "AWS API Call via CloudTrail"
_UPLOADS = ("PutObject", "CompleteMultipartUpload", "CopyObject")
_START = "codepipeline:StartPipelineExecution"


@check(
    "S1",
    ERROR,
    "The input bucket is not versioned, and the S3 source works only with versions",
    fix="switch the bucket's versioning on",
    symptom="The source action fails, or the pipeline cannot be saved",
    slugs=("input-versioning",),
)
def not_versioned(subject: Subject) -> Iterator[Evidence]:
    """Versioning suspended, or never switched on."""
    for name in subject.source_buckets:
        bucket = subject.bucket(name)
        if bucket and (status := seen(bucket.versioning)) != "Enabled":
            yield Evidence(bucket.account, f"bucket {name}, versioning: {status or 'never enabled'}")


@check(
    "S3",
    ERROR,
    "Nothing starts the pipeline when the source object is uploaded",
    fix="switch the bucket's events for EventBridge on and add a rule that matches the object and starts the pipeline",
    symptom="Uploads do nothing; the pipeline runs only when it is released by hand",
    slugs=("trigger",),
)
def nothing_starts_it(subject: Subject) -> Iterator[Evidence]:
    """No rule that is enabled, matches and gets its events; and no polling."""
    live = _idle(subject)
    if live is None:
        return
    if not live["rules"]:
        yield Evidence(subject.dev.name, f"no rule has {subject.place} as its target, and its source does not poll")
    for name, rule in live["rules"].items():
        yield Evidence(subject.dev.name, f"rule {name}: {_obstacle(subject, live, rule)}", f"rule {name}")


def _trigger(subject: Subject) -> Mapping[str, Any] | None:
    """What may start the pipeline; None where the TOML wants nothing to."""
    return seen(subject.world.trigger(subject.deployment))


def _starter(subject: Subject, live: Mapping[str, Any], *, all_told: bool = False) -> Starter:
    """An upload as it is; or (``all_told``) as if EventBridge and CloudTrail heard of every one."""
    source = subject.deployment.source
    bucket, key = (source.bucket, source.object_key) if source else ("", "")
    if not all_told:
        return Starter(subject.dev.region, bucket, key, live["notifications"], tuple(live["trails"]))
    every = {"DataResources": [{"Type": "AWS::S3::Object", "Values": [f"arn:{subject.dev.partition}:s3:::"]}]}
    trail = {"logging": True, "selectors": [every], "advanced": []}
    return Starter(subject.dev.region, bucket, key, {"EventBridgeConfiguration": {}}, (trail,))


def _starting(subject: Subject, live: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """The rules that start the pipeline on an upload."""
    rules = live["rules"].values() if live else ()
    return [rule for rule in rules if live and set_off_by_upload(rule, _starter(subject, live))]


def _idle(subject: Subject) -> Mapping[str, Any] | None:
    """What may start the pipeline, where nothing of it does; None where something does, or nothing is wanted to."""
    live = _trigger(subject)
    return None if live is None or live["poll"] or _starting(subject, live) else live


def _matches(subject: Subject, live: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    """Whether the rule would start the pipeline if it were enabled and its events came."""
    return set_off_by_upload({**rule, "enabled": True}, _starter(subject, live, all_told=True))


def _obstacle(subject: Subject, live: Mapping[str, Any], rule: Mapping[str, Any]) -> str:
    if not _matches(subject, live, rule):
        return "does not match an upload of the source object"
    if not rule["enabled"]:
        return "is disabled, or its target has no role"
    return "matches, but its events do not come: the bucket does not tell EventBridge, and no trail records its uploads"


@check(
    "S4",
    WARNING,
    "The rule starts the pipeline on some ways to upload only: multipart uploads or copies do nothing",
    fix="add CopyObject and CompleteMultipartUpload to the rule's eventName",
    symptom="Small uploads start the pipeline, large ones and copies do not",
)
def some_uploads_only(subject: Subject) -> Iterator[Evidence]:
    """A rule on CloudTrail's events that lists its calls and forgets one; not where another rule starts it too."""
    live = _trigger(subject)
    starting = _starting(subject, live)
    missing = {rule["name"]: [name for name in _UPLOADS if not _hears(rule, name)] for rule in starting}
    if starting and all(missing.values()) and live and not live["poll"]:
        for name, calls in missing.items():
            yield Evidence(subject.dev.name, f"rule {name}, eventName: without {', '.join(calls)}")


def _hears(rule: Mapping[str, Any], call: str) -> bool:
    names = _detail(rule).get("eventName")
    return _CLOUDTRAIL not in listed(rule["pattern"].get("detail-type", [])) or names is None or call in listed(names)


def _detail(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a rule wants of the detail of an event; nothing where it asks only whether there is one."""
    wanted = rule["pattern"].get("detail", {})
    return wanted if isinstance(wanted, Mapping) else {}


@check(
    "S5",
    INFO,
    "The rule starts the pipeline on failed uploads too",
    fix="add errorCode [{exists: false}] to the rule's detail",
    symptom="The pipeline starts although nothing was uploaded",
)
def failed_uploads_too(subject: Subject) -> Iterator[Evidence]:
    """A rule on CloudTrail's events without a word on errorCode."""
    for rule in _starting(subject, _trigger(subject)):
        by_trail = _CLOUDTRAIL in listed(rule["pattern"].get("detail-type", []))
        if by_trail and "errorCode" not in _detail(rule):
            yield Evidence(subject.dev.name, f"rule {rule['name']}: no errorCode in its pattern")


@check(
    "S6",
    ERROR,
    "The rule fires, but its role may not start the pipeline",
    fix="give the rule's target a role that trusts events.amazonaws.com and may codepipeline:StartPipelineExecution",
    symptom="The rule's metric FailedInvocations counts up, and the pipeline does not start",
    slugs=("trigger",),
)
def rule_may_not_start(subject: Subject) -> Iterator[Evidence]:
    """What the requests of EventBridge and of the rule's role lack."""

    def of_rule(lack: Lack) -> bool:
        by_rule = lack.request.action == _START or lack.request.caller.arn == "events.amazonaws.com"
        return by_rule and lack.reason.side in POLICIES

    yield from told(subject, lacks(subject, of_rule))


@check(
    "S7",
    WARNING,
    "The source polls beside a rule that starts the pipeline: it starts twice for one upload",
    fix='set PollForSourceChanges of the source action to "false": left out, it means true',
    symptom="Two executions for each upload",
)
def starts_twice(subject: Subject) -> Iterator[Evidence]:
    """Polling, and a rule that starts the pipeline."""
    live = _trigger(subject)
    for rule in _starting(subject, live) if live and live["poll"] else ():
        yield Evidence(subject.dev.name, f"{subject.place}: its source polls, and rule {rule['name']} starts it")


@check(
    "S8",
    ERROR,
    "The rule is about another bucket or key than the pipeline's source: the console reuses rules of similar names",
    fix="make the rule anew, for the source's bucket and key",
    symptom="Since the pipeline was edited in the console, uploads do not start it",
    slugs=("trigger",),
    rather_than=("S3",),
)
def rule_of_another_source(subject: Subject) -> Iterator[Evidence]:
    """A rule that would not match the upload even if all events came, where nothing else starts the pipeline."""
    live = _idle(subject)
    if live is None:
        return
    for name, rule in live["rules"].items():
        detail = _detail(rule)
        where = detail.get("requestParameters") or {key: detail[key] for key in ("bucket", "object") if key in detail}
        if where and not _matches(subject, live, rule):
            yield Evidence(subject.dev.name, f"rule {name} is about {where}", f"rule {name}")


CHECKS = (
    not_versioned,
    nothing_starts_it,
    some_uploads_only,
    failed_uploads_too,
    rule_may_not_start,
    starts_twice,
    rule_of_another_source,
)

LEFT_OUT = {
    "S2": "it is no configuration: until the first upload the pipeline waits, and its first execution fails",
}
