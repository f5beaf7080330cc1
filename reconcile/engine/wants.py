"""What a configuration asks for, all in all, and which want rests on which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from graphlib import TopologicalSorter

from reconcile.change import Address, Part, Want
from reconcile.desired import Config
from reconcile.errors import ConfigError, ConfigProblem
from reconcile.kinds import kinds
from reconcile.references import references, resolve


@dataclass(frozen=True, slots=True)
class Wants:
    """Wants in an order in which they can be met, with the ids that each must have in place before it."""

    ordered: tuple[Want, ...]
    requires: Mapping[str, tuple[str, ...]]
    after: Mapping[str, frozenset[str]]
    """The ids that come before each: those, and whatever makes what the want names."""
    shared_with: Mapping[str, tuple[str, ...]]
    """By id: whoever else wants the very same part; only those that share one."""

    def selected(self, only: Sequence[str]) -> frozenset[str]:
        """The ids that the globs name, by id or by deployment; all for no glob."""
        return frozenset(
            want.id
            for want in self.ordered
            if not only or any(fnmatchcase(want.id, glob) or fnmatchcase(want.deployment, glob) for glob in only)
        )

    def closure(self, ids: frozenset[str]) -> frozenset[str]:
        """These ids and all that they rest on."""
        found = set(ids)
        waiting = list(ids)
        while waiting:
            for each in self.requires[waiting.pop()]:
                if each not in found:
                    found.add(each)
                    waiting.append(each)
        return frozenset(found)


def wants_of(config: Config) -> Wants:
    """Every want of every deployment; raises ConfigError where two of them contradict each other."""
    wants = [
        _owned(want, deployment.report_only)
        for deployment in config.deployments.values()
        for kind in kinds().values()
        for want in kind.wants(config, deployment)
    ]
    _refuse_contradictions(config, wants)
    by_id = {want.id: want for want in wants}
    creators = _Creators(wants)
    requires = {want.id: _requirements(config, want, by_id, creators) for want in wants}
    after = {want.id: frozenset({*requires[want.id], *_named(want, creators)}) for want in wants}
    # sorted, since the order of a plan must not change from one process to the next
    ordered = TopologicalSorter({each: sorted(before) for each, before in after.items()}).static_order()
    return Wants(tuple(by_id[each] for each in ordered), requires, after, _sharing(wants))


def _sharing(wants: Sequence[Want]) -> dict[str, tuple[str, ...]]:
    wanting: dict[tuple[Address, Part], list[str]] = {}
    for want in wants:
        wanting.setdefault((want.address, want.part), []).append(want.id)
    return {
        each: tuple(other for other in sharers if other != each)
        for sharers in wanting.values()
        if len(sharers) > 1
        for each in sharers
    }


def _owned(want: Want, report_only: Sequence[str]) -> Want:
    foreign = any(fnmatchcase(want.slug, glob) for glob in report_only)
    return replace(want, managed=False) if foreign else want


class _Creators:
    """The wants that make a resource (``account/resource``) exist; several deployments may share it."""

    def __init__(self, wants: Sequence[Want]) -> None:
        self._all: dict[str, list[Want]] = {}
        self._own: dict[tuple[str, str], list[Want]] = {}
        for want in wants:
            if want.creates:
                resource = want.address.place
                self._all.setdefault(resource, []).append(want)
                self._own.setdefault((resource, want.deployment), []).append(want)

    def of(self, want: Want, resource: str) -> list[Want]:
        """Those of the want's own deployment, else the others'."""
        return self._own.get((resource, want.deployment)) or self._all.get(resource, [])


def _requirements(config: Config, want: Want, by_id: Mapping[str, Want], creators: _Creators) -> tuple[str, ...]:
    """Explicit ones, the maker of the resource itself, and of what AWS must know or have made before the write."""
    found = {f"{want.deployment}/{slug}" for slug in want.requires}
    if not want.creates:
        found |= {maker.id for maker in creators.of(want, want.address.place)}
    for name in references([want.value, want.part.of]):
        resource, _, attribute = name.rpartition("#")
        for maker in creators.of(want, resource):
            account = config.accounts[maker.address.account]
            known = kinds()[maker.address.kind].facts(account, maker.address, maker.value, None)
            if attribute == "principal" or attribute not in known:
                found.add(maker.id)
    return tuple(sorted((found & by_id.keys()) - {want.id}))


def _named(want: Want, creators: _Creators) -> set[str]:
    """Whatever makes what the want names comes before it, though it need not."""
    return {
        maker.id
        for name in references([want.value, want.part.of])
        for maker in creators.of(want, name.rpartition("#")[0])
        if maker.id != want.id
    }


def _refuse_contradictions(config: Config, wants: Sequence[Want]) -> None:
    """Two deployments may want the same of one part, never different things."""
    first: dict[object, Want] = {}
    for want in wants:
        other = first.setdefault((want.address, want.part), want)
        if other.value != want.value:
            raise ConfigError(
                ConfigProblem(
                    str(config.path),
                    0,
                    f"deployments.{want.deployment}",
                    f"another wish for {want.address.resource} ({want.slug}) than deployments.{other.deployment} has",
                    "the same value in both, or two different resources",
                )
            )


def known_texts(texts: Mapping[str, str], want: Want) -> Want:
    """The want with its references replaced as far as ``texts`` (reference → text) goes."""
    part = replace(want.part, of=tuple(resolve(list(want.part.of), texts)))
    grants = tuple(
        replace(grant, principal=resolve(grant.principal, texts), resource=resolve(grant.resource, texts))
        for grant in want.grants
    )
    return replace(want, value=resolve(want.value, texts), part=part, grants=grants)
