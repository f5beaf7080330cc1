"""What a document certainly grants of a need, what it certainly denies, what it grants beyond."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING

from reconcile.policy.condition import certain, excludes, implied
from reconcile.policy.normal import (
    EVERYONE,
    Document,
    Element,
    Principal,
    Statement,
    account_of,
    canonical,
    conditions,
    meanings,
    partition_of,
)
from reconcile.policy.pattern import (
    action_covers,
    action_meets,
    has_variable,
    has_wildcard,
    resource_covers,
    resource_meets,
)

if TYPE_CHECKING:
    from reconcile.policy.need import Need

_Relation = Callable[[str, str], bool]

_PINNING = ("arnequals", "arnlike", "stringequals", "stringlike")
_KEY_DELEGATION = Element(frozenset({"kms:*"}))
_NOTHING_KNOWN: Mapping[str, str] = MappingProxyType({})


def uncovered(
    document: Document | None,
    need: Need,
    *,
    known: Mapping[str, str] = _NOTHING_KNOWN,
    resources_implied: bool = False,
) -> tuple[tuple[str, str], ...]:
    """Return the (action, resource) pairs of the need that no Allow statement grants for sure.

    Empty means that the document already grants the need. Each pair may be granted by another statement;
    Deny statements are not looked at (``forbidding`` does). The resource is ``""`` for a need without any.

    A statement counts if it names the principal itself or everyone: the root of an account covers the
    account, not its roles, which would want an identity policy beside it; a role covers its account only
    where the need narrows the account to that role by ``aws:PrincipalArn``. Each of its conditions must be
    in the need, or be certain by ``known`` (condition key in lower case to its value). With
    ``resources_implied`` any Resource will do, for documents that can only speak of what they hang on.
    """
    granting = [each for each in _statements(document, need, "Allow") if _grants_to_need(each, need, known)]
    return tuple(
        (action, resource)
        for action, resource in product(need.actions, need.resources or ("",))
        if not any(
            _takes_in(each.action, action, action_covers, action_meets)
            and _takes_in_resource(each.resource, resource, implied=resources_implied)
            for each in granting
        )
    )


def forbidding(document: Document | None, need: Need, *, known: Mapping[str, str] = _NOTHING_KNOWN) -> tuple[str, ...]:
    """Return the names (Sid or ``Statement[i]``) of Deny statements that certainly deny some of the need.

    Certain: unconditional, or with conditions that are certain by ``known``. A Deny on an account hits its
    roles and users; a ``*`` that ends a segment of its resource goes beyond it, as IAM's guide has it. What cannot be
    decided is left out.
    """
    return tuple(
        each.name
        for each in _statements(document, need, "Deny")
        if _touches_need(each, need, pinned=_pinned(need))
        and all(certain(condition, known) for condition in each.conditions)
    )


def wider(document: Document | None, need: Need) -> tuple[str, ...]:
    """Return the names of Allow statements that grant some of the need and more than it.

    More: to everyone or to the whole account without any condition, other actions or resources too, or
    without a condition that the need has. Not named is the statement of KMS's default key policy (KMS
    developer guide, key-policy-default: ``kms:*`` to the root), which lets IAM policies decide.
    """
    return tuple(
        each.name
        for each in _statements(document, need, "Allow")
        if _touches_need(each, need)
        and not any(excludes(condition, conditions(need.conditions)) for condition in each.conditions)
        and _exceeds(each, need)
        and not _is_key_delegation(each, need)
    )


def _statements(document: Document | None, need: Need, effect: str) -> list[Statement]:
    """Return the statements of that effect; one with unknown keys is certain of nothing."""
    found = meanings(document, partition_of(need.principal))
    return [each for each in found if each.effect == effect and not each.unknown]


def _principal(need: Need) -> Principal | None:
    return need.principal and canonical(need.principal, partition_of(need.principal))


def _grants_to_need(statement: Statement, need: Need, known: Mapping[str, str]) -> bool:
    element, principal = statement.principal, _principal(need)
    if element is None or principal is None:
        named = element is None and principal is None
    else:
        sufficient = {principal, EVERYONE} | _pinned(need)
        named = not element.negated and not element.values.isdisjoint(sufficient)
    needed = conditions(need.conditions)
    return named and all(implied(each, needed) or certain(each, known) for each in statement.conditions)


def _pinned(need: Need) -> frozenset[Principal]:
    """Return the one role that an account is narrowed to by a condition: to name either is the same."""
    return frozenset(
        ("AWS", name)
        for operator, key, values in conditions(need.conditions)
        if operator in _PINNING and key == "aws:principalarn" and len(values) == 1
        for name in values
        if not has_wildcard(name) and account_of(("AWS", name)) == _principal(need)
    )


def _touches_need(statement: Statement, need: Need, *, pinned: frozenset[Principal] = frozenset()) -> bool:
    return (
        _reaches(statement.principal, _principal(need), pinned)
        and _touches(statement.action, need.actions, action_covers, action_meets)
        and (
            not need.resources
            or _touches(_without_variables(statement), need.resources, resource_covers, resource_meets)
        )
    )


def _reaches(element: Element[Principal] | None, principal: Principal | None, pinned: frozenset[Principal]) -> bool:
    """Whether the element takes in the principal, be it by its account or by the role it is pinned to."""
    if element is None or principal is None:
        return element is None and principal is None
    named = not element.values.isdisjoint({principal, account_of(principal), EVERYONE} | pinned)
    return named is not element.negated


def _takes_in(element: Element[str] | None, pattern: str, covers: _Relation, meets: _Relation) -> bool:
    """Whether the element takes in all that the pattern matches."""
    if element is None:
        return False
    if element.negated:
        return not any(meets(value, pattern) for value in element.values)
    return any(covers(value, pattern) for value in element.values)


def _takes_in_resource(element: Element[str] | None, resource: str, *, implied: bool) -> bool:
    if not resource or (implied and element is not None):
        return True
    return _takes_in(element, resource, resource_covers, resource_meets)


def _touches(element: Element[str] | None, patterns: tuple[str, ...], covers: _Relation, meets: _Relation) -> bool:
    """Whether the element takes in some of what the patterns match."""
    if element is None:
        return False
    if element.negated:
        return not all(any(covers(value, pattern) for value in element.values) for pattern in patterns)
    return any(meets(value, pattern) for value, pattern in product(element.values, patterns))


def _without_variables(statement: Statement) -> Element[str] | None:
    """Leave out the resources that a policy variable decides, and a NotResource that has one."""
    element = statement.resource
    if element is None:
        return None
    if element.negated:
        return None if any(map(has_variable, element.values)) else element
    return Element(frozenset(value for value in element.values if not has_variable(value)))


def _exceeds(statement: Statement, need: Need) -> bool:
    return (
        _reaches_more(statement, _principal(need))
        or _beyond(statement.action, need.actions, action_covers)
        or (bool(need.resources) and _beyond(statement.resource, need.resources, resource_covers))
        or not all(implied(each, statement.conditions) for each in conditions(need.conditions))
    )


def _is_key_delegation(statement: Statement, need: Need) -> bool:
    """Whether this is KMS's default statement, met only because the need's principal is of that account."""
    return statement.action == _KEY_DELEGATION and statement.principal == Element(
        frozenset({account_of(_principal(need) or EVERYONE)})
    )


def _reaches_more(statement: Statement, principal: Principal | None) -> bool:
    if statement.principal is None or statement.conditions:
        return False
    return statement.principal.negated or principal not in statement.principal.values


def _beyond(element: Element[str] | None, patterns: tuple[str, ...], covers: _Relation) -> bool:
    """Whether the element takes in more than the patterns match."""
    if element is None or element.negated:
        return element is not None
    return any(not any(covers(pattern, value) for pattern in patterns) for value in element.values)
