"""What values must agree on across tables: accounts, regions, and deployments that share something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconcile.desired.claims import Claim, clashes
from reconcile.desired.models import policy_owner
from reconcile.desired.wording import Problem, one_of, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconcile.desired.config import Config
    from reconcile.desired.deployment import Deployment
    from reconcile.desired.models import Account


def disagreements(config: Config) -> Iterator[Problem]:
    """Everything that can be seen to clash without asking AWS; nothing, if all agree."""
    yield from _unknown_to_proof(config)
    claimed: dict[tuple[str, str], Claim] = {}
    for deployment in config.deployments.values():
        here = ("deployments", deployment.name)
        problems = list(_unknown_accounts(config, deployment)) or [
            *_accounts(config, deployment),
            *_regions(config, deployment),
            *_arns(config, deployment),
            *clashes(config, deployment, claimed),
        ]
        yield from (Problem(here + problem.key, problem.found, problem.allowed) for problem in problems)


def _unknown_accounts(config: Config, deployment: Deployment) -> Iterator[Problem]:
    for field in ("pipeline_account", "target_account"):
        name = getattr(deployment, field)
        if name not in config.accounts:
            allowed = "a name under [accounts]: " + one_of(config.accounts, name)
            yield Problem((field,), quoted(name), allowed)


def _unknown_to_proof(config: Config) -> Iterator[Problem]:
    proof = config.proof
    named: list[tuple[tuple[str, ...], str]] = [(("organization",), proof.organization)] * bool(proof.organization)
    named += [((policy, name), name) for policy, files in (("scp", proof.scp), ("rcp", proof.rcp)) for name in files]
    for key, name in named:
        if name not in config.accounts:
            allowed = "a name under [accounts]: " + one_of(config.accounts, name)
            yield Problem(("proof", *key), quoted(name), allowed)


def _accounts(config: Config, deployment: Deployment) -> Iterator[Problem]:
    pipeline, target = config.pipeline_account(deployment), config.target_account(deployment)
    found = f"{quoted(target.name)} ({target.id}, {target.region})"
    if pipeline.id == target.id:
        yield Problem(("target_account",), found, f"another account than the pipeline's, {pipeline.id}")
    if pipeline.partition != target.partition:
        allowed = f"an account in the pipeline's partition, {pipeline.partition}"
        yield Problem(("target_account",), found, allowed)


def _regions(config: Config, deployment: Deployment) -> Iterator[Problem]:
    region, pipeline = deployment.output.region, config.pipeline_account(deployment)
    same_partition = pipeline.partition == config.target_account(deployment).partition
    if region != pipeline.region and same_partition:
        allowed = f"{pipeline.region}, the pipeline's region (cross-region is not supported yet)"
        yield Problem(("output", "region"), quoted(region), allowed)


def _arns(config: Config, deployment: Deployment) -> Iterator[Problem]:
    pipeline, target = config.pipeline_account(deployment), config.target_account(deployment)
    arn = deployment.key.arn
    owner = f"arn:{pipeline.partition}:kms:{pipeline.region}:{pipeline.id}:key/"
    if arn and not arn.startswith(owner):
        yield Problem(("key", "arn"), quoted(arn), f"a key of the pipeline's account and region, {owner}<key id>")
    for path, boundary, owners in (
        (("permissions_boundary",), deployment.permissions_boundary, (pipeline.id, target.id)),
        (("service_role", "permissions_boundary"), deployment.service_role.permissions_boundary, (pipeline.id,)),
        (("deploy_role", "permissions_boundary"), deployment.deploy_role.permissions_boundary, (target.id,)),
    ):
        if policy_owner(boundary) not in {"", "aws", *owners}:
            allowed = f"a policy of account {' or '.join(owners)}, or one managed by AWS"
            yield Problem(path, quoted(boundary), allowed)
    yield from _foreign_partitions(deployment, pipeline)


def _foreign_partitions(deployment: Deployment, pipeline: Account) -> Iterator[Problem]:
    key = deployment.key
    common = deployment.permissions_boundary
    arns: list[tuple[tuple[str | int, ...], str]] = [(("permissions_boundary",), common)]
    for table, role in (("service_role", deployment.service_role), ("deploy_role", deployment.deploy_role)):
        if role.permissions_boundary != common:
            arns.append(((table, "permissions_boundary"), role.permissions_boundary))
    arns += [(("key", "admins", index), arn) for index, arn in enumerate(key.admins)]
    arns += [(("key", "users", index), arn) for index, arn in enumerate(key.users)]
    for path, arn in arns:
        if arn and arn.split(":")[1] != pipeline.partition:
            yield Problem(path, quoted(arn), f"an ARN of the accounts' partition, arn:{pipeline.partition}:…")
