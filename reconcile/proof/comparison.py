"""What each change of a plan does to the chain: which hops it mends, and which it breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from reconcile.change import Address, Change, Plan
from reconcile.desired import Config
from reconcile.engine.read import Live, Seen
from reconcile.proof.looking import for_proof
from reconcile.proof.planned import after, required
from reconcile.proof.proving import hops, selected
from reconcile.proof.values import ProvenChange, Verdict
from reconcile.proof.world import World

Verdicts = Mapping[str, Verdict]
"""By ``<deployment>/<hop>``."""


def proven_changes(config: Config, live: Live, plan: Plan) -> tuple[ProvenChange, ...]:
    """For each pending change: the hops that it, with what it requires and nothing else, mends and breaks.

    Its own deployment is proven anew. Of the others, those are that the whole plan leaves with a hop that passes now
    and would fail, so that the cost does not grow with the square of the deployments.
    """
    names = selected(config, live)
    chains = {name: _Chain(config, live, plan, name) for name in names}
    endangered = [chain for chain in chains.values() if chain.broken_by_plan]
    return tuple(_proven(change, chains, endangered) for change in plan.pending)


def _proven(change: Change, chains: Mapping[str, _Chain], endangered: Iterable[_Chain]) -> ProvenChange:
    own = chains.get(change.deployment)
    touched = {id(chain): chain for chain in (own, *endangered) if chain and change.address in chain.documents}
    mends: list[str] = []
    breaks: list[str] = []
    for chain in touched.values():
        then = chain.verdicts(change)
        for name, now in chain.now.items():
            if now is not Verdict.PASS and then.get(name) is Verdict.PASS:
                mends.append(name)
            if now is Verdict.PASS and then.get(name) is Verdict.FAIL:
                breaks.append(name)
    return ProvenChange(change.id, tuple(mends), tuple(breaks))


@dataclass(frozen=True)
class _Chain:
    """One deployment with the documents that it touches, and no others: a world of them is small."""

    config: Config
    live: Live
    plan: Plan
    name: str

    @cached_property
    def documents(self) -> Mapping[Address, Seen]:
        """What is live of them."""
        wanted = (want.address for want in self.live.wants.ordered if want.deployment == self.name)
        further = for_proof(self.config, frozenset({self.name}), self.live.documents)
        return {each: self.live.documents[each] for each in (*wanted, *further) if each in self.live.documents}

    @cached_property
    def now(self) -> Verdicts:
        """As it is."""
        return dict(self._of(self.documents))

    @property
    def broken_by_plan(self) -> bool:
        """Whether a hop that passes now fails after the whole plan."""
        then = dict(self._of(after(self.config, self.documents, self._changes(self.plan.pending))))
        return any(now is Verdict.PASS and then.get(name) is Verdict.FAIL for name, now in self.now.items())

    def verdicts(self, change: Change) -> Verdicts:
        """As it will be after a change and what it requires."""
        ids = required(self.plan, [change.id])
        changes = self._changes(each for each in self.plan.pending if each.id in ids)
        return dict(self._of(after(self.config, self.documents, changes)))

    def _changes(self, changes: Iterable[Change]) -> list[Change]:
        return [each for each in changes if each.address in self.documents]

    def _of(self, documents: Mapping[Address, Seen]) -> Iterator[tuple[str, Verdict]]:
        world = World(self.config, documents)
        for hop in hops(world, self.config.deployments[self.name]):
            yield f"{self.name}/{hop.id}", hop.verdict
