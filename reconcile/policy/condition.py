"""Which conditions hold for sure: because the need has them too, or by what is known of every request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconcile.policy.pattern import resource_covers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reconcile.policy.normal import Condition

# IAM user guide, reference_policies_elements_condition_operators: ArnEquals and ArnLike behave identically.
_TESTS: dict[str, Callable[[str, str], bool]] = {
    "stringequals": str.__eq__,
    "stringlike": resource_covers,
    "arnequals": resource_covers,
    "arnlike": resource_covers,
    "bool": lambda allowed, value: allowed.lower() == value,
}


def implied(condition: Condition, needed: frozenset[Condition]) -> bool:
    """Whether every request that meets the needed conditions meets this one too.

    With a negated operator more values let less through, with any other more.
    """
    operator, key, values = condition
    return any(
        (operator, key) == (needed_operator, needed_key)
        and (values <= needed_values if _is_negated(operator) else needed_values <= values)
        for needed_operator, needed_key, needed_values in needed
    )


def excludes(condition: Condition, needed: frozenset[Condition]) -> bool:
    """Whether no request that meets the needed conditions meets this one: they list other values."""
    operator, key, values = condition
    return not _is_negated(operator) and any(
        (operator, key) == (needed_operator, needed_key) and values.isdisjoint(needed_values)
        for needed_operator, needed_key, needed_values in needed
    )


def certain(condition: Condition, known: Mapping[str, str]) -> bool:
    """Whether the condition is true for every request that has the known values.

    Decides Bool, and String and Arn operators, Equals and Like, negated or with ``IfExists``; other operators, keys
    that are not known, policy variables and references are never certain, but for equal text.
    """
    operator, key, values = condition
    base = operator.removesuffix("ifexists")
    test = _TESTS.get(base.replace("not", ""))
    value = known.get(key)
    if test is None or value is None:
        return False
    if any("${" in text for text in (value, *values)):
        return value in values and not _is_negated(operator)
    return _is_negated(operator) is not any(test(allowed, value) for allowed in values)


def _is_negated(operator: str) -> bool:
    return "not" in operator
