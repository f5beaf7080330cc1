"""One line of a Condition: a key, an operator with what is before and behind its name, and the values it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconcile.policy.evaluation.operators import NEGATIONS, OPERATORS, Compare
from reconcile.policy.evaluation.template import Facts
from reconcile.policy.evaluation.truth import Truth, Unknown, all_of, any_of, negation
from reconcile.policy.normal import listed, scalar

Values = tuple[str | None, ...]
_QUANTIFIERS = ("forallvalues", "foranyvalue")


@dataclass(frozen=True, slots=True)
class Test:
    """What one line of a Condition asks of a request."""

    key: str
    """As it is written."""
    quantifier: str
    negated: bool
    if_exists: bool
    compares: tuple[Compare, ...]
    presence: frozenset[bool] = frozenset()
    """For ``Null``: whether the key may be absent (True), may be there (False)."""
    flaw: str = ""

    def holds(self, facts: Facts) -> Truth:
        """Whether the request meets it."""
        if self.flaw:
            return Unknown(text=self.flaw)
        values = facts.get(self.key.lower(), _UNKNOWN)
        if values is _UNKNOWN:
            return Unknown((self.key,))
        if not values or None not in values:
            return self._with(values or (), facts)
        found = {self._with(either, facts) for either in (values, ())}
        return found.pop() if len(found) == 1 else Unknown((self.key,))

    def _with(self, values: Values, facts: Facts) -> Truth:
        """The same where the request carries these values, or no such key."""
        if self.presence:
            return (not values) in self.presence
        return self._each(values, facts) if values else self._of_absent()

    def _of_absent(self) -> Truth:
        """IAM user guide, reference_policies_condition-single-vs-multi-valued-context-keys, and of the operators."""
        if self.if_exists and self.quantifier == "foranyvalue":
            return Unknown(text=f"AWS does not say what ForAnyValue with IfExists is without {self.key}")
        by_quantifier = {"forallvalues": True, "foranyvalue": False, "": self.negated}
        return self.if_exists or by_quantifier[self.quantifier]

    def _each(self, values: Values, facts: Facts) -> Truth:
        found = [self._named(self._one(value, facts)) for value in values if value is not None]
        if self.quantifier == "foranyvalue":
            return any_of(found)
        if self.quantifier or all(truth == found[0] for truth in found):
            return all_of(found)
        return Unknown(text=f"{self.key} has several values, and {self.key} is not asked for with a set operator")

    def _one(self, value: str, facts: Facts) -> Truth:
        found = any_of(compare(value, facts) for compare in self.compares)
        return negation(found) if self.negated else found

    def _named(self, truth: Truth) -> Truth:
        """With the key's name where it is the key's own value of which something is not known."""
        return Unknown((self.key,), truth.text) if isinstance(truth, Unknown) and not truth.keys else truth


_UNKNOWN: Values = ("not in the facts",)


def tests(block: Mapping[str, Any], version: str) -> Iterator[Test]:
    """Read a Condition element: all of its tests must hold."""
    for name, keys in block.items():
        for key, values in keys.items():
            yield _test(name, key, [scalar(value) for value in listed(values)], version)


def _test(name: str, key: str, values: list[str], version: str) -> Test:
    quantifier, base, if_exists = _taken_apart(name)
    if base == "null" and not quantifier and not if_exists:
        return _presence(key, values)
    read = OPERATORS.get(NEGATIONS.get(base, base))
    if read is None:
        return _flawed(key, f"{name} is no condition operator")
    compares = [read(value, version) for value in values]
    taken = tuple(compare for compare in compares if compare is not None)
    if not values or len(taken) < len(compares):
        return _flawed(key, f"{name} of {key} has no value, or one that it does not take")
    return Test(key, quantifier, base in NEGATIONS, if_exists, taken)


def _taken_apart(name: str) -> tuple[str, str, bool]:
    """Quantifier, base and IfExists of an operator's name, in lower case."""
    before, colon, rest = name.lower().partition(":")
    quantifier, base = (before, rest) if colon and before in _QUANTIFIERS else ("", name.lower())
    return quantifier, base.removesuffix("ifexists"), base.endswith("ifexists")


def _presence(key: str, values: list[str]) -> Test:
    if not values or any(value.lower() not in ("true", "false") for value in values):
        return _flawed(key, f"Null of {key} takes true or false")
    return Test(
        key, "", negated=False, if_exists=False, compares=(), presence=frozenset(v.lower() == "true" for v in values)
    )


def _flawed(key: str, flaw: str) -> Test:
    return Test(key, "", negated=False, if_exists=False, compares=(), flaw=flaw)
