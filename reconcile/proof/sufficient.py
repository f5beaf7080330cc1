"""What is live and lets every request through that rests on a change: nothing of it has to be written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reconcile.policy.request import Answer, Decision, Side
from reconcile.proof import places
from reconcile.proof.asking import Ask, Item, Setting
from reconcile.proof.chain import chain
from reconcile.proof.judging import decide, open_at
from reconcile.proof.values import Verdict
from reconcile.proof.world import World


def served(world: World, name: str) -> frozenset[str]:
    """The slugs on which requests and settings rest, none of which lacks anything on their side."""
    rests: set[str] = set()
    open_ones: set[str] = set()
    for link in chain(world, world.config.deployments[name]):
        for item in link.items:
            for slugs, good in _each(item):
                rests.update(slugs)
                open_ones.update(() if good else slugs)
    return frozenset(rests - open_ones)


def _each(item: Item) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Slugs, and whether what rests on them is as it has to be."""
    if isinstance(item, Setting):
        yield item.rests, item.verdict is Verdict.PASS
        return
    decision = _among_members(item)
    for side, slugs in item.rests.items():
        yield slugs, _lets_through(item, decision, side)


def _among_members(ask: Ask) -> Decision:
    """What the two accounts themselves decide: what limits them from above is not theirs to write."""
    return decide(replace(ask, policies=replace(ask.policies, scps=(), rcps=(), boundary=None)))[1]


def _lets_through(ask: Ask, decision: Decision, side: Side) -> bool:
    """Across accounts each side has to allow for itself; within one account they do so together."""
    if decision.answer is Answer.ALLOWED:
        return True
    across = ask.request.owner != places.account_id(ask.request.caller.arn)
    return across and not open_at(decision, side)
