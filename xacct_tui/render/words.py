"""Values of changes in plain words: statements as sentences, other values as ``key: value``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reconcile.difference import difference, is_statement
from xacct_tui.render.plain import plain, principal_name

if TYPE_CHECKING:
    from reconcile.change import Value

Line = tuple[str, str]
"""A mark (``+`` comes, ``-`` goes, ``~`` becomes) and its text."""

_UNNAMED = frozenset({"statements"})
"""Keys that say no more than the sentence behind them."""


def difference_lines(before: Value, after: Value, name: str = "") -> tuple[Line, ...]:
    """Tell what makes ``after`` of ``before``, one line for each thing that differs.

    ``name`` is what a value is called that has no keys to name it by.
    """
    unnamed = name if _is_scalar(before) and _is_scalar(after) else ""
    return tuple(
        line
        for step in difference(before, after)
        for line in _step_lines(step, unnamed or _label(step["path"], before if step["op"] == "remove" else after))
    )


def value_lines(value: Value, label: str = "") -> tuple[str, ...]:
    """Tell a whole value, one line for each thing in it; what is not there is not told."""
    return tuple(_value_lines(value, label)) or (_labelled(label, "nothing"),)


def statement_words(statement: Mapping[str, Any]) -> str:
    """Tell a statement as one sentence: ``Allow 222222222222 (root) to s3:Get* on arn:aws:s3:::bucket/*``."""
    principals = _principals(statement)
    to = f"{principals} to " if principals else ""
    words = [
        plain(str(statement["Effect"])),
        to + _named(statement, "Action", "{}", "everything but {}"),
        _named(statement, "Resource", "on {}", "on everything but {}"),
        _conditions(statement.get("Condition") or {}),
    ]
    return " ".join(word for word in words if word)


def _step_lines(step: Mapping[str, Any], label: str) -> Iterator[Line]:
    old, new = step["before"], step["after"]
    if step["op"] == "replace" and _is_scalar(old) and _is_scalar(new):
        yield "~", _labelled(label, f"{_scalar(old)} → {_scalar(new)}")
        return
    if old is not None:
        yield from (("-", line) for line in value_lines(old, label))
    if new is not None:
        yield from (("+", line) for line in value_lines(new, label))


def _value_lines(value: Value, label: str) -> Iterator[str]:
    if is_statement(value):
        yield _labelled(label, statement_words(value))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _value_lines(item, _joined(label, _key(key)))
    elif isinstance(value, list) and not all(_is_scalar(item) for item in value):
        for item in value:
            name = _item_name(item)
            rest = {key: part for key, part in item.items() if key != "name"} if name else item
            yield from _value_lines(rest or item, _joined(label, name if rest else ""))
    elif isinstance(value, list):
        yield _labelled(label, ", ".join(_scalar(item) for item in value) or "none")
    elif value is not None:
        yield _labelled(label, _scalar(value))


def _label(path: Sequence[str | int], value: Value) -> str:
    """Name a path by its keys, and by the names of list items that have one."""
    label = ""
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else value[step]
        label = _joined(label, _item_name(value) if isinstance(step, int) else _key(step))
    return label


def _item_name(item: Value) -> str:
    named = isinstance(item, Mapping) and not is_statement(item) and isinstance(item.get("name"), str)
    return plain(item["name"]) if named else ""


def _key(key: str) -> str:
    return "" if key in _UNNAMED else principal_name(key)


def _joined(label: str, name: str) -> str:
    return ".".join(part for part in (label, name) if part)


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text}" if label else text


def _is_scalar(value: Value) -> bool:
    return not isinstance(value, Mapping | list)


def _scalar(value: Value) -> str:
    words = {True: "yes", False: "no", None: "none"}
    if value is None or isinstance(value, bool):
        return words[value]
    return principal_name(str(value)) or '""'


def _principals(statement: Mapping[str, Any]) -> str:
    if "NotPrincipal" in statement:
        return f"everyone but {_principal_names(statement['NotPrincipal'])}"
    return _principal_names(statement["Principal"]) if "Principal" in statement else ""


def _principal_names(principal: Value) -> str:
    if isinstance(principal, str):
        return principal_name(principal)
    names = [
        principal_name(name) if kind in {"AWS", "Service"} else f"{plain(kind)} {plain(name)}"
        for kind, value in principal.items()
        for name in _texts(value)
    ]
    return ", ".join(names)


def _named(statement: Mapping[str, Any], key: str, form: str, negated: str) -> str:
    for name, words in ((key, form), (f"Not{key}", negated)):
        if name in statement:
            return words.format(", ".join(plain(text) for text in _texts(statement[name])))
    return ""


def _conditions(condition: Mapping[str, Any]) -> str:
    tests = [
        f"{plain(key)} {plain(operator)} {' or '.join(plain(text) for text in _texts(values))}"
        for operator, keys in condition.items()
        for key, values in keys.items()
    ]
    return f"when {' and '.join(tests)}" if tests else ""


def _texts(value: Value) -> list[str]:
    return [str(item) for item in (value if isinstance(value, list) else [value])]
