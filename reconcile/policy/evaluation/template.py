"""Patterns as policies write them, with variables, and whether what a request has matches them.

Text is encoded so that ``*`` and ``?`` are wildcards wherever they stand: a literal one is a character of the private
use area. In what a request has, ``*`` is what is not known of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from reconcile.policy.evaluation.truth import Truth, Unknown
from reconcile.policy.pattern import arn_meets, covers, has_wildcard, meets, resource_covers, resource_meets

Facts = Mapping[str, tuple[str | None, ...] | None]
"""The condition keys of a request, in lower case, with encoded values: see ``reconcile.policy.request.Context``."""
Relation = tuple[Callable[[str, str], bool], Callable[[str, str], bool]]
"""Whether a pattern covers all that another matches, and whether they have something in common."""

TEXT: Relation = (covers, meets)
ARN: Relation = (resource_covers, arn_meets)
"""Wildcards stay in their segment of the ARN."""
RESOURCE: Relation = (resource_covers, resource_meets)
"""As those of ARNs, but whether they do stay is not sure."""

# A dollar is encoded too: the relations would take what a value holds for a variable.
_LITERAL = str.maketrans({"*": "\ue02a", "?": "\ue03f", "$": "\ue024"})
_PATTERN = str.maketrans({"$": "\ue024"})
_VALUE = str.maketrans({"?": "\ue03f", "$": "\ue024"})
_WRITTEN = str.maketrans({"\ue02a": "*", "\ue03f": "?", "\ue024": "$"})
# References to what AWS has yet to make are no variables, but opaque atoms; `principal` and `arn` are the same text.
_REFERENCE = re.compile("\ue024\\{xacct:[^}]*\\}")
_VARIABLE = re.compile(r"\$\{(?!xacct:)([^}]*)(\}?)")
_WILD = re.compile("[*?]|\ue024\\{xacct:")
_WITH_DEFAULT = re.compile(r"\s*([^\s,]+)\s*(?:,\s*'([^']*)'\s*)?")
_WITH_VARIABLES = "2012-10-17"


@dataclass(frozen=True, slots=True)
class Variable:
    """A policy variable: ``key`` as it is written; ``default`` None where there is none."""

    key: str
    default: str | None


@dataclass(frozen=True, slots=True)
class Template:
    """A pattern of a policy: ``text`` where nothing has to be filled in, else its parts."""

    text: str | None
    parts: tuple[str | Variable, ...] = ()
    flaw: str = ""
    beginning: str = ""
    """What every match begins with."""

    def matches(self, value: str, facts: Facts, relation: Relation = TEXT, *, folded: bool = False) -> Truth:
        """Whether the encoded value matches; ``folded``: whatever the case.

        IAM user guide, reference_policies_variables: a variable without a value matches nothing.
        """
        text, keys = (self.text, ()) if self.text is not None else self._filled(facts)
        if text is None:
            return Unknown(text=self.flaw) if self.flaw else False
        if folded:
            text, value = text.lower(), value.lower()
        found = held(text, value, relation)
        return Unknown(keys) if keys and found is not False else found

    def _filled(self, facts: Facts) -> tuple[str | None, tuple[str, ...]]:
        """The pattern, and the keys of which something is not known (``*``); None if one has no value."""
        text, keys = "", []
        for part in self.parts:
            value = part if isinstance(part, str) else _value_of(part, facts)
            if value is None:
                return None, ()
            if isinstance(part, Variable) and "*" in value:
                keys.append(part.key)
            text += value
        return (None, ()) if self.flaw else (text, tuple(keys))


def _value_of(variable: Variable, facts: Facts) -> str | None:
    """The encoded value; a key with several is no variable (same page), so nobody knows what it stands for."""
    values = facts.get(variable.key.lower(), ("*",))
    if values:
        return (values[0] if len(values) == 1 else None) or "*"
    return None if variable.default is None else literal(variable.default)


@lru_cache(maxsize=65536)
def held(pattern: str, value: str, relation: Relation) -> Truth:
    """Whether an encoded value matches an encoded pattern; not known where only some of what it may be does."""
    covering, meeting = relation
    if apart(beginning(pattern), beginning(value)):
        return False
    if covering(pattern, value):
        return True
    if "{xacct:" in value and has_wildcard(pattern):
        value = _REFERENCE.sub("*", value)
    if "*" not in value and relation is not RESOURCE:
        return False
    return Unknown(text=_open(pattern, value, relation)) if meeting(pattern, value) else False


def _open(pattern: str, value: str, relation: Relation) -> str:
    """Why it is not known whether they match."""
    covered, known = pattern.translate(_WRITTEN), value.translate(_WRITTEN)
    if relation is not RESOURCE:
        return f"only {known} is known of it" if known.strip("*") else ""
    if "*" in value:
        return f"it covers {covered}, and what is asked for is {known}"
    return f"whether a * of {covered} goes beyond its segment of the ARN is not sure"


def apart(one: str, other: str) -> bool:
    """Whether two beginnings differ: most do, and this is quick to see."""
    return not (one.startswith(other) or other.startswith(one))


@lru_cache(maxsize=65536)
def beginning(encoded: str) -> str:
    """What stands before the first wildcard, or reference."""
    return _WILD.split(encoded, maxsplit=1)[0]


def literal(text: str) -> str:
    """Encode text that stands for itself alone."""
    return _same_reference(text.translate(_LITERAL))


def value_of(text: str) -> str:
    """Encode what a request has: ``*`` is what is not known."""
    return _same_reference(text.translate(_VALUE)) if "?" in text or "$" in text else text


@lru_cache(maxsize=65536)
def template(text: str, version: str, *, wild: bool) -> Template:
    """Read a pattern of a document of that Version; ``wild``: ``*`` and ``?`` are wildcards."""
    encode = _pattern if wild else literal
    if "${" not in text or version != _WITH_VARIABLES:
        return Template(encode(text), beginning=beginning(encode(text)))
    parts: list[str | Variable] = []
    end = 0
    for found in _VARIABLE.finditer(text):
        part = _variable(found)
        if part is None:
            return Template(None, flaw=f"{found[0]} is no policy variable")
        parts += [encode(text[end : found.start()]), part]
        end = found.end()
    parts.append(encode(text[end:]))
    fixed = all(isinstance(part, str) for part in parts)
    return Template("".join(map(str, parts)) if fixed else None, tuple(parts), "", beginning(str(parts[0])))


def _variable(found: re.Match[str]) -> str | Variable | None:
    """``${*}``, ``${?}`` and ``${$}`` stand for the character."""
    if found[1] in ("*", "?", "$") and found[2]:
        return literal(found[1])
    read = _WITH_DEFAULT.fullmatch(found[1])
    return Variable(read[1], read[2]) if read and found[2] else None


def _pattern(text: str) -> str:
    return _same_reference(text.translate(_PATTERN))


def _same_reference(encoded: str) -> str:
    return encoded.replace("#principal}", "#arn}") if "{xacct:" in encoded else encoded
