"""What is live and lets every request through that rests on a change: nothing of it has to be written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reconcile.policy.evaluation import evaluate
from reconcile.policy.request import Answer, Decision, Side
from reconcile.proof.asking import Ask
from reconcile.proof.chain import chain
from reconcile.proof.judging import open_at
from reconcile.proof.world import World


def served(world: World, name: str) -> frozenset[str]:
    """The slugs on which requests rest, none of which lacks anything on their side."""
    rests: set[str] = set()
    open_ones: set[str] = set()
    for ask in _asks(world, name):
        decision = _among_members(ask)
        for side, slugs in ask.rests.items():
            rests.update(slugs)
            if not _lets_through(ask, decision, side):
                open_ones.update(slugs)
    return frozenset(rests - open_ones)


def _asks(world: World, name: str) -> Iterator[Ask]:
    for link in chain(world, world.config.deployments[name]):
        yield from (item for item in link.items if isinstance(item, Ask))


def _among_members(ask: Ask) -> Decision:
    """What the two accounts themselves decide: what limits them from above is not theirs to write."""
    return evaluate(ask.request, replace(ask.policies, scps=(), rcps=(), boundary=None))


def _lets_through(ask: Ask, decision: Decision, side: Side) -> bool:
    """Across accounts each side has to allow for itself; within one account they do so together."""
    if decision.answer is Answer.ALLOWED:
        return True
    across = ask.request.owner != ask.request.caller.arn.split(":")[4]
    return across and not open_at(decision, side)
