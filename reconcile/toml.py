"""Reads and edits the TOML. The only place that knows a TOML library: tomllib reads, tomlkit edits."""

from __future__ import annotations

import json
import re
import tomllib
from copy import deepcopy
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from reconcile.desired import Config
from reconcile.errors import ConfigError, ConfigProblem
from reconcile.toml_lines import dotted, line_of, lines, spans

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping

_LARGEST = 1 << 20
_READABLE = "a file that can be read"
_UTF8 = "text in UTF-8"
_BARE = re.compile("[A-Za-z0-9_-]+")


def load(path: str | Path) -> Config:
    """Read and check the file; :class:`ConfigError` with every problem, in the order of the file."""
    name = str(path)
    try:
        with Path(path).open("rb") as file:
            content = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _error(name, 0, getattr(error, "strerror", None) or "a path with a NUL", _READABLE) from None
    if len(content) > _LARGEST:
        raise _error(name, 0, "more than 1 MiB", "a file of at most 1 MiB")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _error(name, line, f"the byte 0x{content[error.start]:02X}", _UTF8) from None
    return loads(text, name)


def loads(text: str, name: str) -> Config:
    """Read and check the text of a file of that name; :class:`ConfigError` as :func:`load`."""
    raw = parse(text, name)
    try:
        config = Config.model_validate(raw)
    except ValidationError:
        raise ConfigError(*_problems(raw, text, name)) from None
    return config.read_from(name, sha256(text.encode()).hexdigest())


def edit(text: str, changes: Mapping[str, Any], name: str = "xacct.toml") -> str:
    """Set the dotted keys (None: remove them), keeping everything else: comments, order, spelling.

    Tables are made as needed; removing what is not there does nothing. The result is checked like any file.
    """
    wanted = parse(text, name)
    steps = [(_path(key, name), value) for key, value in changes.items()]
    for path, value in steps:
        _change(wanted, path, deepcopy(value), dict, name)
    edited = _edited(text, steps, name)
    if _filled(parse(edited, name)) != _filled(wanted):
        raise _unsafe(name)
    loads(edited, name)
    return edited


def renamed(text: str, table: str, names: Mapping[str, str], name: str = "xacct.toml") -> str:
    """Give keys of a table other names, each where it stands; every other character stays as it is."""
    wanted = parse(text, name)
    if isinstance(inner := wanted.get(table), dict):
        wanted[table] = {names.get(key, key): value for key, value in inner.items()}
    body = text.removeprefix("\ufeff")
    for path, span in reversed(spans(body)):
        if path[:-1] == (table,) and path[-1] in names:
            body = body[: span.start] + dotted_key(names[str(path[-1])]) + body[span.stop :]
    if parse(body, name) != wanted:
        raise _unsafe(name)
    return text[: text.startswith("\ufeff")] + body


def nested(values: Mapping[str, Any], name: str = "xacct.toml") -> dict[str, Any]:
    """The tables that dotted keys make; a key whose value is None is left out. ConfigError for no dotted key."""
    tables: dict[str, Any] = {}
    for key, value in values.items():
        _change(tables, _path(key, name), deepcopy(value), dict, name)
    return tables


def flat(tables: Mapping[str, Any], *above: str) -> dict[str, Any]:
    """The values of nested tables by their dotted keys; an empty table is none."""
    values: dict[str, Any] = {}
    for name, value in tables.items():
        if isinstance(value, dict):
            values |= flat(value, *above, name)
        else:
            values[dotted_key(*above, name)] = value
    return values


def dotted_key(*path: str) -> str:
    """The dotted key of a path; a part that is no bare key is quoted."""
    return ".".join(part if _BARE.fullmatch(part) else json.dumps(part, ensure_ascii=False) for part in path)


def key_path(key: str) -> tuple[str, ...]:
    """The path of a dotted key; ConfigError where it is none."""
    return _path(key, "")


