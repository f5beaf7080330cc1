"""CloudTrail's trails: reading them, and whether one records what happens to an object as data events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reconcile.reads import Reads, found


def read_trails(reads: Reads, account: str, region: str) -> list[dict[str, Any]]:
    """Every trail that records the region: ``{"logging", "selectors", "advanced"}``."""
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


def records(trail: Mapping[str, Any], path: str, call: str) -> bool:
    """Whether a trail records this call, a write to this object (``bucket/key``)."""
    return bool(trail["logging"]) and (
        any(_selects(selector, path) for selector in trail["selectors"])
        or any(_selects_advanced(selector, path, call) for selector in trail["advanced"])
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
    return any(path.startswith(_path(value)) for value in values if value.startswith("arn:"))


def _selects_advanced(selector: Mapping[str, Any], path: str, call: str) -> bool:
    """Without both of the first two it is no selector of S3's data events; other fields may have any value."""
    event = {"eventCategory": "Data", "resources.type": "AWS::S3::Object", "readOnly": "false", "eventName": call}
    fields = {each["Field"]: each for each in selector.get("FieldSelectors", [])}
    where = fields.pop("resources.ARN", {})
    of_s3 = all("Equals" in fields.get(name, {}) for name in ("eventCategory", "resources.type"))
    known = (name for name in event if name in fields)
    return of_s3 and _takes(where, path, _path) and all(_takes(fields[name], event[name]) for name in known)


_COMPARE: Mapping[str, Callable[[str, str], bool]] = {
    "Equals": str.__eq__,
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
}


def _takes(field: Mapping[str, Any], value: str, read: Callable[[str], str] = str) -> bool:
    """CloudTrail user guide, filtering-data-events: one of what selects has to hold, and nothing of what deselects."""

    def holds(operator: str, written: str) -> bool:
        return _COMPARE[operator](value, written if operator == "EndsWith" else read(written))

    chosen = [holds(operator, each) for operator in _COMPARE for each in field.get(operator, ())]
    spared = [holds(operator, each) for operator in _COMPARE for each in field.get(f"Not{operator}", ())]
    return (any(chosen) or not chosen) and not any(spared)


def _path(arn: str) -> str:
    """``bucket/key`` of what an ARN of an object, or its beginning, names."""
    return arn.partition(":::")[2]
