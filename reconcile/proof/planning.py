"""Plans of deployments that want no more than that the deployment works: ``grants = "sufficient"``.

What is live and lets every request through that rests on a want serves, however it was written. What lacks is filled
with the least privilege; nothing is widened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from reconcile import engine
from reconcile.change import Action, Change, Plan
from reconcile.clients import Clients
from reconcile.desired import Config
from reconcile.engine.live import Further, Live, SoFar
from reconcile.engine.plan import blocked_by
from reconcile.events import Observer, ignore
from reconcile.proof.values import Excess


def read(
    config: Config,
    clients: Clients,
    *,
    only: Sequence[str] = (),
    observe: Observer = ignore,
    growing: Callable[[SoFar], None] = lambda _so_far: None,
    further: Further | None = None,
) -> Live:
    """Every document that the wants selected by ``only`` need; nothing is written. See :func:`reconcile.engine.read`.

    Whether what is live is enough rests on all that a proof reads: for deployments that want that, it is read too.
    """
    if further is None and _modest(config):
        from reconcile.proof.looking import for_proof  # late, since most plans do without

        further = for_proof
    return engine.read(config, clients, only=only, observe=observe, growing=growing, further=further)


def plan(config: Config, live: Live) -> Plan:
    """Every selected change, and what it rests on as far as that is not in place.

    Of a set-up that is still being read, only what was read is planned; see :attr:`reconcile.Live.final`. What is
    enough is known only in the end, so deployments that want that are planned then.
    """
    names = _modest(config)
    if not names:
        return engine.plan(config, live)
    if live.awaited:
        found = engine.plan(config, live)
        return replace(found, changes=tuple(each for each in found.changes if each.deployment not in names))
    served = _served(config, live, names)
    found = _unwidened(config, live, engine.plan(config, live, serves=lambda want: want.id in served), names)
    return _undenied(config, live, found, names)


def _modest(config: Config) -> list[str]:
    """The deployments that want no more than that they work."""
    return [name for name, deployment in config.deployments.items() if deployment.grants == "sufficient"]


def _served(config: Config, live: Live, names: Iterable[str]) -> frozenset[str]:
    """The ids of the wants of these deployments that what is live serves."""
    from reconcile.proof.sufficient import served  # late, since most plans do without
    from reconcile.proof.world import World

    world = World(config, live.documents)
    return frozenset(f"{name}/{slug}" for name in names for slug in served(world, name))


def _unwidened(config: Config, live: Live, found: Plan, names: Iterable[str]) -> Plan:
    """The plan with each change of these deployments blocked that would also grant what the deployment does not need.

    Such as attaching a policy that has the name of the TOML, and says more than the deployment asks for.
    """
    from reconcile.proof.comparison import widening  # late, as above

    wide = widening(config, live, found, {change.id for change in found.pending if change.deployment in names})
    return _blocked(found, {change_id: _too_much(excesses[0]) for change_id, excesses in wide.items()})


def _undenied(config: Config, live: Live, found: Plan, names: Iterable[str]) -> Plan:
    """The plan with each change of these deployments blocked that looks in sync, and a statement denies what it is for.

    Such as a Deny whose condition only the proof can decide.
    """
    from reconcile.proof.planned import after  # late, as above
    from reconcile.proof.sufficient import denied
    from reconcile.proof.world import World

    world = World(config, after(config, live.documents, found.pending))
    reasons = {f"{name}/{slug}": why for name in names for slug, why in denied(world, name).items()}
    in_sync = {change.id for change in found.changes if change.action is Action.NONE}
    return _blocked(found, {change_id: why for change_id, why in reasons.items() if change_id in in_sync})


def _blocked(found: Plan, reasons: Mapping[str, str]) -> Plan:
    """The plan with these changes blocked for these reasons, and what requires those of them that were pending."""
    changes: list[Change] = []
    unmade: dict[str, Change] = {}
    for change in found.changes:
        told = change
        if change.id in reasons:
            told = replace(change, action=Action.BLOCKED, reason=reasons[change.id])
        elif change.pending and (missing := [unmade[each] for each in change.requires if each in unmade]):
            told = blocked_by(missing[0], change)
        if told is not change and change.pending:
            unmade[change.id] = told
        changes.append(told)
    return replace(found, changes=tuple(changes))


def _too_much(excess: Excess) -> str:
    grant = excess.grants[0]
    given = f"{', '.join(grant.actions)} on {grant.resource}"
    return (
        f"statement {excess.sid or excess.statement} of {excess.policy} would come into force, "
        f"which also grants {given}: change it, or give the TOML another name"
    )
