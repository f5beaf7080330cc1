"""What can be filled in, as the models describe it: they are the one source of labels, texts and choices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reconcile.desired.diagnosis import node
from reconcile.toml import dotted_key, key_path


@dataclass(frozen=True, slots=True)
class Field:
    """One key of the TOML."""

    key: str
    """Dotted."""
    group: str
    """The label of its table."""
    label: str
    description: str
    sort: str
    """``text``, ``choice``, ``flag``, ``list`` or ``table`` (of texts under names of one's own)."""
    required: bool
    """Within its table: a table that may be left out as a whole can have such keys."""
    default: Any
    """None where there is none, or where it follows from other fields."""
    choices: tuple[str, ...] = ()


def fields(table: str) -> tuple[Field, ...]:
    """Every field of a table (``accounts.dev``, ``deployments.website``; empty: the file), of its own tables too.

    Raises KeyError for a table that there is not.
    """
    return tuple(_fields(key_path(table) if table else ()))


def _fields(path: tuple[str, ...]) -> Iterator[Field]:
    table = node(path)
    for name in table["properties"]:
        inner = node((*path, name))
        if "properties" in inner:
            yield from _fields((*path, name))
        elif name not in ("accounts", "deployments"):
            yield _field((*path, name), table, inner)


def _field(path: tuple[str, ...], table: dict[str, Any], found: dict[str, Any]) -> Field:
    return Field(
        key=dotted_key(*path),
        group=table["title"],
        label=found["title"],
        description=found["description"],
        sort="choice" if "enum" in found else _SORTS[found["type"]],
        required=path[-1] in table.get("required", ()),
        default=found.get("default") or (False if found["type"] == "boolean" else None),
        choices=tuple(found.get("enum", ())),
    )


_SORTS = {"string": "text", "boolean": "flag", "array": "list", "object": "table"}
