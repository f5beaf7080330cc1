"""References: what stands in a value for what AWS has yet to make.

The ARN of a key is known once there is a key. Until then a want says ``${xacct:dev/kms:key/alias/k#arn}``: the ``arn``
of ``kms:key/alias/k`` in the account ``dev``. The engine learns from them what rests on what, and asks the kind that
makes the resource (:meth:`reconcile.kinds.protocol.Kind.facts`) what to put in their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_REFERENCE = re.compile(r"\$\{xacct:([^}]+)\}")


def reference(place: str, attribute: str) -> str:
    """The text that stands for an attribute of what is at a :attr:`reconcile.change.Address.place`.

    IAM's own variables never begin with ``xacct:``, so the two cannot be taken for each other. The attribute
    ``arn`` names the thing; ``principal`` is the same text, but for a place where AWS refuses what does not exist,
    so that the want rests on the change that makes it.
    """
    return f"${{xacct:{place}#{attribute}}}"


def references(value: Any) -> frozenset[str]:
    """Every reference in a value, without its braces: ``dev/kms:key/…#arn``."""
    return frozenset(name for _, text in strings(value) for name in _REFERENCE.findall(text))


def resolve(value: Any, known: Mapping[str, str]) -> Any:
    """The value with each reference that ``known`` (reference without braces → text) holds replaced."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: known.get(match[1], match[0]), value)
    if isinstance(value, Mapping):
        return {resolve(key, known): resolve(item, known) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(resolve(item, known) for item in value)
    return value


def strings(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each text in a value, with its dotted path; a key that holds a reference is a text of its own path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from ((f"{path}.{key}".lstrip("."), key) for _ in _REFERENCE.findall(key))
            yield from strings(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from strings(item, f"{path}[{index}]")
