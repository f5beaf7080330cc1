"""The service role becomes prod's role, which reads and decrypts the artifact, writes the output, and owns it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from reconcile import contexts
from reconcile.errors import XacctError
from reconcile.policy.request import Side
from reconcile.proof import asking
from reconcile.proof.asking import Actor, Item, Link, Rests, Target, exists, must
from reconcile.proof.chain.scene import ARTIFACTS, SHARED_KEY, Making, Scene, encrypted, let_in, pattern
from reconcile.proof.looking import PUBLIC_ACLS
from reconcile.proof.places import account_id
from reconcile.proof.resources import Bucket
from reconcile.proof.route import Action, Route, Store

_ASSUME: Rests = {Side.IDENTITY: ("assume-policy",), Side.RESOURCE: ("trust-policy",)}
_OUTPUT: Rests = {Side.IDENTITY: ("output-access",)}


def makings(way: Route) -> Iterator[Making]:
    """The hops of the deploy action."""
    yield _assume
    yield _read
    if _store(way).key:
        yield _decrypt
    if way.deploy is not None:
        yield partial(_write, deploy=way.deploy)
        yield partial(_own, deploy=way.deploy)


def _assume(scene: Scene) -> Link:
    service, deployer = scene.service, scene.deployer
    return Link(
        "assume-deploy-role",
        "the service role becomes the role that deploys",
        service.name,
        deployer.name,
        service.account,
        deployer.account,
        tuple(_assuming(scene)),
    )


def _store(way: Route) -> Store:
    return way.store(way.deploy.region if way.deploy else way.account.region)


def _read(scene: Scene) -> Link:
    deployer, store = scene.deployer, _store(scene.way)
    found, target = scene.store(store)
    owner = found.account if isinstance(found, Bucket) else scene.home.name
    context = contexts.on_s3(store.region)
    listing = scene.ask("list the artifacts", deployer, "s3:ListBucket", target, context, ARTIFACTS)
    items = (*scene.reads(deployer, store, ARTIFACTS), listing)
    where, title = f"s3://{store.bucket}", "prod's role reads the artifact"
    return Link("read-artifact", title, deployer.name, where, deployer.account, owner, items)


def _decrypt(scene: Scene) -> Link:
    deployer, store = scene.deployer, _store(scene.way)
    items = (*scene.decrypts(deployer, store, SHARED_KEY), *scene.describes(deployer, store, SHARED_KEY))
    key, title = f"key {store.key.rpartition('/')[2]}", "prod's role decrypts the artifact"
    of_key = scene.world.account(scene.key(store.key, scene.home, store.region)[1].owner)
    return Link("decrypt-artifact", title, deployer.name, key, deployer.account, of_key, items)


def _assuming(scene: Scene) -> Iterator[Item]:
    way, arn = scene.way, scene.deploy_arn
    yield _acting(scene)
    yield exists("the role that deploys exists", f"role {arn}", scene.world.there(arn), ("deploy-role",))
    target = asking.trust(scene.world, arn)
    title = f"{scene.service.name} becomes {scene.deployer.name}"
    yield scene.ask(title, scene.service, "sts:AssumeRole", target, contexts.assuming(), _ASSUME)
    if way.deploy is not None and way.deploy.role:
        right = account_id(arn) == way.target.id
        bad = f"it is a role of {scene.deployer.account}, and {way.target.name} is deployed to"
        yield must(f"the role is one of {way.target.name}", right, "it is", bad, ("deploy-action-role",))


def _acting(scene: Scene) -> Item:
    """Whether the deploy action acts as a role at all."""
    title, rests = "the deploy action acts as a role", ("deploy-action-role",)
    way = scene.way
    if isinstance(way.pipeline, XacctError):
        return must(title, None, "", f"the pipeline could not be read: {way.pipeline}", rests)
    if way.deploy is None:
        return must(title, False, "", way.problem, rests)
    if way.pipeline is None:
        return must(title, True, "it will, once there is a pipeline", "", rests)
    bad = f"action {way.deploy.told} names no role: the service role would write to {way.target.name} itself"
    return must(title, bool(way.deploy.role), f"action {way.deploy.told} acts as {way.deploy.role}", bad, rests)


def _output(scene: Scene, deploy: Action) -> tuple[Bucket | XacctError | None, Target, str]:
    """The output bucket, it as what is asked of, and the account that it is in, or is expected in."""
    expected = scene.way.target
    found, target = scene.bucket(deploy.configuration.get("BucketName", ""), expected)
    return found, target, found.account if isinstance(found, Bucket) else expected.name


def _write(scene: Scene, deploy: Action) -> Link:
    deployer, (found, target, owner) = scene.deployer, _output(scene, deploy)
    name = deploy.configuration.get("BucketName", "")
    there = exists("the output bucket exists", f"bucket {name}", found, ("output-bucket",))
    items = (there, *writes(scene, deploy, deployer, found, target))
    title = "prod's role writes the output"
    return Link("write-output", title, deployer.name, _where(deploy), deployer.account, owner, items)


def _own(scene: Scene, deploy: Action) -> Link:
    deployer, (found, _, owner) = scene.deployer, _output(scene, deploy)
    items = (_owned(scene, deploy, found), *takes_acl(scene, deploy, found))
    title = "prod owns what was written"
    return Link("own-output", title, deployer.name, _where(deploy), deployer.account, owner, items)


def _where(deploy: Action) -> str:
    return f"s3://{deploy.configuration.get('BucketName', '')}/{_path(deploy)}"


def _path(deploy: Action) -> str:
    """Where the objects are: under a prefix, or one of that key."""
    prefix = pattern(deploy.configuration.get("ObjectKey", ""))
    if deploy.configuration.get("Extract", "").lower() != "true":
        return prefix or "*"
    return f"{prefix.rstrip('/')}/*" if prefix else "*"


def writes(
    scene: Scene, deploy: Action, actor: Actor, found: Bucket | XacctError | None, target: Target
) -> Iterator[Item]:
    """What any S3 deploy action asks of the bucket that it writes to, beyond that there is one."""
    settings, path = deploy.configuration, _path(deploy)
    rests = _OUTPUT if deploy is scene.way.deploy else {}
    region = found.region if isinstance(found, Bucket) else deploy.region
    if isinstance(found, Bucket):
        bad = f"the bucket is in {found.region}, and action {deploy.told} in {deploy.region}"
        title = "the deploy action is in the bucket's region"
        yield must(title, region == deploy.region, f"it is in {region}", bad, _slugs(scene, deploy))
    yield from let_in(actor, found)
    key, acl = settings.get("KMSEncryptionKeyARN", ""), settings.get("CannedACL", "")
    context = contexts.writing(region, key=key, acl=acl)
    objects = asking.under(target, path)
    yield scene.ask("write the output", actor, "s3:PutObject", objects, context, rests)
    if acl:
        yield scene.ask(f"set the ACL {acl}", actor, "s3:PutObjectAcl", objects, context, rests)
    actions = ("kms:GenerateDataKey", "kms:Decrypt")
    used = encrypted(found, target, path)
    if not key:
        yield from scene.default_key(found, actor, actions, used)
    elif isinstance(found, Bucket):
        yield from scene.uses(actor, key, found, actions, used)


def _owned(scene: Scene, deploy: Action, found: Bucket | XacctError | None) -> Item:
    """Objects are owned by who writes them, or by the bucket's owner where it says so."""
    wanted = scene.way.target
    title = f"{wanted.name} owns what was written"
    if not isinstance(found, Bucket):
        return exists(title, f"bucket {deploy.configuration.get('BucketName', '')}", found, ("output-bucket",))
    writer = scene.deployer if deploy.role or scene.way.pipeline is None else scene.service
    rests = ("deploy-action-role",)
    if writer.account_id != found.account_id and isinstance(found.ownership, XacctError):
        return must(title, None, "", f"who owns new objects could not be read: {found.ownership}", rests)
    full = deploy.configuration.get("CannedACL") == "bucket-owner-full-control"
    taken = found.ownership == "BucketOwnerEnforced" or (found.ownership == "BucketOwnerPreferred" and full)
    owner = found.account_id if taken else writer.account_id
    told = f"{writer.name} of {writer.account} writes, and the bucket of {found.account}"
    said = f"{told} {'takes objects over' if taken else 'leaves objects to who writes them'}"
    return must(title, owner == wanted.id, said, said, rests)


