"""What is live and lets every request through that rests on a change: nothing of it has to be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from reconcile.desired import Deployment
from reconcile.policy.request import Answer, Decision, Effect, HeldPolicy, Reason, Side
from reconcile.proof import places
from reconcile.proof.asking import Ask, Item, Setting
from reconcile.proof.chain import chain
from reconcile.proof.judging import decide
from reconcile.proof.route import route, wanted_key
from reconcile.proof.values import Verdict
from reconcile.proof.world import World


@dataclass(frozen=True, slots=True)
class _Instead:
    """What the live pipeline uses in place of what the TOML names."""

    arn: str
    made_by: str
    """The slug by which the TOML's would come about."""
    chosen_by: str
    """The slug by which the pipeline would use the TOML's."""

    def concerns(self, item: Item) -> bool:
        """Whether an item is about it."""
        if isinstance(item, Setting):
            return self.made_by in item.rests
        asked = item.request
        return self.arn in (asked.caller.arn, asked.resource) or asked.resource.startswith(f"{self.arn}/")


def served(world: World, name: str) -> frozenset[str]:
    """The slugs on which requests and settings rest, none of which lacks anything on their side.

    What the pipeline uses in place of what the TOML names serves as a whole or not at all: what lacks of it will not
    be given to it, so the pipeline has to use the TOML's.
    """
    deployment = world.config.deployments[name]
    found = [(item, _each(item)) for link in chain(world, deployment) for item in link.items]
    rests = {slug for _, sides in found for slugs, _ in sides for slug in slugs}
    open_ones = {slug for _, sides in found for slugs, good in sides if not good for slug in slugs}
    for each in _instead(world, deployment):
        sides = [side for item, of_item in found if each.concerns(item) for side in of_item]
        if not all(good for _, good in sides):
            open_ones.update((each.chosen_by, *(slug for slugs, _ in sides for slug in slugs)))
    return frozenset(rests - open_ones)


def denied(world: World, name: str) -> Mapping[str, str]:
    """Why slugs cannot serve, though no grant lacks: what rests on them is denied, or a boundary does not allow it."""
    deployment, found = world.config.deployments[name], dict[str, str]()
    elsewhere = tuple(_instead(world, deployment))
    for item in (item for link in chain(world, deployment) for item in link.items if isinstance(item, Ask)):
        if not any(each.concerns(item) for each in elsewhere):
            for reason in _among_members(item, bounded=True).reasons:
                if why := _hindering(reason):
                    slugs = item.rests.get(reason.side) or [slug for slugs in item.rests.values() for slug in slugs]
                    found.update(dict.fromkeys(slugs, why))
    return found


def _hindering(reason: Reason) -> str:
    """Why no grant helps; empty where one would."""
    if reason.effect is Effect.DENIES:
        named = reason.sid or f"Statement[{reason.statement}]"
        return f"{named} of {reason.policy} in {reason.account} denies it: change that statement first"
    if reason.side is Side.BOUNDARY and reason.effect is Effect.MISSING:
        return f"{reason.policy} in {reason.account} does not allow it: change that first"
    return ""


def _instead(world: World, deployment: Deployment) -> Iterator[_Instead]:
    way = route(world, deployment)
    store = way.store(way.account.region)
    bucket = f"arn:{way.account.partition}:s3:::"
    if store.bucket != deployment.artifacts.bucket:
        yield _Instead(f"{bucket}{store.bucket}", "artifact-bucket", "pipeline")
    key = world.key_arn(store.key, way.account) or store.key
    if key and key != wanted_key(world, deployment):
        yield _Instead(key, "key", "pipeline-key")
    if way.service_role.rpartition("/")[2] != deployment.service_role.name:
        yield _Instead(way.service_role, "service-role", "pipeline")
    if way.deploy is None:
        return
    if way.deploy.role not in ("", world.deploy_role_arn(deployment)):
        yield _Instead(way.deploy.role, "deploy-role", "deploy-action-role")
    output = way.deploy.configuration.get("BucketName", "")
    if output != deployment.output.bucket:
        yield _Instead(f"{bucket}{output}", "output-bucket", "pipeline")


def _each(item: Item) -> list[tuple[tuple[str, ...], bool]]:
    """Slugs, and whether what rests on them is as it has to be; a request that rests on none is one too."""
    if isinstance(item, Setting):
        return [(item.rests, item.verdict is Verdict.PASS)]
    decision = _among_members(item)
    sides = [(slugs, _lets_through(item, decision, side)) for side, slugs in item.rests.items()]
    return sides or [((), decision.answer is Answer.ALLOWED)]


def _among_members(ask: Ask, *, bounded: bool = False) -> Decision:
    """What the two accounts themselves decide: what limits them from above is not theirs to write.

    Nor is a boundary, unless another role, without it, may do the same: that of a rule.
    """
    bounded = bounded or any("trigger" in slugs for slugs in ask.rests.values())
    boundary = ask.policies.boundary if bounded else None
    return decide(replace(ask, policies=replace(ask.policies, scps=(), rcps=(), boundary=boundary)))[1]


def _lets_through(ask: Ask, decision: Decision, side: Side) -> bool:
    """Across accounts each side has to allow for itself; within one account they do so together."""
    if decision.answer is Answer.ALLOWED:
        return True
    across = ask.request.owner != places.account_id(ask.request.caller.arn)
    return across and _among_members(_by_itself(ask, side)).answer is Answer.ALLOWED


def _by_itself(ask: Ask, side: Side) -> Ask:
    """The same where the other side lets everyone do everything."""
    if side is not Side.IDENTITY:
        return replace(ask, policies=replace(ask.policies, identity=(_EVERYTHING,)))
    trust = ask.request.action.startswith("sts:")
    return replace(ask, policies=replace(ask.policies, resource=_TO_ANYONE if trust else _EVERYTHING_TO_ANYONE))


def _allowing(**more: str) -> HeldPolicy:
    return HeldPolicy("", "", {"Statement": {"Effect": "Allow", "Action": "*", **more}})


_EVERYTHING = _allowing(Resource="*")
_EVERYTHING_TO_ANYONE = _allowing(Principal="*", Resource="*")
_TO_ANYONE = _allowing(Principal="*")
"""A trust policy names no resource."""
