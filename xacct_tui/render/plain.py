"""Text from outside (names, AWS's messages) made fit to be shown: one line, nothing a terminal obeys."""

from __future__ import annotations

import re
import unicodedata

_REFERENCE = re.compile(r"\$\{xacct:([^/}]+)/([^#}]+)#([^}]+)\}")

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that are obeyed rather than seen: controls, directions, halves of pairs, line ends."""

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


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _UNSEEN:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode()
