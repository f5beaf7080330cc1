"""How a wrong value is told to a person."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 80
_INTEGER_BITS = 64
"""Of a TOML integer."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong value: the path of its key, what was found there, and what is allowed."""

    key: tuple[str | int, ...]
    found: str
    allowed: str


def refuse(problems: Iterable[Problem]) -> None:
    """Raise one pydantic error that carries the problems, if any; their keys are relative to the model."""
    if several := tuple(problems):
        raise PydanticCustomError("disagreement", "values that disagree", {"problems": several})


def quoted(text: str) -> str:
    """Return the text in double quotes, cut at 80 characters, with nothing in it that can move the cursor."""
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return '"' + "".join(map(_harmless, cut)) + '"'


def _harmless(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    return f"\\u{ord(character):04X}" if ord(character) < 0x10000 else f"\\U{ord(character):08X}"  # noqa: PLR2004 -- TOML's two escapes


def shown(value: Any) -> str:
    """Return a TOML value as a person should see it: a text quoted, a container only named."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"the number {value}"
    if isinstance(value, int):
        # Python refuses to print integers of more than 4,300 digits, which a hexadecimal number can have.
        return f"the number {value}" if value.bit_length() <= _INTEGER_BITS else "a number of more than 64 bits"
    names: dict[type, str] = {dict: "a table", list: "an array"}
    return names.get(type(value), "a date or time")


def one_of(names: Iterable[str], found: str) -> str:
    """Return the allowed names, and the one that is probably meant."""
    known = list(names)
    near = get_close_matches(found, known, n=1)
    return ", ".join(known) + (f"; did you mean {quoted(near[0])}?" if near else "")
