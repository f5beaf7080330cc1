"""Policies changed where a decision's reasons point to: to see that the reasons are the reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from reconcile import policy
from reconcile.policy.request import CallerType, Effect, HeldPolicy, Policies, Reason, Request, Side

EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
Change = Callable[[Side, HeldPolicy], HeldPolicy]


def held(policies: Policies) -> Iterable[tuple[Side, HeldPolicy]]:
    """Every policy with its side."""
    yield from ((Side.IDENTITY, each) for each in policies.identity)
    yield from ((Side.SESSION, each) for each in policies.session)
    yield from ((Side.SCP, each) for level in policies.scps for each in level)
    yield from ((Side.RCP, each) for level in policies.rcps for each in level)
    yield from ((Side.RESOURCE, each) for each in [policies.resource] if each)
    yield from ((Side.BOUNDARY, each) for each in [policies.boundary] if each)


def changed(policies: Policies, change: Change) -> Policies:
    """The policies with each document changed."""
    return Policies(
        tuple(change(Side.IDENTITY, each) for each in policies.identity),
        policies.resource and change(Side.RESOURCE, policies.resource),
        policies.boundary and change(Side.BOUNDARY, policies.boundary),
        tuple(change(Side.SESSION, each) for each in policies.session),
        tuple(tuple(change(Side.SCP, each) for each in level) for level in policies.scps),
        tuple(tuple(change(Side.RCP, each) for each in level) for level in policies.rcps),
    )


def statement_of(policies: Policies, reason: Reason) -> dict[str, Any]:
    """The statement that a reason names."""
    (document,) = [each.document for side, each in held(policies) if side is reason.side and each.name == reason.policy]
    assert reason.statement is not None
    return policy.statements(document)[reason.statement]


def keeping(policies: Policies, kept: Callable[[Side, str, int, str], bool]) -> Policies:
    """The policies with those statements of which side, policy, position and effect are wanted."""

    def only(side: Side, each: HeldPolicy) -> HeldPolicy:
        said = [
            said
            for index, said in enumerate(policy.statements(each.document))
            if kept(side, each.name, index, said["Effect"])
        ]
        return replace(each, document={**(each.document or {}), "Statement": said})

    return changed(policies, only)


def without_denials(policies: Policies, reasons: Iterable[Reason]) -> Policies:
    """The policies without the statements that deny by these reasons."""
    named = {(each.side, each.policy, each.statement) for each in reasons if each.effect is Effect.DENIES}
    return keeping(policies, lambda side, name, index, _: (side, name, index) not in named)


def with_allows(policies: Policies, reasons: Iterable[Reason]) -> Policies:
    """The policies with only those statements that allow which these reasons name."""
    named = {(each.side, each.policy, each.statement) for each in reasons if each.effect is Effect.ALLOWS}
    return keeping(policies, lambda side, name, index, effect: effect == "Deny" or (side, name, index) in named)


def mended(policies: Policies, sides: set[Side], request: Request) -> Policies:
    """The policies with everything allowed on these sides."""
    caller = request.caller
    principal = {"Service": caller.arn} if caller.type is CallerType.SERVICE else {"AWS": caller.arn}
    trust = {key: value for key, value in EVERYTHING.items() if key != "Resource"} | {"Principal": principal}
    by_side = {
        Side.RESOURCE: trust if request.action.startswith("sts:") else EVERYTHING | {"Principal": principal},
        Side.RCP: EVERYTHING | {"Principal": "*"},
    }

    def more(side: Side, each: HeldPolicy) -> HeldPolicy:
        if side not in sides:
            return each
        said = [*policy.statements(each.document), by_side.get(side, EVERYTHING)]
        return replace(each, document={**(each.document or {}), "Statement": said})

    whole = policies
    if Side.IDENTITY in sides and not policies.identity:
        whole = replace(whole, identity=(HeldPolicy("", "new", {"Version": "2012-10-17", "Statement": []}),))
    if Side.RESOURCE in sides and not policies.resource:
        whole = replace(whole, resource=HeldPolicy("", "new", {"Version": "2012-10-17", "Statement": []}))
    return changed(whole, more)
