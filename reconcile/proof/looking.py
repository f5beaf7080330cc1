"""What a proof reads beyond a plan's documents: it follows the live pipeline to all that it touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reconcile.change import Address
from reconcile.desired import Account, Config, Deployment
from reconcile.engine.live import Further, Reader, Seen
from reconcile.errors import XacctError
from reconcile.proof import organization, places
from reconcile.proof.resources import Bucket, Encryption, opens
from reconcile.proof.route import Action, Route, route
from reconcile.proof.sights import sights
from reconcile.proof.world import World

PUBLIC_ACLS = frozenset({"public-read", "public-read-write", "authenticated-read"})
"""The canned ACLs that BlockPublicAcls refuses."""

_OUTPUT = ("bucket-policy", "bucket-encryption", "bucket-ownership", "bucket-public-access")
_ARTIFACTS = ("bucket-policy", "bucket-encryption", "bucket-public-access")
_SOURCE = ("bucket-policy", "bucket-encryption", "bucket-versioning")


class _ForProof:
    """What a proof of the deployments asks for; see :class:`reconcile.engine.read.Further`."""

    @property
    def readers(self) -> Mapping[str, Reader]:
        """The sights."""
        return sights()

    def __call__(
        self, config: Config, deployments: frozenset[str], documents: Mapping[Address, Seen]
    ) -> Iterable[Address]:
        """Whatever the deployments touch, as far as these documents tell."""
        yield from organization.addresses(config)
        world = World(config, documents)
        for name in config.deployments:
            if name in deployments:
                yield from touched(world, config.deployments[name])


for_proof: Further = _ForProof()
"""Give it to :func:`reconcile.read` as ``further``, to prove what was read."""


def touched(world: World, deployment: Deployment) -> Iterator[Address]:
    """Every document that says something of the deployment's chain, as far as these documents tell."""
    way = route(world, deployment)
    account, target = way.account, way.target
    yield places.at(account, "pipeline", f"codepipeline:pipeline/{deployment.pipeline}")
    yield from _role(world, way.service_role, deployment.service_role.permissions_boundary)
    yield from _role(world, world.deploy_role_arn(deployment), deployment.deploy_role.permissions_boundary)
    yield from _starters(world, deployment)
    yield from _bucket(world, deployment.output.bucket, (target, account), _OUTPUT)
    for store in way.stores.values():
        yield from _bucket(world, store.bucket, (account,), _ARTIFACTS)
        yield from _key(world, store.key, account)
    for action in way.actions:
        yield from _action(world, way, action)


def _action(world: World, way: Route, action: Action) -> Iterator[Address]:
    if action.role:
        yield from _role(world, action.role)
    acting = places.owner(world.config, places.account_id(action.role)) or way.account
    settings = action.configuration
    if (action.category, action.provider) == ("Source", "S3"):
        yield from _bucket(world, settings.get("S3Bucket", ""), (acting, way.account), _SOURCE)
    if (action.category, action.provider) == ("Deploy", "S3"):
        expected = (acting, way.target) if action.role else (way.target, way.account)
        yield from _bucket(world, settings.get("BucketName", ""), expected, _OUTPUT)
        yield from _key(world, settings.get("KMSEncryptionKeyARN", ""), acting)
        if settings.get("CannedACL") in PUBLIC_ACLS:
            yield places.at(acting, "account-public-access", f"s3:account/{acting.id}")
    if action.provider == "CodeBuild" and settings.get("ProjectName"):
        yield from _project(world, acting, action)


def _project(world: World, account: Account, action: Action) -> Iterator[Address]:
    address = places.project(account, action.region, action.configuration["ProjectName"])
    yield address
    project = world.documents.get(address)
    if isinstance(project, dict):
        yield from _role(world, project["role"])
        yield from _key(world, project["key"], account)


def _starters(world: World, deployment: Deployment) -> Iterator[Address]:
    """What starts the pipeline, and the roles of those rules that do."""
    address = places.trigger(world.config, deployment)
    if address is None:
        return
    yield address
    if boundary := deployment.service_role.permissions_boundary:  # of a role that is made with a rule
        yield places.at(world.config.pipeline_account(deployment), "managed-policy", f"iam:policy/{boundary}")
    live = world.documents.get(address)
    for rule in live["rules"].values() if isinstance(live, dict) else ():
        for arn in rule.get("roles", ()):
            yield from _role(world, arn)


def _role(world: World, arn: str, bounded: str = "") -> Iterator[Address]:
    """The role, and what bounds it: ``bounded``, where it is made by a plan."""
    account = places.owner(world.config, places.account_id(arn))
    if account is None:
        return
    for kind in ("role", "role-id", "trust-policy"):
        yield places.role(account, arn, kind)
    address = places.role(account, arn)
    document = world.documents.get(address)
    if address in world.documents and not isinstance(document, XacctError):
        boundary = document["permissions_boundary"] if document else bounded
        if boundary:
            yield places.at(account, "managed-policy", f"iam:policy/{boundary}")


def _bucket(world: World, name: str, accounts: tuple[Account, ...], settings: tuple[str, ...]) -> Iterator[Address]:
    """The bucket where it is expected, and elsewhere only while that account says that it is not its own."""
    if not name or "#{" in name:
        return
    for account in {each.name: each for each in (*accounts, *world.config.accounts.values())}.values():
        address = places.bucket(account, name)
        yield address
        seen = world.documents.get(address)
        if not isinstance(seen, XacctError):
            if seen or address not in world.documents:
                yield from _settings(account, name, settings)
            break
    found = world.bucket(name, *accounts)
    if not isinstance(found, Bucket):
        return
    account = world.config.accounts[found.account]
    if isinstance(found.encryption, Encryption):
        yield from _key(world, found.encryption.key, account)
    if opens(found.policy):
        yield places.bucket(account, name, "bucket-public-access")
        yield places.at(account, "account-public-access", f"s3:account/{account.id}")


def _settings(account: Account, name: str, settings: tuple[str, ...]) -> Iterator[Address]:
    for kind in settings:
        yield places.bucket(account, name, kind)


def _key(world: World, name: str, account: Account) -> Iterator[Address]:
    address = world.key_address(name, account) if name and "${" not in name else None
    if address is not None:
        yield address
        yield replace(address, kind="key-policy")
