"""EventBridge's patterns: whether one takes an event of which something is known."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from reconcile.policy.normal import listed


def accepts(pattern: Mapping[str, Any], event: Any) -> bool:
    """EventBridge's own matching.

    A field that the event does not tell may have any value; one that is None is certainly not there. A pattern that
    says nothing takes none.
    """
    return (
        bool(pattern)
        and isinstance(event, Mapping)
        and all(_field_accepts(wanted, key, event) for key, wanted in pattern.items())
    )


def _field_accepts(wanted: Any, key: str, event: Mapping[str, Any]) -> bool:
    if key == "$or":
        return any(accepts(each, event) for each in wanted)
    if key not in event:
        return True
    return accepts(wanted, event[key]) if isinstance(wanted, Mapping) else _matches(wanted, event[key])


def _matches(wanted: Any, value: Any) -> bool:
    """What holds further fields has no value of its own; a list has several, of which one is enough."""
    values = [None] if value is None or isinstance(value, Mapping) else listed(value)
    return any(_matches_one(one, each) for one in listed(wanted) for each in values)


def _matches_one(wanted: Any, value: Any) -> bool:
    if value is None:
        return isinstance(wanted, Mapping) and wanted.get("exists") is False
    if not isinstance(wanted, Mapping):
        return bool(wanted == value)
    return any(_holds(operator, operand, value) for operator, operand in wanted.items())


def _holds(operator: str, operand: Any, value: Any) -> bool:
    if operator == "exists":
        return bool(operand)
    if operator == "anything-but":
        return not _matches(operand, value)
    return isinstance(value, str) and _text_holds(operator, operand, value)


def _text_holds(operator: str, operand: Any, value: str) -> bool:
    if operator in ("prefix", "suffix") and isinstance(operand, Mapping):
        operand, value = str(operand.get("equals-ignore-case", "")).casefold(), value.casefold()
    wanted = str(operand)
    if operator == "prefix":
        return value.startswith(wanted)
    if operator == "suffix":
        return value.endswith(wanted)
    if operator == "wildcard":
        return fnmatchcase(value, wanted.replace("[", "[[]").replace("?", "[?]"))
    return operator == "equals-ignore-case" and value.casefold() == wanted.casefold()
