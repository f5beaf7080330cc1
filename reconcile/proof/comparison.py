"""What each pending change does to the proof: which hops it mends, which it breaks, what it grants beyond need."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, partial

from reconcile.change import Address, Change, Plan
from reconcile.desired import Config, Deployment
from reconcile.engine.live import Live, Seen
from reconcile.proof.asking import Link
from reconcile.proof.chain import makings
from reconcile.proof.chain.scene import Making, Scene
from reconcile.proof.excess import excess
from reconcile.proof.judging import verdict
from reconcile.proof.looking import touched
from reconcile.proof.planned import Later, required
from reconcile.proof.recall import Recall
from reconcile.proof.route import Route, route
from reconcile.proof.values import Excess, ProvenChange, Verdict
from reconcile.proof.world import World


def proven_changes(
    config: Config, live: Live, plan: Plan, ids: Collection[str] | None = None
) -> tuple[ProvenChange, ...]:
    """What each pending change (of ``ids``, if they are given) does, made with what it requires and nothing else."""
    accounts = _Accounts(config, live, plan)
    chosen = [each for each in plan.pending if ids is None or each.id in ids]
    found: dict[tuple[str, str], ProvenChange] = {}
    for name, changes in _by(chosen, accounts.concerned).items():
        chains = accounts.chains(name)  # of one deployment after the other, since those of all take much memory
        found.update({(change.id, name): chains.effect_of(change) for change in changes})
    return tuple(_joined(found[each.id, name] for name in accounts.concerned(each)) for each in chosen)


def widening(config: Config, live: Live, plan: Plan, ids: Collection[str]) -> Mapping[str, tuple[Excess, ...]]:
    """What those of these pending changes that do so newly grant beyond need; no request is decided for that."""
    accounts = _Accounts(config, live, plan)
    chosen = [each for each in plan.pending if each.id in ids]
    found: dict[str, tuple[Excess, ...]] = {}
    for name, changes in _by(chosen, lambda change: [change.deployment]).items():
        chains = accounts.chains(name)
        found.update({change.id: excesses for change in changes if (excesses := chains.newly(change))})
    return found


def _by(changes: Iterable[Change], names: Callable[[Change], Iterable[str]]) -> Mapping[str, Sequence[Change]]:
    found: dict[str, list[Change]] = {}
    for change in changes:
        for name in names(change):
            found.setdefault(name, []).append(change)
    return found


def _joined(effects: Iterable[ProvenChange]) -> ProvenChange:
    """What a change does to several deployments."""
    first, *others = effects
    for each in others:
        first = replace(
            first, mends=first.mends + each.mends, breaks=first.breaks + each.breaks, excess=first.excess + each.excess
        )
    return first


class _Accounts:
    """What was found, by the deployments that it says anything of."""

    def __init__(self, config: Config, live: Live, plan: Plan) -> None:
        self._live, self._plan = live, plan
        self._order = {change.id: number for number, change in enumerate(plan.changes)}
        self._world = World(config, live.documents)
        self._places, self._wanted = _sharing(live)

    def concerned(self, change: Change) -> Sequence[str]:
        """The deployments that have to do with what it changes."""
        return self._places[change.address.place]

    def chains(self, name: str) -> _Chains:
        """Those of a deployment, from what says anything of it, and no more: others may be thousands."""
        deployment = self._world.config.deployments[name]
        addresses = [*self._wanted[name], *touched(self._world, deployment)]
        documents = {each: self._live.documents[each] for each in addresses if each in self._live.documents}
        return _Chains(self._world.having(documents), deployment, self._plan, self._order)


class _Hop:
    def __init__(self, link: Link) -> None:
        self.link = link

    @cached_property
    def verdict(self) -> Verdict:
        return verdict(self.link)


class _Chains:
    """The hops of a deployment, after any changes of one plan: the same ones where nothing they ask for is another."""

    def __init__(self, world: World, deployment: Deployment, plan: Plan, order: Mapping[str, int]) -> None:
        self._world, self._deployment, self._plan, self._order = world, deployment, plan, order
        self._later = Later(world.config, world.documents)
        self._way = Recall[_Way]()
        self._ways: list[_Way] = []
        self._after = cache(self._hops_after)
        self._excess = cache(lambda ids: excess(hop.link for hop in self._after(ids)))

    def effect_of(self, change: Change) -> ProvenChange:
        """What this change does to the deployment, on top of what it requires."""
        with_it = required(self._plan, [change.id])
        now, before, done = (self._after(ids) for ids in (frozenset[str](), with_it - {change.id}, with_it))
        name = self._deployment.name
        mends = tuple(f"{name}/{hop}" for hop in _turned(now, done, Verdict.FAIL, Verdict.PASS))
        breaks = tuple(f"{name}/{hop}" for hop in _turned(before, done, Verdict.PASS, Verdict.FAIL))
        return ProvenChange(change.id, mends, breaks, self.newly(change) if change.deployment == name else ())

    def newly(self, change: Change) -> tuple[Excess, ...]:
        """What is granted beyond need with the change and not without, and is not what the rest of the plan needs."""
        if not change.grants:
            return ()
        with_it = required(self._plan, [change.id])
        before, done = (self._excess(ids) for ids in (with_it - {change.id}, with_it))
        beyond = _given(self._excess(self._whole)) - _given(before)
        return tuple(each for each in done if not beyond.isdisjoint(_given([each])))

    @cached_property
    def _whole(self) -> frozenset[str]:
        """All that is pending for the deployment, with what it requires."""
        name = self._deployment.name
        return required(self._plan, [each.id for each in self._plan.pending if each.deployment == name])

    def _hops_after(self, ids: frozenset[str]) -> Sequence[_Hop]:
        """The hops after these changes, of which those count that are about a document of the deployment."""
        changes = (self._plan[each] for each in sorted(ids, key=self._order.__getitem__))
        own = (each for each in changes if each.pending and each.address in self._world.documents)
        documents = self._later(own)
        return self._way("way", documents, self._find).hops(documents)

    def _find(self, documents: Mapping[Address, Seen]) -> _Way:
        """A way that is like one before is that one: what was made on it serves again."""
        found = route(self._world.having(documents), self._deployment)
        known = next((each for each in self._ways if each.route == found), None)
        if known is None:
            known = _Way(self._world, found)
            self._ways.append(known)
        return known


class _Way:
    def __init__(self, world: World, found: Route) -> None:
        self.route = found
        self._world, self._makings = world, makings(found)
        self._hop = Recall[_Hop | None]()

    def hops(self, documents: Mapping[Address, Seen]) -> Sequence[_Hop]:
        hops = (self._hop(make, documents, partial(self._made, make)) for make in self._makings)
        return [hop for hop in hops if hop]

    def _made(self, make: Making, documents: Mapping[Address, Seen]) -> _Hop | None:
        link = make(Scene(self._world.having(documents), self.route))
        return None if link is None else _Hop(link)


def _given(excesses: Iterable[Excess]) -> frozenset[tuple[str, str, str]]:
    """Who may do what on what."""
    grants = (grant for each in excesses for grant in each.grants)
    return frozenset((grant.principal, action, grant.resource) for grant in grants for action in grant.actions)


def _turned(before: Sequence[_Hop], done: Sequence[_Hop], one: Verdict, other: Verdict) -> Iterator[str]:
    """The ids of the hops whose verdict turns from the one to the other."""
    known = {hop.link.id: hop for hop in before}
    for hop in done:
        then = known.get(hop.link.id)
        if then is not None and then is not hop and then.verdict is one and hop.verdict is other:
            yield hop.link.id


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
