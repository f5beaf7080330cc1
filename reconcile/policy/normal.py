"""A statement's meaning as a value, and its normal form as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

Document = Mapping[str, Any]
Principal = tuple[str, str]
"""Type and name, as in ``("AWS", "arn:aws:iam::111111111111:root")``; everyone is ``("AWS", "*")``."""
Condition = tuple[str, str, frozenset[str]]
"""Operator and key in lower case, and the values as strings."""

EVERYONE: Principal = ("AWS", "*")

_ACCOUNT_ID = re.compile(r"\d{12}")
_ARN_OF_ACCOUNT = re.compile(r"arn:([^:]+):(?:iam|sts)::(\d{12}):")
_KNOWN_KEYS = {"Sid", "Effect", "Condition"}
_ELEMENTS = ("Principal", "Action", "Resource")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Element(Generic[T]):
    """``Principal``, ``Action`` or ``Resource``, or (``negated``) the ``Not…`` form of it."""

    values: frozenset[T]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """What a statement means: free of order, of spelling that AWS ignores, and of the document's Version."""

    name: str
    """The Sid, or ``Statement[i]``: for people, no part of the meaning."""
    effect: str
    principal: Element[Principal] | None
    action: Element[str] | None
    resource: Element[str] | None
    conditions: frozenset[Condition]
    unknown: str
    """The keys that this version does not know, as JSON; empty if there are none."""


def statements(document: Document | None) -> list[dict[str, Any]]:
    """Return the statements as they are written; none for a document that is absent."""
    found = (document or {}).get("Statement", [])
    return [dict(found)] if isinstance(found, Mapping) else list(found)


def meanings(document: Document | None, partition: str) -> tuple[Statement, ...]:
    """Return the statements' meanings, in order; account ids are those of ``partition``."""
    version = (document or {}).get("Version", "2008-10-17")
    return tuple(
        _meaning(raw, statement_name(raw, index), version, partition) for index, raw in enumerate(statements(document))
    )


def statement_name(statement: Mapping[str, Any], index: int) -> str:
    """Return what a person finds the statement by."""
    return statement.get("Sid") or f"Statement[{index}]"


def _meaning(raw: Mapping[str, Any], name: str, version: str, partition: str) -> Statement:
    literal = version == "2008-10-17"
    resource = _element(raw, "Resource", lambda value: {_text(item, literal) for item in listed(value)})
    return Statement(
        name,
        raw["Effect"],
        _principal_element(raw, partition),
        _element(raw, "Action", lambda value: {item.lower() for item in listed(value)}),
        resource,
        conditions(raw.get("Condition", {}), literal=literal),
        json.dumps(unknown, sort_keys=True) if (unknown := _unknown_keys(raw)) else "",
    )


def _element(raw: Mapping[str, Any], key: str, read: Any) -> Element[Any] | None:
    for written in (key, f"Not{key}"):
        if written in raw:
            return Element(frozenset(read(raw[written])), negated=written != key)
    return None


def _principal_element(raw: Mapping[str, Any], partition: str) -> Element[Principal] | None:
    """Read Principal or NotPrincipal; an empty Principal is an absent one: it names nobody either."""
    element = _element(raw, "Principal", lambda value: principals(value, partition))
    return None if element == Element(frozenset()) else element


def principals(value: Any, partition: str) -> list[Principal]:
    """Return the principals that are named, in order, each as AWS itself would write it."""
    by_type = {"AWS": value} if isinstance(value, str) else value
    return [canonical((kind, name), partition) for kind, names in by_type.items() for name in listed(names)]


@lru_cache(maxsize=8192)
def canonical(principal: Principal, partition: str) -> Principal:
    """Return the principal as AWS writes it: an account id becomes the root ARN of its own partition.

    IAM user guide, reference_policies_elements_principal: the two are the same, and AWS may give either.
    """
    kind, name = principal
    if kind == "AWS" and _ACCOUNT_ID.fullmatch(name):
        return kind, f"arn:{partition}:iam::{name}:root"
    return principal


