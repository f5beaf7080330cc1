"""What a check looks at: one deployment as its live pipeline has it, in a world, with its chain.

Every answer is the thing, or None where it does not exist. What kept it from being seen is raised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from reconcile import declaration
from reconcile.desired import Account, Deployment
from reconcile.errors import Blocked, XacctError
from reconcile.policy.request import HeldPolicy
from reconcile.proof import places
from reconcile.proof.resources import Bucket, Key, Role
from reconcile.proof.values import Hop
from reconcile.proof.world import World

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Act:
    """An action of the pipeline. ``account`` is the id of the account it acts in."""

    place: str
    raw: Mapping[str, Any]
    account: str
    region: str

    @property
    def role_arn(self) -> str:
        """The role it assumes; empty for none."""
        return str(self.raw.get("roleArn", ""))

    @property
    def sort(self) -> tuple[str, str]:
        """Category and provider, as in ``("Deploy", "S3")``."""
        return self.raw["actionTypeId"]["category"], self.raw["actionTypeId"]["provider"]

    def setting(self, key: str) -> str:
        """One of its configuration; empty where it is not there."""
        return str(self.raw.get("configuration", {}).get(key, ""))

    def artifacts(self, direction: str) -> list[str]:
        """The names of its ``input`` or ``output`` artifacts."""
        return [each["name"] for each in self.raw.get(f"{direction}Artifacts", [])]


@dataclass(frozen=True, slots=True)
class Store:
    """An artifact store of the pipeline."""

    place: str
    region: str
    is_home: bool
    """Whether it is the one of the pipeline's own region."""
    bucket: str
    bucket_arn: str
    key_id: str
    """As it is written; empty for none."""


class Scene:
    """One deployment in a world."""

    def __init__(self, world: World, deployment: Deployment, hops: tuple[Hop, ...]) -> None:
        self.world, self.deployment, self.hops = world, deployment, hops

    @property
    def dev(self) -> Account:
        """The account of the pipeline."""
        return self.world.config.pipeline_account(self.deployment)

    @property
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
    def actions(self) -> tuple[Act, ...]:
        """Every action, in order."""
        return tuple(self._act(stage, one) for stage in self.pipeline.get("stages", []) for one in stage["actions"])

    @cached_property
    def deploy(self) -> Act | None:
        """The deploy action; None where there is none, or nobody can tell which it is."""
        output = self.deployment.output
        try:
            found = declaration.deploy_action(dict(self.pipeline), output.stage, output.action)
        except Blocked:
            return None
        return next(each for each in self.actions if each.raw is found)

    @cached_property
    def stores(self) -> tuple[Store, ...]:
        """The artifact stores; none where there is no pipeline."""
        many = self.pipeline.get("artifactStores")
        one = self.pipeline.get("artifactStore")
        found: Mapping[str, Any] = many or ({self.dev.region: one} if one else {})
        return tuple(self._store(region, store, named=bool(many)) for region, store in found.items())

    @cached_property
    def artifact_keys(self) -> frozenset[str]:
        """The ARNs of the keys of the stores, those that do not exist too; without pipeline, of the TOML's key."""
        named = [(store, self.key_of(store)) for store in self.stores]
        found = {key.arn if key else store.key_id for store, key in named if key or store.key_id.startswith("arn:")}
        if not self.pipeline and (key := seen(self.world.key(self._declared_key, self.dev))):
            found.add(key.arn)
        return frozenset(found)

    @property
    def key_policies(self) -> Iterator[tuple[str, HeldPolicy]]:
        """The ARN and the policy of each of them."""
        for arn in sorted(self.artifact_keys):
            if key := seen(self.world.key(arn, self.dev)):
                yield key.arn, readable(key.policy)

    @property
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
        live = [each.setting("S3Bucket") for each in self.actions if each.sort == ("Source", "S3")]
        return tuple(dict.fromkeys(live)) or (self.deployment.source.bucket,)

    @property
    def output_bucket(self) -> str:
        """The name of the bucket that is deployed to."""
        return (self.deploy.setting("BucketName") if self.deploy else "") or self.deployment.output.bucket

    @property
    def output(self) -> Bucket | None:
        """The bucket that is deployed to."""
        return self.bucket(self.output_bucket, self.prod)

    @property
    def service_role(self) -> str:
        """The ARN of the role that the pipeline runs as."""
        return self.world.service_role_arn(self.deployment)

    @property
    def deploy_role(self) -> str:
        """The ARN of the role that writes the output: the deploy action's, else the TOML's."""
        return (self.deploy and self.deploy.role_arn) or self.world.deploy_role_arn(self.deployment)

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
        return seen(self.world.key(store.key_id, self.dev)) if store.key_id else None

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
    def _declared_key(self) -> str:
        return self.deployment.key.arn or self.deployment.key.alias

    def _act(self, stage: Mapping[str, Any], raw: Mapping[str, Any]) -> Act:
        place = f"{self.place}, action {stage['name']}/{raw['name']}"
        account = places.account_id(raw.get("roleArn", "")) or self.dev.id
        return Act(place, raw, account, raw.get("region") or self.dev.region)

    def _store(self, region: str, store: Mapping[str, Any], *, named: bool) -> Store:
        bucket = store.get("location", "")
        return Store(
            f"{self.place}, artifact store {region}" if named else f"{self.place}, artifactStore",
            region,
            region == self.dev.region,
            bucket,
            self.bucket_arn(bucket),
            (store.get("encryptionKey") or {}).get("id", ""),
        )


def seen(found: T | XacctError) -> T:
    """Return what was found; raises what kept it from being seen."""
    if isinstance(found, XacctError):
        raise found
    return found


def readable(held: HeldPolicy) -> HeldPolicy:
    """Return the policy, absent or not; raises where it could not be seen."""
    if held.unreadable:
        raise XacctError(f"{held.account}: {held.name}: {held.unreadable}")
    return held
