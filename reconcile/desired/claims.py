"""What deployments say of things that they share, such as a role: they must not contradict each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconcile.desired.wording import Problem, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconcile.desired.config import Config
    from reconcile.desired.deployment import Deployment
    from reconcile.desired.models import Account


@dataclass(frozen=True, slots=True)
class Claim:
    """What one key of a deployment says of one thing."""

    deployment: str
    path: tuple[str, ...]
    """Of the key, below the deployment."""
    found: str
    """What stands there."""
    thing: str
    aspect: str
    value: str
    """What stands there, or who owns the thing: the same in all claims about this aspect of it."""

    @property
    def key(self) -> str:
        """The dotted key in the TOML."""
        return ".".join(("deployments", self.deployment, *self.path))


def clashes(config: Config, deployment: Deployment, claimed: dict[tuple[str, str], Claim]) -> Iterator[Problem]:
    """Yield what contradicts an earlier claim, of any deployment; new claims are added to ``claimed``."""
    for claim in _claims(config, deployment):
        first = claimed.setdefault((claim.thing, claim.aspect), claim)
        if first.value != claim.value:
            yield Problem(claim.path, quoted(claim.found), _allowed(first))


def _allowed(first: Claim) -> str:
    if first.value == first.found:
        return f"{quoted(first.value)}, because {first.key} says so of {first.thing}"
    return f"another one, because {first.key} names {first.thing} ({first.value})"


def _claims(config: Config, deployment: Deployment) -> Iterator[Claim]:
    pipeline, target = config.pipeline_account(deployment), config.target_account(deployment)
    yield _pipeline(deployment, pipeline)
    yield from _roles(deployment, pipeline, target)
    yield from _buckets(deployment, pipeline, target)
    yield _destination(deployment)
    if deployment.key.alias and deployment.key.arn:
        alias = f"{deployment.key.alias} of account {pipeline.id} in {pipeline.region}"
        arn = deployment.key.arn
        yield Claim(deployment.name, ("key", "arn"), arn, alias, "key", arn)


def _pipeline(deployment: Deployment, account: Account) -> Claim:
    name = deployment.pipeline
    thing = f"pipeline {name} of account {account.id} in {account.region}"
    return Claim(deployment.name, ("pipeline",), name, thing, "owner", f"deployment {deployment.name}")


def _roles(deployment: Deployment, pipeline: Account, target: Account) -> Iterator[Claim]:
    for table, account, role in (
        ("service_role", pipeline, deployment.service_role),
        ("deploy_role", target, deployment.deploy_role),
    ):
        # IAM tells names apart without regard to case, whatever their path.
        thing = f"role {role.name.lower()} of account {account.id}"
        yield Claim(deployment.name, (table, "path"), role.path, thing, "path", role.path)
        boundary = role.permissions_boundary
        key = ("permissions_boundary",)
        own = () if boundary in {"", deployment.permissions_boundary} else (table,)
        yield Claim(deployment.name, own + key, boundary, thing, "boundary", boundary)


def _buckets(deployment: Deployment, pipeline: Account, target: Account) -> Iterator[Claim]:
    """Bucket names are unique in the world: one bucket is in one account and region."""
    inner = f"account {pipeline.id} in {pipeline.region}"
    outer = f"account {target.id} in {deployment.output.region}"
    places = {"artifacts": (deployment.artifacts.bucket, inner), "output": (deployment.output.bucket, outer)}
    if deployment.source:
        places["source"] = (deployment.source.bucket, inner)
    for table, (bucket, place) in places.items():
        yield Claim(deployment.name, (table, "bucket"), bucket, f"bucket {bucket}", "owner", place)


def _destination(deployment: Deployment) -> Claim:
    """Two deployments to one place would overwrite each other's files."""
    output = deployment.output
    prefix = output.object_key.strip("/")
    thing = f"s3://{output.bucket}/{prefix}"
    owner = f"deployment {deployment.name}"
    return Claim(deployment.name, ("output", "bucket"), output.bucket, thing, "owner", owner)
