"""Policy documents: what is wrong with one, and the form in which AWS gives it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from xacct_tui.demo.strict.evaluate import listed, statements

Problem = Literal["json", "version", "statement", "effect", "sid", "action", "principal", "resource"]
Presence = Literal["needed", "forbidden", "free"]

_ELEMENTS = frozenset(
    {
        *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource"),
        "Condition",
    }
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a sort of policy must have and must not."""

    principal: Presence
    resource: Presence
    action: Presence = "needed"


def parse(text: str, shape: Shape) -> dict[str, Any] | Problem:
    """The document, or the first thing that is wrong with it. Empty Sids need not differ."""
    try:
        document = json.loads(text)
    except ValueError:
        return "json"
    if not isinstance(document, dict):
        return "json"
    return _first_problem(document, shape) or document


def _first_problem(document: dict[str, Any], shape: Shape) -> Problem | None:
    if document.get("Version", "2008-10-17") not in ("2008-10-17", "2012-10-17"):
        return "version"
    items = listed(document.get("Statement", []))
    if not items or not all(isinstance(item, dict) for item in items):
        return "statement"
    sids = [item["Sid"] for item in items if item.get("Sid")]
    if len(sids) != len(set(sids)):
        return "sid"
    return next((problem for item in items if (problem := _statement_problem(item, shape))), None)


def _statement_problem(item: dict[str, Any], shape: Shape) -> Problem | None:
    if not item.keys() <= _ELEMENTS:
        return "statement"
    if item.get("Effect") not in ("Allow", "Deny"):
        return "effect"
    checks: tuple[tuple[Problem, Presence, str], ...] = (
        ("principal", shape.principal, "Principal"),
        ("action", shape.action, "Action"),
        ("resource", shape.resource, "Resource"),
    )
    return next((problem for problem, presence, name in checks if _misses(item, presence, name)), None)


def _misses(item: dict[str, Any], presence: Presence, name: str) -> bool:
    there = bool(item.get(name) or item.get(f"Not{name}"))
    return (presence == "needed" and not there) or (presence == "forbidden" and there)


def principals(document: Mapping[str, Any]) -> list[str]:
    """Every AWS principal that the document names, as it stands there."""
    named: list[str] = []
    for item in statements(document):
        for element in ("Principal", "NotPrincipal"):
            value = item.get(element)
            named += [value] if isinstance(value, str) else listed((value or {}).get("AWS", []))
    return named


def actions(document: Mapping[str, Any]) -> list[str]:
    """Every action that the document names."""
    return [action for item in statements(document) for action in listed(item.get("Action", []))]


def with_principals(document: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """The document with every AWS principal changed so."""
    changed = [_with_principal(item, change) for item in statements(document)]
    return {**document, "Statement": changed if isinstance(document.get("Statement"), list) else changed[0]}


def _with_principal(item: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    for element in ("Principal", "NotPrincipal"):
        value = item.get(element)
        if isinstance(value, dict) and "AWS" in value:
            people = value["AWS"]
            new = [change(one) for one in people] if isinstance(people, list) else change(people)
            item[element] = {**value, "AWS": new}
    return item


def canonical(document: Mapping[str, Any]) -> dict[str, Any]:
    """As IAM and S3 give it back: account ids as root ARNs, lists of one as the one, keys and lists in their order.

    Source: IAM user guide, ``reference_policies_elements_principal`` and ``troubleshoot_policies``.
    """
    named = with_principals(document, _root_arn)
    items = [_ordered_statement(item) for item in statements(named)]
    head: dict[str, Any] = {key: named[key] for key in ("Version", "Id") if key in named}
    return {**head, "Statement": items}


def _root_arn(principal: str) -> str:
    return f"arn:aws:iam::{principal}:root" if principal.isdigit() else principal


def _ordered_statement(item: dict[str, Any]) -> dict[str, Any]:
    order = ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource")
    return {key: _simple(item[key]) for key in (*order, "Condition") if key in item}


def _simple(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _simple(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return value[0] if len(value) == 1 else sorted(value, key=str)
    return value


def size(text: str) -> int:
    """Characters without the white space between them, as IAM counts."""
    return sum(not character.isspace() for character in text)
