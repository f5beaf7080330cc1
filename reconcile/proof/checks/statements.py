"""Statements of live policies as checks look at them: each with the place it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from reconcile import policy
from reconcile.errors import PolicyMalformed
from reconcile.policy.normal import EVERYONE, Document, Principal, listed, principals, statement_name, statements
from reconcile.policy.pattern import action_covers
from reconcile.policy.request import HeldPolicy
from reconcile.policy.same import Same

_NARROWING = (
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:userid",
    "kms:calleraccount",
)
"""The condition keys that say who is meant: a principal as wide as an account is narrow beside one of these."""


@dataclass(frozen=True, slots=True)
class Written:
    """One statement, as it is written."""

    policy: HeldPolicy
    index: int
    raw: Mapping[str, Any] = field(hash=False)

    @property
    def place(self) -> str:
        """``key policy of 1234abcd, Statement[0]``."""
        return f"{self.policy.name}, {statement_name(self.raw, self.index)}"

    @property
    def allows(self) -> bool:
        """Whether it is an Allow."""
        return bool(self.raw["Effect"] == "Allow")

    @property
    def principals(self) -> list[Principal]:
        """Those of Principal; none for NotPrincipal."""
        return principals(self.raw.get("Principal", {}), "aws")

    @property
    def resources(self) -> list[str]:
        """Those of Resource; none for NotResource."""
        return list(listed(self.raw.get("Resource", [])))

    @property
    def conditions(self) -> Iterator[tuple[str, str, list[str]]]:
        """Operator and key in lower case, and the values as text."""
        for operator, keys in self.raw.get("Condition", {}).items():
            for key, values in keys.items():
                yield operator.lower(), key.lower(), [str(value) for value in listed(values)]

    @property
    def open(self) -> bool:
        """Whether no condition says who of its principals is meant."""
        return not any(
            key in _NARROWING and "not" not in operator and not operator.endswith("ifexists") and operator != "null"
            for operator, key, _ in self.conditions
        )

    @property
    def for_everyone(self) -> bool:
        """Whether it names everyone, and no condition makes that less."""
        return EVERYONE in self.principals and self.open

    def acts(self, action: str) -> bool:
        """Whether it is about this action."""
        if "NotAction" in self.raw:
            return not any(action_covers(each, action) for each in listed(self.raw["NotAction"]))
        return any(action_covers(each, action) for each in listed(self.raw.get("Action", [])))


def problem_of(document: Document | None) -> str:
    """Why a document is no policy; empty if it is, or there is none."""
    return "" if document is None else _problem(Same(document))


@lru_cache(maxsize=8192)
def _problem(itself: Same) -> str:
    try:
        policy.parse(itself.document)
    except PolicyMalformed as error:
        return str(error)
    return ""


def written(*policies: HeldPolicy | None) -> Iterator[Written]:
    """Every statement of these policies; none of a policy that is not there. Raises for one that was not seen."""
    for held in policies:
        if held is not None:
            yield from (Written(held, index, raw) for index, raw in enumerate(statements(held.document)))


def arns(found: Iterable[Written]) -> set[str]:
    """The names of all AWS principals."""
    return {name for each in found for kind, name in each.principals if kind == "AWS"}
