"""What a chain consists of before it is judged: requests with the policies that decide them, and settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconcile import contexts
from reconcile.errors import XacctError
from reconcile.policy.request import Caller, CallerType, Context, HeldPolicy, Policies, Request, Side
from reconcile.proof import organization, places
from reconcile.proof.resources import Bucket, Key, Role
from reconcile.proof.values import Verdict
from reconcile.proof.world import World

Rests = Mapping[Side, tuple[str, ...]]
"""Slugs of the deployment's changes, by the side of a request that they are about."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that policies must allow."""

    title: str
    request: Request
    policies: Policies
    rests: Rests = field(default_factory=dict, hash=False)
    assumed: Request | None = None
    """The same, as it is by what a proof takes for granted; where policies let that through, it is allowed."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that has to be as it is needed; ``rests`` are the slugs of the changes that see to it."""

    title: str
    verdict: Verdict
    told: str
    rests: tuple[str, ...] = ()


Item = Ask | Setting


@dataclass(frozen=True, slots=True)
class Link:
    """One hop before it is judged; see :class:`reconcile.proof.values.Hop`."""

    id: str
    title: str
    source: str
    target: str
    source_account: str
    target_account: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes requests, with the policies that are its own."""

    caller: Caller
    account: str
    account_id: str
    name: str
    """For people: ``role prods3role``."""
    identity: tuple[HeldPolicy, ...] = ()
    boundary: HeldPolicy | None = None
    in_network: bool = False
    """Whether it may call from a network of the account's own, as builds do."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked of: an ARN, the id of the account that owns it, and the policy that hangs on it."""

    arn: str
    owner: str
    policy: HeldPolicy | None


def role(world: World, arn: str) -> Actor:
    """A role as the one who asks; one that does not exist has no policies, one that was not seen may have any."""
    number, name = places.account_id(arn), f"role {arn.rpartition('/')[2]}"
    account, found = world.account(number), world.role(arn)
    caller = Caller(CallerType.ROLE, arn)
    if isinstance(found, Role):
        caller = Caller(CallerType.ROLE, arn, unique_id=found.unique_id)
        none = HeldPolicy(account, f"policies of {name}", None)
        return Actor(caller, account, number, name, found.identity or (none,), found.boundary)
    if found is None:
        return Actor(caller, account, number, name, (HeldPolicy(account, f"policies of {name}", None),))
    unseen = HeldPolicy(account, f"policies of {name}", None, unreadable=str(found))
    bounds = HeldPolicy(account, f"permissions boundary of {name}", None, unreadable=str(found))
    return Actor(caller, account, number, name, (unseen,), bounds)


def service(name: str) -> Actor:
    """A service of AWS as the one who asks."""
    return Actor(Caller(CallerType.SERVICE, name), "", "", name)


def trust(world: World, arn: str) -> Target:
    """A role as what is asked for."""
    number, name = places.account_id(arn), f"trust policy of role {arn.rpartition('/')[2]}"
    return Target(arn, number, world.trust(arn) or HeldPolicy(world.account(number), name, None))


def bucket(found: Bucket | XacctError | None, name: str, account: str, owner: str, partition: str) -> Target:
    """A bucket; ``account`` and its id ``owner`` are where it is expected, for one that was not found there."""
    arn = f"arn:{partition}:s3:::{name}"
    if isinstance(found, Bucket):
        return Target(arn, found.account_id, found.policy)
    return Target(arn, owner, _of(found, account, f"policy of bucket {name}"))


def key(found: Key | XacctError | None, arn: str, account: str) -> Target:
    """A key; ``arn`` as it would be, for one that was not found."""
    if isinstance(found, Key):
        return Target(found.arn, found.account_id, found.policy)
    return Target(arn, places.account_id(arn), _of(found, account, f"key policy of {arn.rpartition('/')[2]}"))


def _of(found: XacctError | None, account: str, name: str) -> HeldPolicy:
    return HeldPolicy(account, name, None, unreadable="" if found is None else str(found))


class Asking:
    """Puts requests together with all policies that have a say in them."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __call__(
        self, title: str, actor: Actor, action: str, target: Target, context: Context, rests: Rests | None = None
    ) -> Ask:
        """One request."""
        policies = Policies(
            identity=actor.identity,
            resource=target.policy,
            boundary=actor.boundary,
            scps=organization.levels(self._world, "scp", actor.account_id) if actor.account_id else (),
            rcps=organization.levels(self._world, "rcp", target.owner),
        )
        network = {} if actor.in_network else contexts.OUTSIDE
        context = {**network, **context, **organization.known(self._world, actor.account_id, target.owner)}
        return Ask(title, Request(actor.caller, action, target.arn, target.owner, context), policies, rests or {})


def exists(title: str, what: str, found: object, rests: Iterable[str]) -> Setting:
    """That something is there; ``what`` names it."""
    if isinstance(found, XacctError):
        return Setting(title, Verdict.UNKNOWN, f"{what} could not be read: {found}", tuple(rests))
    if found is None:
        return Setting(title, Verdict.FAIL, f"{what} does not exist", tuple(rests))
    return Setting(title, Verdict.PASS, f"{what} exists", tuple(rests))


def must(title: str, holds: bool | None, good: str, bad: str, rests: Iterable[str] = ()) -> Setting:
    """That something holds; None: not known, and ``bad`` says why."""
    if holds is None:
        return Setting(title, Verdict.UNKNOWN, bad, tuple(rests))
    return Setting(title, Verdict.PASS if holds else Verdict.FAIL, good if holds else bad, tuple(rests))


def under(target: Target, path: str) -> Target:
    """The objects of a bucket under a path: ``*`` for all."""
    return Target(f"{target.arn}/{path}", target.owner, target.policy)