def takes_acl(scene: Scene, deploy: Action, found: Bucket | XacctError | None) -> Iterator[Item]:
    """Whether S3 takes the ACL that the action sets."""
    acl = deploy.configuration.get("CannedACL", "")
    if not acl or not isinstance(found, Bucket):
        return
    title, rests = f"the bucket takes the ACL {acl}", _slugs(scene, deploy)
    if isinstance(found.ownership, XacctError):
        yield must(title, None, "", f"its ownership controls could not be read: {found.ownership}", rests)
        return
    enforced = found.ownership == "BucketOwnerEnforced" and acl != "bucket-owner-full-control"
    bad = "the bucket has no ACLs (BucketOwnerEnforced)"
    yield must(title, not enforced, "it has ACLs, or does without this one", bad, rests)
    if acl in PUBLIC_ACLS:
        yield _public(found, acl, rests)


def _public(found: Bucket, acl: str, rests: tuple[str, ...]) -> Item:
    title = f"the public ACL {acl} is not blocked"
    for where, block in (("the bucket", found.public_access), ("the account", found.account_public_access)):
        if isinstance(block, XacctError):
            return must(title, None, "", f"what {where} blocks could not be read: {block}", rests)
        if block.get("BlockPublicAcls"):
            return must(title, False, "", f"{where} blocks public ACLs", rests)
    return must(title, True, "neither bucket nor account blocks public ACLs", "", rests)


def _slugs(scene: Scene, deploy: Action) -> tuple[str, ...]:
    """The change that sets an action's settings: there is one for the deployment's own."""
    return ("deploy-action-role",) if deploy is scene.way.deploy else ()
