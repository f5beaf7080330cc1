"""What a law needs to know of a kind: which documents there are, what of them is others', what they mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from reconcile.change import Part, Want

Document = dict[str, Any] | None
Wants = tuple[Want, ...]


@dataclass(frozen=True)
class Example:
    """A document, the part of it that a deployment wants, and the value that is put there."""

    document: Document
    part: Part
    value: Any
    parts: tuple[Part, ...] = field(default=(), repr=False)
    """All parts of it that deployments want."""


@dataclass(frozen=True)
class Limit:
    """Where AWS keeps the old value from giving the old document; the kind's docstring has the reason in its words."""

    reason: str
    applies: Callable[[Example], bool]
    witness: Example


def _is_apart(one: Part, other: Part) -> bool:
    return one != other and not set(one.of) & set(other.of)


@dataclass(frozen=True)
class Scene:
    """One kind's documents; what is said of them here is said without the kind's own code."""

    documents: Callable[[Wants], st.SearchStrategy[Document]]
    """Documents as they are found in accounts, which hold all, some or none of the wanted parts."""
    rest: Callable[[Document, Part], Any]
    """All of a document but the part, to be compared; false where there is nothing."""
    meaning: Callable[[Document], Any]
    """Equal for documents that AWS treats alike."""
    values: Callable[[Want], Sequence[Any]] = lambda _: (None,)
    """What else may be put, beside what is wanted, what is live and what was so once."""
    refuses: Callable[[Example], bool] = lambda _: False
    """Whether the value cannot be put without harm to others, so that putting has to refuse."""
    apart: Callable[[Part, Part], bool] = _is_apart
    """Whether two parts have nothing in common; parts of deployments that share a principal, say, have."""
    limits: Sequence[Limit] = ()
