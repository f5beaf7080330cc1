"""What lies between two values of a change, told so that order and names of statements never show."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reconcile.change import Value


def difference(before: Value, after: Value) -> list[dict[str, Any]]:
    """List what makes ``after`` of ``before``: ``op`` (add, remove, replace), ``path`` and both sides of it.

    Statements are compared as wholes and by content, whatever their Sid; lists of statements and lists of
    texts are sets, so that order never shows. ``None`` is "not there". Indexes in a path count in ``after``,
    those of what is removed in ``before``. Values that mean the same give an empty list.
    """
    return list(_differences(before, after, []))


def _differences(before: Value, after: Value, path: list[str | int]) -> Iterator[dict[str, Any]]:
    if _content(before) == _content(after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping) and not _any_statement(before, after):
        for key in dict.fromkeys((*before, *after)):
            yield from _differences(before.get(key), after.get(key), [*path, key])
    elif isinstance(before, list) and isinstance(after, list) and _is_set([*before, *after]):
        yield from _set_differences(before, after, path)
    elif isinstance(before, list) and isinstance(after, list) and _share_names(before, after):
        yield from _named_differences(before, after, path)
    else:
        yield _step(before, after, path)


def _step(before: Value, after: Value, path: list[str | int]) -> dict[str, Any]:
    op = "add" if before is None else "remove" if after is None else "replace"
    return {"op": op, "path": path, "before": before, "after": after}


def _set_differences(
    before: Sequence[Value], after: Sequence[Value], path: list[str | int]
) -> Iterator[dict[str, Any]]:
    old, new = {_content(item) for item in before}, {_content(item) for item in after}
    yield from (_step(item, None, [*path, at]) for at, item in enumerate(before) if _content(item) not in new)
    yield from (_step(None, item, [*path, at]) for at, item in enumerate(after) if _content(item) not in old)


def _named_differences(
    before: Sequence[Value], after: Sequence[Value], path: list[str | int]
) -> Iterator[dict[str, Any]]:
    old, new = {item["name"]: item for item in before}, {item["name"]: item for item in after}
    for at, item in enumerate(before):
        if item["name"] not in new:
            yield _step(item, None, [*path, at])
    for at, item in enumerate(after):
        yield from _differences(old.get(item["name"]), item, [*path, at])


def is_statement(value: Value) -> bool:
    """Whether a value is a statement of a policy."""
    return isinstance(value, Mapping) and "Effect" in value


def _any_statement(*values: Value) -> bool:
    return any(is_statement(value) for value in values)


def _is_set(items: Sequence[Value]) -> bool:
    return all(isinstance(item, str) for item in items) or all(is_statement(item) for item in items)


def _share_names(before: Sequence[Value], after: Sequence[Value]) -> bool:
    """Whether both list things with names of their own, as stages are, and keep the common ones in order."""
    if not all(isinstance(item, Mapping) and isinstance(item.get("name"), str) for item in (*before, *after)):
        return False
    old, new = [item["name"] for item in before], [item["name"] for item in after]
    unique = len(set(old)) == len(old) and len(set(new)) == len(new)
    return unique and [name for name in old if name in new] == [name for name in new if name in old]


def _content(value: Value) -> str:
    """Write the same text for values that mean the same; JSON keeps true apart from 1."""
    return json.dumps(_meaning(value), sort_keys=True)


def _meaning(value: Value) -> Value:
    if isinstance(value, Mapping):
        unseen = {"Sid"} if is_statement(value) else set()
        return {key: _meaning(item) for key, item in value.items() if item is not None and key not in unseen}
    if isinstance(value, list):
        return sorted({_content(item) for item in value}) if _is_set(value) else [_meaning(item) for item in value]
    return value
