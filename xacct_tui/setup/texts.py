"""Values of the TOML as a person types them on one line, and back. What is wrong stays a text: the models tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconcile.errors import ConfigError
from reconcile.toml import literal, parse
from xacct_tui.render.plain import plain

if TYPE_CHECKING:
    from reconcile.adoption import Field

_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def text_of(value: Any) -> str:
    """A value on one line: lists with blanks between their entries, tables as TOML writes them."""
    if value is None or value in ("", [], ()):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return plain(" ".join(map(str, value)))
    return plain(literal(value) if isinstance(value, dict) else str(value))


def value_of(field: Field, text: str, before: Any) -> Any:
    """What a text means in a field; None where it says nothing.

    ``before`` is what was there: shown with escapes and left as it is, it stays what it was.
    """
    text = text.strip()
    if text == text_of(before).strip():
        return before
    if not text:
        return None
    if field.sort == "flag":
        return _FLAGS.get(text.lower(), text)
    if field.sort == "list":
        return text.split()
    return _table(text) if field.sort == "table" else text


def _table(text: str) -> Any:
    try:
        return parse(f"value = {text}", "")["value"]
    except (ConfigError, KeyError):
        return text
