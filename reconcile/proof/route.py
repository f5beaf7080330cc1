"""The way of a deployment, as the live pipeline goes it; as the TOML says where there is no pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconcile import addresses, declaration
from reconcile.desired import Account, Deployment
from reconcile.errors import Blocked, XacctError
from reconcile.proof.world import World
from reconcile.references import references, resolve

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """One action of the pipeline."""

    stage: str
    name: str
    category: str
    provider: str
    """Of AWS; ``Owner:Provider`` for what is not AWS's own."""
    role: str
    """The ARN of the role it acts as; empty: the pipeline's own."""
    region: str
    configuration: Mapping[str, str] = field(hash=False)
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    @property
    def told(self) -> str:
        """For people: ``Deploy/Deploy``."""
        return f"{self.stage}/{self.name}"


@dataclass(frozen=True, slots=True)
class Store:
    """An artifact store. ``key`` is as the pipeline writes it, empty for none."""

    region: str
    bucket: str
    key: str


@dataclass(frozen=True, slots=True)
class Route:
    """What a deployment goes through."""

    deployment: Deployment
    account: Account
    """Of the pipeline."""
    target: Account
    pipeline: Document | XacctError | None = field(hash=False)
    """What was found of it; the rest is from the TOML where that is no declaration."""
    service_role: str
    stores: Mapping[str, Store] = field(hash=False)
    """By region."""
    actions: tuple[Action, ...]
    deploy: Action | None
    """The deployment's own deploy action."""
    problem: str = ""
    """Why there is none."""

    def store(self, region: str) -> Store:
        """The store that actions of a region use: that region's, else the only one there is."""
        return self.stores.get(region) or next(iter(self.stores.values()))

    @property
    def sources(self) -> tuple[Action, ...]:
        """The S3 source actions."""
        return tuple(each for each in self.actions if (each.category, each.provider) == ("Source", "S3"))

    @property
    def others(self) -> tuple[Action, ...]:
        """All that is neither an S3 source nor the deployment's own deploy action."""
        return tuple(each for each in self.actions if each is not self.deploy and each not in self.sources)


def route(world: World, deployment: Deployment) -> Route:
    """The route in this state of the accounts."""
    account = world.config.pipeline_account(deployment)
    live = world.pipeline(deployment)
    declared = live if isinstance(live, dict) else _of_toml(world, deployment)
    actions = tuple(_actions(declared, account.region))
    deploy, problem = _deploy(declared, deployment, actions)
    return Route(
        deployment,
        account,
        world.config.target_account(deployment),
        live,
        str(declared["roleArn"]),
        {each.region: each for each in _stores(declared, account.region)},
        actions,
        deploy,
        problem,
    )


def _of_toml(world: World, deployment: Deployment) -> Document:
    """The declaration that would be made, with what is known put in place of its references."""
    wanted = declaration.wanted(world.config, deployment)
    known = {
        addresses.service_role(world.config, deployment, "arn"): world.service_role_arn(deployment),
        addresses.deploy_role(world.config, deployment, "arn"): world.deploy_role_arn(deployment),
        addresses.key_arn(world.config, deployment): wanted_key(world, deployment),
    }
    names = {name: text for told, text in known.items() for name in references(told)}
    resolved: Document = resolve(wanted, names)
    return resolved


def wanted_key(world: World, deployment: Deployment) -> str:
    """The ARN of the TOML's key, or its alias where there is no such key."""
    named = deployment.key.arn or deployment.key.alias
    return world.key_arn(named, world.config.pipeline_account(deployment)) or named


def _stores(declared: Document, region: str) -> Iterator[Store]:
    stores: Mapping[str, Any] = declared.get("artifactStores") or {region: declared.get("artifactStore", {})}
    for where, store in stores.items():
        yield Store(where, str(store.get("location", "")), str(store.get("encryptionKey", {}).get("id", "")))


def _actions(declared: Document, region: str) -> Iterator[Action]:
    for stage in declared.get("stages", []):
        for one in stage["actions"]:
            yield _action(stage["name"], one, region)


def _action(stage: str, one: Mapping[str, Any], region: str) -> Action:
    kind = one["actionTypeId"]
    own = kind["provider"] if kind["owner"] == "AWS" else f"{kind['owner']}:{kind['provider']}"
    inputs, outputs = (
        tuple(each["name"] for each in one.get(side, ())) for side in ("inputArtifacts", "outputArtifacts")
    )
    return Action(
        stage,
        one["name"],
        kind["category"],
        own,
        str(one.get("roleArn") or ""),
        one.get("region") or region,
        one.get("configuration", {}),
        inputs,
        outputs,
    )


def _deploy(declared: Document, deployment: Deployment, actions: tuple[Action, ...]) -> tuple[Action | None, str]:
    try:
        found = declaration.deploy_action(declared, deployment.output.stage, deployment.output.action)
    except Blocked as blocked:
        return None, str(blocked)
    stage = next(name for name, one in declaration.deploy_actions(declared) if one is found)
    return next(each for each in actions if (each.stage, each.name) == (stage, found["name"])), ""
