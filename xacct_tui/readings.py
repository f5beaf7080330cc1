"""What one pass of reading told, beside the plan."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reconcile.change import Change, Plan
    from reconcile.proof.values import Proof, ProvenChange


class Checked(NamedTuple):
    """A plan and its proof."""

    plan: Plan
    proof: Proof
    proven: Mapping[str, ProvenChange]
    """By id: what pending changes do to the chain."""
    planned: Proof | None = None
    """Of the state after the plan, where that was asked for."""


class Weighed(NamedTuple):
    """Changes that may be applied, and what they do to the chain."""

    plan: Plan
    chosen: Sequence[Change]
    proven: Mapping[str, ProvenChange] = MappingProxyType({})
    """By id; empty where nobody looked."""
