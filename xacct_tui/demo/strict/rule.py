"""What a service's strictness is made of: rules before a call, corrections after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from xacct_tui.demo.call import Call, Response
from xacct_tui.demo.strict.world import World

Rule = Callable[[World, Call], "Call | Mapping[str, Any] | None"]
"""Raises Refusal; or answers in moto's stead; or says which call to go on with (None: the same)."""

After = Callable[[World, Call, Response], Response]
"""Corrects the state or the answer after moto has made the call."""


@dataclass(frozen=True, slots=True)
class Rules:
    """One service's rules: ``every`` before each call, then ``before`` by operation; ``after`` by operation."""

    every: tuple[Rule, ...] = ()
    before: Mapping[str, Rule] = field(default_factory=dict)
    after: Mapping[str, After] = field(default_factory=dict)

    def of(self, operation: str) -> Iterator[Rule]:
        """The rules before this operation, in their order."""
        yield from self.every
        if operation in self.before:
            yield self.before[operation]
