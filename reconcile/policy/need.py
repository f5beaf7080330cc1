"""One grant that is wanted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reconcile.policy.normal import (
    Principal,
    listed,
    normal_condition,
    normal_statement,
    partition_of,
    principals,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Need:
    """Every action on every resource, for one principal, under the conditions.

    ``principal`` is None in identity policies; ``resources`` is empty in trust policies and ``("*",)`` in key
    policies; ``conditions`` maps operator to condition key to values. Patterns are meant as patterns: all
    that they match is needed.
    """

    principal: Principal | None
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ()
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, statement: Mapping[str, Any]) -> Need:
        """Return what an Allow without ``Not…`` elements and with one principal or none grants.

        Raises ValueError for any other statement: it is not one need.
        """
        named = principals(statement.get("Principal", {}), "aws")
        others = {"NotPrincipal", "NotAction", "NotResource"} & statement.keys()
        if statement["Effect"] != "Allow" or others or len(named) > 1:
            raise ValueError(f"not one need: {statement}")
        condition = normal_condition(statement.get("Condition", {}))
        return cls(
            named[0] if named else None,
            tuple(listed(statement["Action"])),
            tuple(listed(statement.get("Resource", []))),
            {
                operator: {key: tuple(listed(values)) for key, values in keys.items()}
                for operator, keys in condition.items()
            },
        )

    def statement(self, sid: str = "") -> dict[str, Any]:
        """Return the need as an Allow statement in normal form; without a Sid if ``sid`` is empty."""
        statement: dict[str, Any] = {"Sid": sid, "Effect": "Allow", "Action": self.actions}
        if self.principal:
            statement["Principal"] = dict([self.principal])
        if self.resources:
            statement["Resource"] = self.resources
        statement["Condition"] = self.conditions
        return normal_statement(statement, partition=partition_of(self.principal))
