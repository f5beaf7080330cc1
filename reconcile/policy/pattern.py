"""Patterns with ``*`` and ``?``, of actions and of resources: which holds which, which have a name in common.

IAM user guide, reference_policies_elements_resource: ``*`` is any run of characters, also an empty one and
also across ``/``; ``?`` is exactly one; in an ARN both stay inside their segment, but for the last one. A ``*``
that ends its segment can match beyond it, says that page; the S3 user guide (security_iam_service-with-iam) says
that none spans segments. So nothing is covered by going beyond, but it may be met.
"""

from __future__ import annotations

import re
from functools import lru_cache

# A reference to a value that AWS has not made yet is an opaque atom, never a policy variable.
_VARIABLE = re.compile(r"\$\{(?!xacct:)[^}]*\}?")
_WILDCARDS = re.compile(r"[*?]{2,}")
_ARN_SEGMENTS = 6


def covers(wide: str, narrow: str) -> bool:
    """Whether every name that ``narrow`` matches is matched by ``wide``.

    Never True wrongly. It may be False wrongly only where ``wide`` has ``?`` beside ``*``
    (``?*`` over ``*a``).
    """
    return _expression(wide).fullmatch(_question_marks_first(narrow)) is not None


def meets(one: str, other: str) -> bool:
    """Whether there is a name that both patterns match. Exact."""
    # row[j]: what was read of ``one`` and the first j characters of ``other`` have a name in common
    row = [True]
    for theirs in other:
        row.append(row[-1] and theirs == "*")
    for ours in one:
        above, row = row, [row[0] and ours == "*"]
        for column, theirs in enumerate(other):
            if "*" in (ours, theirs):
                row.append(above[column + 1] or row[column])
            else:
                row.append(above[column] and (ours == theirs or "?" in (ours, theirs)))
    return row[-1]


def action_covers(wide: str, narrow: str) -> bool:
    """``covers`` for actions, whose case does not matter."""
    return covers(wide.lower(), narrow.lower())


def action_meets(one: str, other: str) -> bool:
    """``meets`` for actions, whose case does not matter."""
    return meets(one.lower(), other.lower())


@lru_cache(maxsize=65536)
def resource_covers(wide: str, narrow: str) -> bool:
    """``covers`` for resources: case matters, wildcards stay in their ARN segment.

    The value of a policy variable is not known: in ``wide`` it covers only itself, in ``narrow`` it may be
    anything.
    """
    if wide in (narrow, "*"):
        return True
    if has_variable(wide):
        return False
    segments = wide.split(":", _ARN_SEGMENTS - 1)
    others = _VARIABLE.sub("*", narrow).split(":", len(segments) - 1)
    return len(segments) == len(others) and all(map(covers, segments, others))


def resource_meets(written: str, other: str) -> bool:
    """``meets`` for the resource of a statement: True can mean "perhaps", never False.

    A policy variable may be anything, and a ``*`` that ends its segment may go beyond it.
    """
    return arn_meets(written, other) or ("*:" in written and meets(written, other))


def arn_meets(one: str, other: str) -> bool:
    """``meets`` for ARNs whose segments are compared one by one; a policy variable may be anything."""
    one, other = _VARIABLE.sub("*", one), _VARIABLE.sub("*", other)
    splits = min(one.count(":"), other.count(":"), _ARN_SEGMENTS - 1)
    return all(map(meets, one.split(":", splits), other.split(":", splits)))


def has_variable(text: str) -> bool:
    """Whether a policy variable such as ``${aws:username}`` stands in the text."""
    return _VARIABLE.search(text) is not None


def has_wildcard(text: str) -> bool:
    """Whether the text matches more than itself."""
    return "*" in text or "?" in text


@lru_cache(maxsize=1024)
def _expression(pattern: str) -> re.Pattern[str]:
    """Compile a pattern to match patterns: their ``*`` is only matched by its own ``*``.

    Each piece between two stars is taken at its first place, for good (an atomic group), so that matching
    is not exponential in the number of stars.
    """
    pieces = ["".join("[^*]" if c == "?" else re.escape(c) for c in piece) for piece in _pieces(pattern)]
    first, *middle = pieces[:-1] or pieces
    last = f".*{pieces[-1]}" if len(pieces) > 1 else ""
    return re.compile(first + "".join(f"(?>.*?{piece})" for piece in middle) + last, re.DOTALL)


def _pieces(pattern: str) -> list[str]:
    return _question_marks_first(pattern).split("*")


def _question_marks_first(pattern: str) -> str:
    """Write each run of wildcards in one way: ``*?*`` and ``?*`` match the same names."""
    return _WILDCARDS.sub(lambda run: "?" * run[0].count("?") + "*" * ("*" in run[0]), pattern)