def account_of(principal: Principal) -> Principal:
    """Return the account that a role, user or session belongs to; other principals as they are."""
    found = _ARN_OF_ACCOUNT.match(principal[1])
    return (principal[0], f"arn:{found[1]}:iam::{found[2]}:root") if found else principal


def partition_of(principal: Principal | None) -> str:
    """Return the partition that a principal's ARN names; ``aws`` where none is named."""
    found = _ARN_OF_ACCOUNT.match(principal[1]) if principal else None
    return found[1] if found else "aws"


def conditions(block: Mapping[str, Any], *, literal: bool = False) -> frozenset[Condition]:
    """Return a Condition element as a set; ``literal``: ``${`` is text, as under the Version of 2008."""
    return frozenset(
        (operator.lower(), key.lower(), frozenset(_text(scalar(value), literal) for value in listed(values)))
        for operator, keys in block.items()
        for key, values in keys.items()
    )


def _text(text: str, literal: bool) -> str:
    """Write the text as a document of the Version 2012-10-17 would, where ``${$}`` stands for ``$``.

    So the Version needs no comparing: it makes a difference exactly where there is ``${``.
    """
    return re.sub(r"\$\{(?!xacct:)", "${$}{", text) if literal else text


def scalar(value: Any) -> str:
    """Write a condition value as the text that AWS compares."""
    return value if isinstance(value, str) else json.dumps(value)


def _unknown_keys(raw: Mapping[str, Any]) -> dict[str, Any]:
    known = _KNOWN_KEYS.union(_ELEMENTS, (f"Not{element}" for element in _ELEMENTS))
    return {key: value for key, value in raw.items() if key not in known}


def listed(value: Any) -> Iterable[Any]:
    """Return a value that may be one or a list of them, as the list."""
    return value if isinstance(value, list | tuple) else [value]


def normal_statement(statement: Mapping[str, Any], *, partition: str = "aws") -> dict[str, Any]:
    """Return the statement as JSON in normal form, fit to be compared with ``==``, shown and written.

    Lists are sorted and free of doubles, one value stands alone, ``"*"`` as principal is ``{"AWS": "*"}``,
    an account id is its root ARN, condition values are strings; an empty Sid, Principal or Condition is left
    out. Spelling is kept (``equal`` is what overlooks the case of actions, operators and keys).
    """
    normal: dict[str, Any] = {"Sid": sid} if (sid := statement.get("Sid")) else {}
    normal["Effect"] = statement["Effect"]
    for element in _ELEMENTS:
        for key in (element, f"Not{element}"):
            if key in statement:
                normal[key] = _normal_element(element, statement[key], partition)
    if normal.get("Principal") == {}:
        del normal["Principal"]
    if condition := normal_condition(statement.get("Condition", {})):
        normal["Condition"] = condition
    return normal | _unknown_keys(statement)


def _normal_element(element: str, value: Any, partition: str) -> Any:
    if element == "Action":
        return _compact({item.lower(): item for item in sorted(listed(value), reverse=True)}.values())
    if element == "Resource":
        return _compact(listed(value))
    by_type: dict[str, set[str]] = {}
    for kind, name in principals(value, partition):
        by_type.setdefault(kind, set()).add(name)
    return {kind: _compact(by_type[kind]) for kind in sorted(by_type)}


def normal_condition(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Condition element in normal form: see ``normal_statement``."""
    return {
        operator: {key: _compact(map(scalar, listed(keys[key]))) for key in sorted(keys)}
        for operator, keys in sorted(block.items())
        if keys
    }


def _compact(values: Iterable[str]) -> str | list[str]:
    """Sort, drop doubles, and let one value stand alone."""
    ordered = sorted(set(values))
    return ordered[0] if len(ordered) == 1 else ordered
