"""What a check looks at: one deployment as its live pipeline has it, in a world, with its chain.

Every answer is the thing, or None where it does not exist. What kept it from being seen is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, TypeVar

from reconcile.desired import Account, Deployment
from reconcile.errors import XacctError
from reconcile.policy.request import Effect, HeldPolicy, Reason, Request
from reconcile.proof import places
from reconcile.proof.checks.statements import problem_of
from reconcile.proof.resources import Bucket, Key, Role
from reconcile.proof.route import Action, Route, Store, route
from reconcile.proof.values import Hop, Verdict
from reconcile.proof.world import World

T = TypeVar("T")

Levels = Callable[[World, Literal["scp", "rcp"], str], tuple[tuple[HeldPolicy, ...], ...]]
"""Gives the organization's policies over the account with this id, as :mod:`reconcile.proof.organization` does."""


class Subject:
    """One deployment in a world."""

    def __init__(self, world: World, deployment: Deployment, hops: tuple[Hop, ...], levels: Levels) -> None:
        self.world, self.deployment, self.hops, self.levels = world, deployment, hops, levels

    @cached_property
    def dev(self) -> Account:
        """The account of the pipeline."""
        return self.world.config.pipeline_account(self.deployment)

    @cached_property
    def prod(self) -> Account:
        """The account that is deployed to."""
        return self.world.config.target_account(self.deployment)

    @property
    def place(self) -> str:
        """What a person finds the pipeline by."""
        return f"pipeline {self.deployment.pipeline}"

    @cached_property
    def pipeline(self) -> Mapping[str, Any]:
        """The live declaration; empty where there is no pipeline."""
        return seen(self.world.pipeline(self.deployment)) or {}

    @cached_property
    def way(self) -> Route:
        """What the deployment goes through: of the TOML as far as the pipeline does not tell."""
        return route(self.world, self.deployment)

    @property
    def actions(self) -> tuple[Action, ...]:
        """Every action, in order; none where there is no pipeline."""
        return self.way.actions if self.pipeline else ()

    @cached_property
    def deploy(self) -> Action | None:
        """The deploy action; None where there is no pipeline, or nobody can tell which it is."""
        return self.way.deploy if self.pipeline else None

    @cached_property
    def stores(self) -> tuple[Store, ...]:
        """The artifact stores; none where there is no pipeline."""
        return tuple(self.way.stores.values()) if self.pipeline else ()

    def is_home(self, store: Store) -> bool:
        """Whether it is the store of the pipeline's own region."""
        return store.region == self.dev.region

    @property
    def shared_stores(self) -> Iterator[Store]:
        """The home store, and those that an action of another account takes from: their keys must be shared."""
        foreign = {each.region for each in self.actions if each is self.deploy or self.account_of(each) != self.dev.id}
        return (store for store in self.stores if self.is_home(store) or store.region in foreign)

    def place_of(self, what: Action | Store) -> str:
        """What a person finds an action or artifact store by."""
        if isinstance(what, Action):
            return f"{self.place}, action {what.told}"
        return f"{self.place}, artifactStore" + (f"s {what.region}" if "artifactStores" in self.pipeline else "")

    def account_of(self, action: Action) -> str:
        """The id of the account that an action acts in."""
        return places.account_id(action.role) or self.dev.id

    @cached_property
    def artifact_keys(self) -> frozenset[str]:
        """The ARNs of the keys of the stores, but for those that AWS manages; without pipeline, of the TOML's key."""
        named = [store.key for store in self.stores] if self.pipeline else [self.declared_key]
        found = [(name, seen(self.world.key(name, self.dev))) for name in named if name]
        return frozenset(
            key.arn if key else name
            for name, key in found
            if (key and key.manager != "AWS") or (key is None and name.startswith("arn:"))
        )

    @property
    def key_policies(self) -> Iterator[tuple[str, HeldPolicy]]:
        """The ARN and the policy of each of them."""
        for arn in sorted(self.artifact_keys):
            if key := seen(self.world.key(arn, self.dev)):
                yield key.arn, readable(key.policy)

    @cached_property
    def artifact_buckets(self) -> frozenset[str]:
        """The names of the buckets of the stores; without pipeline, the TOML's."""
        return frozenset({store.bucket for store in self.stores} or {self.deployment.artifacts.bucket})

    @property
    def artifact_policies(self) -> Iterator[tuple[str, HeldPolicy]]:
        """The ARN and the policy of each of them that exists."""
        for name in sorted(self.artifact_buckets):
            yield from ((self.bucket_arn(name), held) for held in self.bucket_policy(name))

    def is_artifact(self, resource: str) -> bool:
        """Whether this ARN is one of those buckets, or of an object in it."""
        return resource.partition("/")[0] in {self.bucket_arn(name) for name in self.artifact_buckets}

    @property
    def source_buckets(self) -> tuple[str, ...]:
        """The buckets of the S3 source actions; without pipeline, the TOML's. None where the source is left out."""
        if self.deployment.source is None:
            return ()
        live = [each.configuration.get("S3Bucket", "") for each in self.way.sources] if self.pipeline else []
        return tuple(dict.fromkeys(live)) or (self.deployment.source.bucket,)

    @property
    def output_bucket(self) -> str:
        """The name of the bucket that is deployed to."""
        return (self.deploy.configuration.get("BucketName") if self.deploy else "") or self.deployment.output.bucket

    @cached_property
    def output(self) -> Bucket | None:
        """The bucket that is deployed to."""
        return self.bucket(self.output_bucket, self.prod)

    @cached_property
    def output_keys(self) -> frozenset[str]:
        """The ARNs of the keys that the output is encrypted with: the action's, else the bucket's own; mostly none."""
        named = self.deploy.configuration.get("KMSEncryptionKeyARN", "") if self.deploy else ""
        if not named and self.output:
            named = seen(self.output.encryption).key
        key = seen(self.world.key(named, self.prod)) if named else None
        return frozenset({key.arn if key else named} - {""})

    @cached_property
    def service_role(self) -> str:
        """The ARN of the role that the pipeline runs as."""
        return self.world.service_role_arn(self.deployment)

    @cached_property
    def deploy_role(self) -> str:
        """The ARN of the role that writes the output: the deploy action's, else the TOML's."""
        return (self.deploy and self.deploy.role) or self.world.deploy_role_arn(self.deployment)

    @cached_property
    def acts_as_stranger(self) -> bool:
        """Whether the deploy action has a role of another account than the output bucket's."""
        owner = self.output.account_id if self.output else self.prod.id
        return bool(self.deploy and self.deploy.role) and places.account_id(self.deploy_role) != owner

    @cached_property
    def lacking(self) -> tuple[tuple[Request, Reason], ...]:
        """The chain's requests that are not allowed, each with each of its reasons."""
        steps = (step for hop in self.hops for step in hop.steps if step.request and step.verdict is not Verdict.PASS)
        asked = ((step.request, step.reasons) for step in steps if step.request)
        found = ((request, each) for request, reasons in asked if self._counts(request) for each in reasons)
        return tuple((request, each) for request, each in found if each.effect is not Effect.ALLOWS)

    def _counts(self, request: Request) -> bool:
        """Not for a role of another account than it should be, nor for a service role that does not exist."""
        if request.caller.arn == self.service_role and self.world.role(self.service_role) is None:
            return False
        return not (self.deploy_role in (request.caller.arn, request.resource) and self.acts_as_stranger)

    def role(self, arn: str) -> Role | None:
        """A role by its ARN."""
        return seen(self.world.role(arn))

    def identity(self, arn: str) -> Iterator[HeldPolicy]:
        """The policies of a role; none where there is no role."""
        role = self.role(arn)
        return (readable(each) for each in (role.identity if role else ()))

    def trust(self, arn: str) -> Iterator[HeldPolicy]:
        """The trust policy of a role; none where there is no role."""
        role = self.role(arn)
        return (readable(each) for each in ((role.trust,) if role else ()))

    def key_of(self, store: Store) -> Key | None:
        """The key of an artifact store; None also where none is named."""
        return seen(self.world.key(store.key, self.dev)) if store.key else None

    def bucket(self, name: str, account: Account | None = None) -> Bucket | None:
        """A bucket by its name, first looked for in this account (the pipeline's, for none)."""
        return seen(self.world.bucket(name, account or self.dev))

    def bucket_arn(self, name: str) -> str:
        """A bucket's ARN, in the pipeline's partition."""
        return f"arn:{self.dev.partition}:s3:::{name}"

    def bucket_policy(self, name: str, account: Account | None = None) -> Iterator[HeldPolicy]:
        """The policy of a bucket; none where there is no bucket."""
        found = self.bucket(name, account)
        return (readable(each) for each in ((found.policy,) if found else ()))

    @property
    def declared_key(self) -> str:
        """The key of the TOML, by its ARN or alias."""
        return self.deployment.key.arn or self.deployment.key.alias


def seen(found: T | XacctError) -> T:
    """Return what was found; raises what kept it from being seen."""
    if isinstance(found, XacctError):
        raise found
    return found


def readable(held: HeldPolicy) -> HeldPolicy:
    """Return the policy, absent or not; raises where it could not be seen, or is none."""
    if problem := held.unreadable or problem_of(held.document):
        raise XacctError(f"{held.account}: {held.name}: {problem}")
    return held