def literal(value: Any) -> str:
    """The value as TOML writes it, on one line."""
    import tomlkit

    if isinstance(value, dict):
        return "{ " + ", ".join(f"{dotted_key(name)} = {literal(each)}" for name, each in value.items()) + " }"
    return str(tomlkit.item(list(value) if isinstance(value, tuple) else value).as_string())


def _edited(text: str, steps: list[tuple[tuple[str, ...], Any]], name: str) -> str:
    import tomlkit

    line_end = "\r\n" if "\r\n" in text else "\n"
    try:
        document = tomlkit.parse(text.removeprefix("\ufeff").replace("\r\n", "\n"))
        for path, value in steps:
            _change(document, path, value, tomlkit.table, name)
        return tomlkit.dumps(document).replace("\n", line_end)
    except (tomlkit.exceptions.TOMLKitError, RecursionError):
        raise _unsafe(name) from None


def _filled(value: Any) -> Any:
    """Drop empty tables: one that was only written as part of a dotted key goes with its last key."""
    if not isinstance(value, dict):
        return value
    return {key: inner for key, old in value.items() if (inner := _filled(old)) != {}}


@lru_cache(maxsize=4096)
def _path(key: str, name: str) -> tuple[str, ...]:
    """Return the parts of a dotted key, as the TOML library itself reads it; asked for again at every key press."""
    try:
        node: Any = tomllib.loads(f"{key} = 0")
    except tomllib.TOMLDecodeError:
        node = {}
    path: tuple[str, ...] = ()
    while isinstance(node, dict) and len(node) == 1:
        part, node = next(iter(node.items()))
        path += (part,)
    if node != 0:
        raise _error(name, 0, f"the key {key!a}", "a dotted key of TOML")
    return path


def _change(
    node: MutableMapping[str, Any], path: tuple[str, ...], value: Any, table: Callable[[], Any], name: str
) -> None:
    """Take the same steps on plain dicts and on tomlkit's document, so that one can vouch for the other."""
    *tables, last = path
    for part in tables:
        if part not in node and value is None:
            return
        node = node.setdefault(part, table()) if part not in node else node[part]
        if not hasattr(node, "setdefault"):
            raise _error(name, 0, f"a value at {dotted(path[:-1])}", f"a table, to hold {last!a}")
    if value is not None:
        node[last] = value
    elif last in node:
        del node[last]


def parse(text: str, name: str) -> dict[str, Any]:
    """The tables of a text, as they stand there: only its syntax is checked, with ConfigError."""
    try:
        text.encode()
        return tomllib.loads(text.removeprefix("\ufeff"))
    except UnicodeEncodeError as error:
        raise _error(name, text.count("\n", 0, error.start) + 1, "half a surrogate pair", _UTF8) from None
    except RecursionError:
        raise _error(name, 0, "values nested too deeply", "the tables of the schema") from None
    except ValueError as error:  # tomllib's own error, and Python's about integers of too many digits
        raise _syntax(text, name, str(error)) from None


def _syntax(text: str, name: str, message: str) -> ConfigError:
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if not place:
        return _error(name, 0, "an integer of too many digits", "integers of 64 bits")
    line = int(place[1] or text.count("\n") + 1)
    return _error(name, line, f"text that is not TOML ({message[: place.start()]})", "TOML 1.0")


def _problems(raw: Mapping[str, Any], text: str, name: str) -> list[ConfigProblem]:
    from reconcile.desired.diagnosis import diagnose

    places = lines(text)
    problems = [
        ConfigProblem(name, line_of(problem.key, places), dotted(problem.key), problem.found, problem.allowed)
        for problem in diagnose(raw)
    ]
    return sorted(problems, key=lambda problem: problem.line)


def _unsafe(name: str) -> ConfigError:
    return _error(name, 0, "a layout that cannot be edited safely", "each table in one place")


def _error(name: str, line: int, found: str, allowed: str) -> ConfigError:
    return ConfigError(ConfigProblem(name, line, "", found, allowed))
