"""From a draft to the file: a short new one, or an old one with no more changed than has to be."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from reconcile.adoption.draft import Draft, Remark
from reconcile.desired import Config
from reconcile.desired.diagnosis import node
from reconcile.errors import ConfigError
from reconcile.toml import dotted_key, edit, flat, literal, loads, nested, parse
from reconcile.toml import renamed as rename_keys

_HEAD = """\
#:schema schema.json
# What is left out has its default. xacct-tui --schema > schema.json lets an editor tell and check every key.
"""
_ASSUMED = "proof.assume"
_ASSUMES = ("scp", "rcp")
_ASSUMPTION = (
    "The access proof takes the organization's service and resource control policies to allow everything, and says so: "
    "no member account can read them. Files that hold them, or an account that can read them, do better."
)
_WIDTH = 110
_NOTHING: Mapping[str, str] = MappingProxyType({})
_TABLES = {"accounts": 2, "deployments": 2}
"""How many parts the headers have of which a table stands."""


def write_toml(
    draft: Draft, existing: str | None = None, file: str = "xacct.toml", *, renamed: Mapping[str, str] = _NOTHING
) -> str:
    """The text of the file; raises ConfigError where it would not be sound.

    A new file holds what differs from the defaults, the draft's remarks as comments, and what its proof takes for
    granted, so that a sound set-up proves right from the start. An existing one keeps its
    comments, its order, and all that the draft does not say; values that are the defaults are not added to it.
    ``renamed`` are accounts of the existing file, by the names that they have there; the draft uses the new ones.
    """
    existing = rename_keys(existing, "accounts", renamed, file) if existing and renamed else existing
    tables = parse(existing or "", file)
    needed = _needed(flat(tables), draft.values)
    if existing and existing.strip():
        return edit(existing, needed, file)
    text = _new(*_assuming(needed, draft))
    loads(text, file)
    return text


def config_of(text: str, file: str = "xacct.toml") -> Config:
    """The configuration that a text is, to read and plan with; raises ConfigError."""
    return loads(text, file)


def _assuming(values: Mapping[str, Any], draft: Draft) -> tuple[Mapping[str, Any], Draft]:
    if any(key == "proof" or key.startswith("proof.") for key in draft.values):
        return values, draft
    remarks = (*draft.remarks, Remark(_ASSUMED, _ASSUMPTION))
    return {**values, _ASSUMED: list(_ASSUMES)}, replace(draft, remarks=remarks)


def _needed(old: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are not there yet, without those that would only write down a default.

    A default is what the configuration is the same without.
    """
    needed = {key: value for key, value in values.items() if value is None or old.get(key) != _plain(value)}
    whole = _meaning({**old, **needed})
    for key in [key for key, value in needed.items() if value is not None and key not in old]:
        without = {other: value for other, value in needed.items() if other != key}
        if whole is not None and _meaning({**old, **without}) == whole:
            needed = without
    return needed


def _meaning(values: Mapping[str, Any]) -> Config | None:
    try:
        return Config.model_validate(nested(values))
    except (ValidationError, ConfigError):
        return None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _new(values: Mapping[str, Any], draft: Draft) -> str:
    remarks = {remark.key: remark.text for remark in draft.remarks}
    blocks = [_HEAD + "".join(_unknown(draft.unknown))]
    top: dict[str, Any] = nested(values)
    for section, depth in _TABLES.items():
        for name, table in top.pop(section, {}).items():
            blocks += _tables((section, name)[:depth], table, remarks)
    for name, table in top.items():
        if isinstance(table, dict):
            blocks += _tables((name,), table, remarks)
        else:
            blocks.insert(1, _line((name,), table, remarks))
    return "\n".join(blocks)


def _unknown(remarks: tuple[Remark, ...]) -> Iterator[str]:
    for remark in remarks:
        yield _comment(f"{remark.key}: {remark.text}")


def _tables(path: tuple[str, ...], table: Mapping[str, Any], remarks: Mapping[str, str]) -> Iterator[str]:
    """The table, and those of its tables that do not fit on a line of it."""
    order = list(node(path).get("properties", table))
    ordered = dict(sorted(table.items(), key=lambda item: order.index(item[0])))
    apart = {name: value for name, value in ordered.items() if isinstance(value, dict) and not _fits(name, value)}
    lines = [_line((*path, name), value, remarks) for name, value in ordered.items() if name not in apart]
    yield f"[{dotted_key(*path)}]\n{''.join(lines)}"
    for name, value in apart.items():
        yield from _tables((*path, name), value, remarks)


def _fits(name: str, table: Mapping[str, Any]) -> bool:
    return len(f"{name} = {literal(table)}") <= _WIDTH


def _line(path: tuple[str, ...], value: Any, remarks: Mapping[str, str]) -> str:
    inner = flat(value, *path) if isinstance(value, dict) else {}
    told = [remarks[key] for key in (dotted_key(*path), *inner) if key in remarks]
    comments = "".join(_comment(text) for text in told)
    return f"{comments}{dotted_key(path[-1])} = {literal(value)}\n"


def _comment(text: str) -> str:
    """Comment lines; what moves the cursor, and so may not stand in TOML, is a blank."""
    printable = "".join(each if each.isprintable() else " " for each in text)
    lines = textwrap.wrap(printable, _WIDTH - 2, break_long_words=False, break_on_hyphens=False)
    return "".join(f"# {line}\n" for line in lines)
