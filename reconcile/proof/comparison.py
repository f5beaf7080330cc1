"""What each pending change does to the proof: which hops it mends, which it breaks, what it grants beyond need."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache

from reconcile.change import Address, Change, Plan
from reconcile.desired import Config
from reconcile.engine.live import Live, Seen
from reconcile.proof.asking import Link
from reconcile.proof.chain import chain
from reconcile.proof.excess import excess
from reconcile.proof.judging import judged
from reconcile.proof.looking import touched
from reconcile.proof.planned import after, required
from reconcile.proof.values import Excess, ProvenChange, Verdict
from reconcile.proof.world import World

Verdicts = Mapping[str, Verdict]
"""By hop, as ``<deployment>/<hop>``."""


def proven_changes(
    config: Config, live: Live, plan: Plan, ids: Collection[str] | None = None
) -> tuple[ProvenChange, ...]:
    """What each pending change (of ``ids``, if they are given) does, made with what it requires and nothing else."""
    effects = _Effects(config, live, plan)
    return tuple(effects.of(each) for each in plan.pending if ids is None or each.id in ids)


def widening(config: Config, live: Live, plan: Plan, ids: Collection[str]) -> Mapping[str, tuple[Excess, ...]]:
    """What those of these pending changes that do so newly grant beyond need; no request is decided for that."""
    effects = _Effects(config, live, plan)
    found = {each.id: effects.newly(each) for each in plan.pending if each.id in ids}
    return {change_id: excesses for change_id, excesses in found.items() if excesses}


class _Effects:
    def __init__(self, config: Config, live: Live, plan: Plan) -> None:
        self._config, self._live, self._plan = config, live, plan
        self._order = {change.id: number for number, change in enumerate(plan.changes)}
        self._all = World(config, live.documents)
        self._places, self._wanted = _sharing(live)
        self._documents = cache(self._documents_of)
        self._links = cache(self._chain)
        self._verdicts = cache(self._judge)

    def of(self, change: Change) -> ProvenChange:
        """What this change does, on top of what it requires."""
        with_it = required(self._plan, [change.id])
        without = with_it - {change.id}
        mended: list[str] = []
        broken: list[str] = []
        for name in self._places[change.address.place]:
            now, before, done = (self._verdicts(name, ids) for ids in (frozenset[str](), without, with_it))
            mended += _turned(now, done, Verdict.FAIL, Verdict.PASS)
            broken += _turned(before, done, Verdict.PASS, Verdict.FAIL)
        return ProvenChange(change.id, tuple(mended), tuple(broken), self.newly(change))

    def newly(self, change: Change) -> tuple[Excess, ...]:
        """What is granted beyond need with the change and not without, and is not what the rest of the plan needs."""
        if not change.grants:
            return ()
        with_it = required(self._plan, [change.id])
        without = with_it - {change.id}
        before, done = (excess(self._links(change.deployment, ids)) for ids in (without, with_it))
        known = _given(before)
        found = tuple(each for each in done if not known.issuperset(_given([each])))
        if not found:
            return ()
        beyond = _given(excess(self._links(change.deployment, self._whole(change.deployment)))) - known
        return tuple(each for each in found if not beyond.isdisjoint(_given([each])))

    def _whole(self, name: str) -> frozenset[str]:
        """All that is pending for a deployment, with what it requires."""
        return frozenset(required(self._plan, [each.id for each in self._plan.pending if each.deployment == name]))

    def _judge(self, name: str, ids: frozenset[str]) -> Verdicts:
        """The hops of a deployment after these changes."""
        return {f"{name}/{link.id}": judged(link).verdict for link in self._links(name, ids)}

    def _chain(self, name: str, ids: frozenset[str]) -> tuple[Link, ...]:
        documents = self._documents(name)
        changes = (self._plan[each] for each in sorted(ids, key=self._order.__getitem__))
        known = [each for each in changes if each.pending and each.address in documents]
        world = World(self._config, after(self._config, documents, known))
        return chain(world, self._config.deployments[name])

    def _documents_of(self, name: str) -> Mapping[Address, Seen]:
        """What says anything of a deployment, and no more: others may be thousands."""
        addresses = [*self._wanted[name], *touched(self._all, self._config.deployments[name])]
        return {each: self._live.documents[each] for each in addresses if each in self._live.documents}


def _given(excesses: Iterable[Excess]) -> frozenset[tuple[str, str, str]]:
    """Who may do what on what."""
    grants = (grant for each in excesses for grant in each.grants)
    return frozenset((grant.principal, action, grant.resource) for grant in grants for action in grant.actions)


def _turned(before: Verdicts, done: Verdicts, one: Verdict, other: Verdict) -> list[str]:
    return [hop for hop, verdict in done.items() if before.get(hop) is one and verdict is other]


def _sharing(live: Live) -> tuple[Mapping[str, list[str]], Mapping[str, list[Address]]]:
    """The deployments that have to do with what is at a place, and the addresses of a deployment."""
    asked = {change_id.partition("/")[0] for change_id in live.selected}
    places: dict[str, dict[str, None]] = {}
    wanted: dict[str, list[Address]] = {}
    for want in live.wants.ordered:
        if want.deployment in asked:
            places.setdefault(want.address.place, {})[want.deployment] = None
        wanted.setdefault(want.deployment, []).append(want.address)
    return {place: list(names) for place, names in places.items()}, wanted
