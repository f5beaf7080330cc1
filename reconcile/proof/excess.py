"""What policies grant the deployment's principals beyond what its chain asks for: told, never taken away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from reconcile.change import Grant
from reconcile.errors import PolicyMalformed
from reconcile.policy import parse, statements
from reconcile.policy.normal import Element, Principal, Statement, account_of, listed, meanings
from reconcile.policy.pattern import has_wildcard, resource_covers
from reconcile.policy.request import HeldPolicy
from reconcile.policy.same import Same
from reconcile.proof.asking import Ask, Link
from reconcile.proof.values import Excess

_OURS = ("s3:", "kms:", "sts:", "*")
"""What the chain is about: a service role may well do more for other actions of the pipeline."""
_PINNING = ("arnequals", "arnlike", "stringequals", "stringlike")

Needs = Mapping[str, frozenset[tuple[str, str]]]
"""By principal: the actions that it asks for, each with its resource."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The requests of a chain, by what they are about."""

    needs: Needs
    identity: Mapping[str, tuple[HeldPolicy, ...]]
    """By principal."""
    resource: Mapping[str, HeldPolicy]
    """By what it hangs on; a bucket for its objects too."""


def excess(links: Iterable[Link]) -> tuple[Excess, ...]:
    """Every statement that grants more than a chain asks for, with what is more."""
    asked = _asked(item for link in links for item in link.items if isinstance(item, Ask))
    found = [
        _of(held, index, name, grants)
        for actor, policies in asked.identity.items()
        for held in policies
        for index, name, statement in _allows(held)
        if (grants := tuple(_more(actor, statement, asked.needs[actor], "")))
    ]
    found += [
        _of(held, index, name, grants)
        for arn, held in asked.resource.items()
        for index, name, statement in _allows(held)
        if (grants := tuple(_more_to_others(statement, asked.needs, arn)))
    ]
    return tuple(dict.fromkeys(found))


def _asked(asks: Iterable[Ask]) -> _Asked:
    needs: dict[str, set[tuple[str, str]]] = {}
    identity: dict[str, tuple[HeldPolicy, ...]] = {}
    resource: dict[str, HeldPolicy] = {}
    for ask in asks:
        request, policies, actor = ask.request, ask.policies, ask.request.caller.arn
        needs.setdefault(actor, set()).add((request.action.lower(), request.resource))
        identity[actor] = policies.identity
        if policies.resource is not None:
            resource[request.resource.partition("/")[0] if ":s3:" in request.resource else request.resource] = (
                policies.resource
            )
    return _Asked({actor: frozenset(each) for actor, each in needs.items()}, identity, resource)


def _allows(held: HeldPolicy) -> Sequence[tuple[int, str, Statement]]:
    """The Allow statements that can be understood."""
    return () if held.document is None else _allowing(Same(held.document))


@lru_cache(maxsize=4096)
def _allowing(same: Same) -> Sequence[tuple[int, str, Statement]]:
    try:
        document = parse(same.document)
    except PolicyMalformed:
        return ()
    read = enumerate(zip(statements(document), meanings(document, "aws"), strict=True))
    return [
        (index, str(raw.get("Sid", "")), meaning)
        for index, (raw, meaning) in read
        if meaning.effect == "Allow" and not meaning.unknown
    ]


def _more(actor: str, statement: Statement, needed: Iterable[tuple[str, str]], implied: str) -> Iterator[Grant]:
    """What the statement grants to the actor beyond need, resource by resource."""
    for resource in [implied] if implied else _names(statement.resource):
        of_resource = [action for action, on in needed if resource_covers(on, resource)]
        more = tuple(sorted(each for each in _names(statement.action) if _is_more(each, of_resource)))
        if more:
            yield Grant(actor, more, resource)


def _more_to_others(statement: Statement, needs: Needs, arn: str) -> Iterator[Grant]:
    """The same of a policy that hangs on a resource: to whom of the deployment, or of their accounts."""
    implied = arn if ":s3:" not in arn else ""
    if statement.principal is None or statement.principal.negated:
        return
    pins = _pins(statement)
    for principal, meant in product(sorted(statement.principal.values), pins or [""]):
        if (who := meant or principal[1]) in needs:
            yield from _more(who, statement, needs[who], implied)
        elif meant and not has_wildcard(meant):
            continue  # it is for somebody else of the account
        elif _is_account_of(principal, needs) and not _is_delegation(statement, principal, arn):
            for resource in [implied] if implied else _names(statement.resource):
                yield Grant(principal[1], tuple(_names(statement.action)), resource)


def _names(element: Element[str] | None) -> list[str]:
    if element is None:
        return []
    return [f"all but {', '.join(sorted(element.values))}"] if element.negated else sorted(element.values)


def _is_more(action: str, needed: Iterable[str]) -> bool:
    if not action.startswith(_OURS) and not action.startswith("all but"):
        return False
    return has_wildcard(action) or action not in needed


def _pins(statement: Statement) -> list[str]:
    """The principals that a condition keeps the statement to; none if it keeps it to none."""
    conditions = statement.conditions
    pins = (values for operator, key, values in conditions if key == "aws:principalarn" and operator in _PINNING)
    return sorted(next(pins, ()))


def _is_account_of(principal: Principal, needs: Needs) -> bool:
    kind, name = principal
    return kind == "AWS" and (name == "*" or any(account_of(("AWS", actor))[1] == name for actor in needs))


def _is_delegation(statement: Statement, principal: Principal, arn: str) -> bool:
    """KMS's default statement lets the policies of the key's own account decide, and grants nothing by itself."""
    return ":kms:" in arn and statement.action == Element(frozenset({"kms:*"})) and arn.split(":")[4] in principal[1]


def _of(held: HeldPolicy, index: int, sid: str, grants: tuple[Grant, ...]) -> Excess:
    """With the actions as the statement spells them."""
    written = listed(statements(held.document)[index].get("Action", []))
    spelled = {each.lower(): each for each in written}
    told = (replace(each, actions=tuple(spelled.get(action, action) for action in each.actions)) for each in grants)
    return Excess(held.account, held.name, index, sid, tuple(told))
