"""From JSON text, or a value that boto3 has parsed, to a policy document whose shape is known."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from reconcile.errors import PolicyMalformed

_DOCUMENT_KEYS = ("Version", "Id", "Statement")
_STATEMENT_KEYS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
_VERSIONS = ("2012-10-17", "2008-10-17")
_PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")
_CURLY_QUOTES = re.compile("[\u2018-\u201f\u2033\uff02]")
_KEYS = re.compile(r'(?P<key>"(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]')
"""The keys, other strings and braces of JSON."""
_LONGEST_EXCERPT = 60


def parse(document: str | Mapping[str, Any]) -> dict[str, Any]:
    """Check a policy document's shape and return it, unchanged, as a dict.

    Takes what AWS takes: one statement instead of a list, ``Condition`` ``{}``, an empty ``Sid``, booleans
    and numbers as condition values, a key policy statement without ``Action`` or ``Resource`` (KMS developer
    guide, key-policy-overview: accepted, without effect), keys that this version does not know. A document
    without any statement is an empty one. Raises PolicyMalformed, naming line and column of text that is not
    JSON, or has a key twice, and else the element (``Statement[0].Action``).
    """
    try:
        value = _from_text(document) if isinstance(document, str) else document
        _check_document(value)
    except RecursionError:
        raise PolicyMalformed("policy: nested too deeply to be a policy") from None
    return dict(value)


def _from_text(text: str) -> Any:
    try:
        value = json.loads(text, object_pairs_hook=_Object, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        message = f"policy: not JSON: line {error.lineno} column {error.colno}: {error.msg}"
        raise PolicyMalformed(message + _curly_quote_hint(text)) from None
    except ValueError as error:  # a number of more digits than Python reads
        raise PolicyMalformed(f"policy: not JSON: {error}") from None
    return _without_duplicates(value, "", text)


def _curly_quote_hint(text: str) -> str:
    found = _CURLY_QUOTES.search(text)
    if found is None:
        return ""
    return f'; curly quote {found[0]} at {_position(text, found.start())}: write straight quotes (")'


def _position(text: str, index: int) -> str:
    return f"line {text.count(chr(10), 0, index) + 1} column {index - text.rfind(chr(10), 0, index)}"


def _second_time(text: str) -> str:
    """Where the first key stands that its object has already; the text is JSON, and there is one."""
    objects: list[set[str]] = []
    for token in _KEYS.finditer(text):
        if token["key"] is None:
            if token[0] == "{":
                objects.append(set())
            elif token[0] == "}":
                objects.pop()
        elif (key := json.loads(token["key"])) in objects[-1]:
            return _position(text, token.start())
        else:
            objects[-1].add(key)
    raise AssertionError("asked for a key that stands twice where none does")


def _refuse_constant(name: str) -> Any:
    raise PolicyMalformed(f"policy: not JSON: {name} is no JSON value")


class _Object(list[tuple[str, Any]]):
    """A JSON object with every pair that was written: a dict would hide a key that is written twice."""


def _without_duplicates(value: Any, place: str, text: str) -> Any:
    if isinstance(value, _Object):
        pairs: dict[str, Any] = {}
        for key, item in value:
            if key in pairs:
                found = f"found key {_excerpt(key)} twice, again at {_second_time(text)}"
                raise PolicyMalformed(f"{place or 'policy'}: {found}; allowed: each key once")
            pairs[key] = _without_duplicates(item, f"{place}.{key}" if place else key, text)
        return pairs
    if isinstance(value, list):
        return [_without_duplicates(item, f"{place}[{index}]", text) for index, item in enumerate(value)]
    return value


def _check_document(document: Any) -> None:
    _check_object(document, "")
    _check_key_case(document, _DOCUMENT_KEYS, "")
    if "Version" in document:
        _check_choice(document["Version"], _VERSIONS, "Version")
    _check_string(document.get("Id", ""), "Id")
    if "Statement" not in document and document.keys() - _DOCUMENT_KEYS:
        raise _malformed("", f"keys {_excerpt(sorted(map(str, document)))}", "a policy with a Statement")
    statements = document.get("Statement", [])
    if isinstance(statements, Mapping):
        _check_statement(statements, "Statement")
    elif isinstance(statements, list):
        for index, statement in enumerate(statements):
            _check_statement(statement, f"Statement[{index}]")
    else:
        raise _malformed("Statement", statements, "an object or a list of objects")


def _check_statement(statement: Any, place: str) -> None:
    _check_object(statement, place)
    _check_key_case(statement, _STATEMENT_KEYS, place)
    _check_string(statement.get("Sid", ""), f"{place}.Sid")
    _check_choice(statement.get("Effect"), ("Allow", "Deny"), f"{place}.Effect")
    for element, check in _ELEMENT_CHECKS.items():
        both = {element, f"Not{element}"} & statement.keys()
        if len(both) > 1:
            raise _malformed(place, f"{element} with Not{element}", "one of the two")
        for key in both:
            check(statement[key], f"{place}.{key}")
    _check_condition(statement.get("Condition", {}), f"{place}.Condition")


def _check_principal(principal: Any, place: str) -> None:
    if principal == "*":
        return
    _check_object(principal, place, '"*" or an object such as {"AWS": "<ARN>"}')
    for kind, names in principal.items():
        _check_choice(kind, _PRINCIPAL_TYPES, place)
        _check_strings(names, f"{place}.{kind}")


def _check_actions(actions: Any, place: str) -> None:
    _check_strings(actions, place)
    for action in [actions] if isinstance(actions, str) else actions:
        if action != "*" and ":" not in action:
            raise _malformed(place, action, '"*" or <service>:<action>')


def _check_condition(condition: Any, place: str) -> None:
    _check_object(condition, place)
    for operator, block in condition.items():
        _check_object(block, f"{place}.{operator}")
        for key, values in block.items():
            for value in values if isinstance(values, list) else [values]:
                if not isinstance(value, str | bool | int | float):
                    raise _malformed(f"{place}.{operator}.{key}", value, "strings, booleans or numbers")


def _check_object(value: Any, place: str, allowed: str = "an object") -> None:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise _malformed(place, value, allowed)


def _check_key_case(value: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    """Refuse a known key in other case: AWS does, and reading past it would hide what the author meant."""
    by_lower = {key.lower(): key for key in known}
    for key in value:
        if key not in known and key.lower() in by_lower:
            raise _malformed(place, f"key {_excerpt(key)}", by_lower[key.lower()])


def _check_choice(value: Any, allowed: tuple[str, ...], place: str) -> None:
    if not isinstance(value, str) or value not in allowed:
        raise _malformed(place, "nothing" if value is None else value, " or ".join(allowed))


def _check_string(value: Any, place: str) -> None:
    if not isinstance(value, str):
        raise _malformed(place, value, "a string")


def _check_strings(value: Any, place: str) -> None:
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, str) or not item:
            raise _malformed(place, item, "a string or a list of strings, none of them empty")


_ELEMENT_CHECKS: dict[str, Callable[[Any, str], None]] = {
    "Principal": _check_principal,
    "Action": _check_actions,
    "Resource": _check_strings,
}


def _malformed(place: str, found: Any, allowed: str) -> PolicyMalformed:
    return PolicyMalformed(f"{place or 'policy'}: found {_excerpt(found)}; allowed: {allowed}")


def _excerpt(value: Any) -> str:
    text = value if isinstance(value, str) and value.isprintable() and value else repr(value)
    return text if len(text) <= _LONGEST_EXCERPT else f"{text[:_LONGEST_EXCERPT]}…"
