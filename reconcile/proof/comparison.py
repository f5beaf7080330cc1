"""What each change of a plan does to the chain: which hops it mends, and which it breaks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from reconcile.change import Address, Change, Plan
from reconcile.desired import Config
from reconcile.engine.read import Live, Seen
from reconcile.proof.looking import touched
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
    if not plan.pending:
        return ()
    chains = dict(_chains(config, live, plan))
    endangered = [chain for chain in chains.values() if chain.is_broken_by_plan]
    return tuple(_proven(change, plan, chains.get(change.deployment), endangered) for change in plan.pending)


def _proven(change: Change, plan: Plan, own: _Chain | None, others: Iterable[_Chain]) -> ProvenChange:
    ids = required(plan, [change.id])
    mends: list[str] = []
    breaks: list[str] = []
    touching = {chain.name: chain for chain in (own, *others) if chain and change.address in chain.documents}
    for chain in touching.values():
        then = chain.after(ids)
        mends += [name for name, now in chain.now.items() if now is not then.get(name) is Verdict.PASS]
        breaks += [name for name, now in chain.now.items() if now is Verdict.PASS and then.get(name) is Verdict.FAIL]
    return ProvenChange(change.id, tuple(mends), tuple(breaks))


def _chains(config: Config, live: Live, plan: Plan) -> Iterator[tuple[str, _Chain]]:
    """Each deployment with the documents that it touches, and no others: a world of them is small."""
    world = World(config, live.documents)
    wanted: dict[str, list[Address]] = {}
    for want in live.wants.ordered:
        wanted.setdefault(want.deployment, []).append(want.address)
    pending: dict[Address, list[tuple[int, Change]]] = {}
    for place, change in enumerate(plan.pending):
        pending.setdefault(change.address, []).append((place, change))
    for name in selected(config, live):
        addresses = dict.fromkeys([*wanted[name], *touched(world, config.deployments[name])])
        documents = {each: live.documents[each] for each in addresses if each in live.documents}
        changes = sorted((each for address in documents for each in pending.get(address, ())), key=lambda each: each[0])
        yield name, _Chain(config, name, documents, tuple(change for _, change in changes))


@dataclass(frozen=True)
class _Chain:
    config: Config
    name: str
    documents: Mapping[Address, Seen]
    changes: tuple[Change, ...]
    """The pending ones of its documents, whoever wants them, in the plan's order."""

    @cached_property
    def now(self) -> Verdicts:
        """As it is."""
        return self._verdicts(self.documents)

    @property
    def is_broken_by_plan(self) -> bool:
        """Whether a hop that passes now fails after the whole plan."""
        if not self.changes:
            return False
        then = self.after({change.id for change in self.changes})
        return any(now is Verdict.PASS and then.get(name) is Verdict.FAIL for name, now in self.now.items())

    def after(self, ids: Collection[str]) -> Verdicts:
        """As it will be after these changes."""
        return self._verdicts(after(self.config, self.documents, [each for each in self.changes if each.id in ids]))

    def _verdicts(self, documents: Mapping[Address, Seen]) -> Verdicts:
        found = hops(World(self.config, documents), self.config.deployments[self.name])
        return {f"{self.name}/{hop.id}": hop.verdict for hop in found}
