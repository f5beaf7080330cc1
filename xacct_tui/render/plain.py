"""Text from outside (names, AWS's messages) made fit to be shown: one line, nothing a terminal obeys."""

from __future__ import annotations

import re
import textwrap
import unicodedata

_REFERENCE = re.compile(r"\$\{xacct:([^/}]+)/([^#}]+)#([^}]+)\}")

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that are obeyed rather than seen: controls, directions, halves of pairs, line ends."""

_NARROWEST = 30
"""Columns that text is given at least, however narrow the terminal is."""

_ROOT = re.compile(r"arn:[\w-]+:iam::(\d{12}):root")


def plain(text: str) -> str:
    r"""Give the text on one line: what is obeyed rather than seen is written as an escape, ``\x1b``.

    A reference to what AWS has yet to make is put in words.
    """
    worded = _REFERENCE.sub(r"(known after apply: \3 of \2 in \1)", text)
    return "".join(_visible(character) for character in worded)


def principal_name(arn: str) -> str:
    """Name a principal: an account's root by its number, everything else in full."""
    root = _ROOT.fullmatch(arn)
    return f"{root[1]} (root)" if root else "anyone" if arn == "*" else plain(arn)


def wrapped(prefix: str, text: str, width: int) -> list[str]:
    """Break a text between words, never within one: ARNs stay whole, to be copied. Later lines are indented."""
    pieces = textwrap.wrap(
        text,
        max(width - len(prefix), _NARROWEST),
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )
    first, *rest = pieces or [""]
    return [(prefix + first).rstrip(), *(" " * len(prefix) + piece for piece in rest)]


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _UNSEEN:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode()
