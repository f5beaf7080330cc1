"""The service role writes the artifact, encrypted with the key; CodePipeline copies it to where an action is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from reconcile import contexts
from reconcile.errors import XacctError
from reconcile.policy.request import Side
from reconcile.proof.asking import Actor, Item, Link, Rests, exists, must
from reconcile.proof.chain.scene import KEY_USERS, SERVICE_BASE, Making, Scene, usable
from reconcile.proof.places import account_id
from reconcile.proof.resources import Bucket, Key
from reconcile.proof.route import Action, Route, Store

_KEY_ARN = re.compile(r"arn:[^:]+:kms:[^:]+:\d{12}:key/.+")
_ALIAS_ARN = re.compile(r"arn:[^:]+:kms:[^:]+:(\d{12}):alias/.+")


def makings(way: Route) -> Iterator[Making]:
    """The hops by which the artifact comes into its stores."""
    yield _write
    for action in _elsewhere(way):
        yield partial(_replicate, action=action)


def _write(scene: Scene) -> Link:
    home = scene.way.store(scene.home.region)
    return _into(scene, "write-artifact", home, (*_pipeline_key(scene, home), *_used(scene, scene.service, home)))


def _replicate(scene: Scene, action: Action) -> Link:
    name = "replicate-artifact" if action is scene.way.deploy else f"replicate-artifact-{action.region}"
    if action.region not in scene.way.stores:
        bad = f"the pipeline has no artifact store in {action.region}, where action {action.told} is"
        missing = must("there is an artifact store in the action's region", False, "", bad)
        return _into(scene, name, scene.way.store(scene.home.region), (missing,))
    store = scene.way.store(action.region)
    named = _pipeline_key(scene, store, shared=_shared(scene, action.region))
    return _into(scene, name, store, (*named, *_used(scene, scene.service, store)))


def _elsewhere(way: Route) -> Iterator[Action]:
    """One action with artifacts in each region that is not the pipeline's: the deploy action, where it is there."""
    deploy = way.deploy
    regions = {way.account.region}
    for action in (*((deploy,) if deploy else ()), *way.others):
        if action.region not in regions and (action is deploy or action.inputs or action.outputs):
            regions.add(action.region)
            yield action


def _shared(scene: Scene, region: str) -> bool:
    """Whether an action there is of another account: it cannot use AWS's own key, nor an alias of this account."""
    deploy = scene.way.deploy
    there = (each for each in scene.way.actions if each.region == region)
    return any(each is deploy or (each.role and account_id(each.role) != scene.home.id) for each in there)


def _into(scene: Scene, name: str, store: Store, items: tuple[Item, ...]) -> Link:
    found, _ = scene.store(store)
    owner = found.account if isinstance(found, Bucket) else scene.home.name
    verb = "writes the artifact" if name == "write-artifact" else "copies the artifact to the action's region"
    title = f"the pipeline {verb}"
    return Link(name, title, scene.service.name, f"s3://{store.bucket}", scene.service.account, owner, items)


def _used(scene: Scene, actor: Actor, store: Store) -> Iterator[Item]:
    """Writing, and reading again for the actions that act as the service role."""
    _, target = scene.store(store)
    context = contexts.on_s3(store.region)
    title = "look at the versioning of the artifact bucket"
    yield scene.ask(title, actor, "s3:GetBucketVersioning", target, context, _base(scene, store))
    yield from scene.writes(actor, store, _base(scene, store), KEY_USERS)
    yield from scene.reads(actor, store, _base(scene, store))
    yield from scene.decrypts(actor, store, KEY_USERS)
    yield from scene.describes(actor, store, KEY_USERS)


def _base(scene: Scene, store: Store) -> Rests:
    """What the plan's base policy is about: the TOML's artifact bucket, and no other."""
    return SERVICE_BASE if store.bucket == scene.deployment.artifacts.bucket else {Side.IDENTITY: ()}


def _pipeline_key(scene: Scene, store: Store, *, shared: bool = True) -> Iterator[Item]:
    found, _ = scene.store(store)
    yield exists("the artifact bucket exists", f"bucket {store.bucket}", found, ("artifact-bucket",))
    if isinstance(found, Bucket):
        good, bad = f"it is in {store.region}", f"it is in {found.region}, and the store's region is {store.region}"
        yield must("the artifact bucket is in the store's region", found.region == store.region, good, bad)
    if shared:
        yield _named(scene, store)
    if not store.key:
        return
    key, _ = scene.key(store.key, scene.home, store.region)
    yield usable("the artifact key can be used", key, store.key, ("key",))
    if isinstance(key, Key):
        if shared:
            bad = f"key {key.arn} is managed by AWS and serves no other account"
            yield must("the artifact key can be shared", key.manager != "AWS", "it is customer managed", bad)
        bad = f"key {key.arn} is in {key.region}, and the artifact bucket in {store.region}"
        there, title = key.region == store.region, "the key is in the region of the artifacts"
        yield must(title, there, f"it is in {key.region}", bad)


def _named(scene: Scene, store: Store) -> Item:
    """What a key is named by: ids and aliases mean a key of the account of whoever acts, so prod finds no such one."""
    title, rests = "the pipeline names the key by its ARN", ("pipeline-key",)
    if isinstance(scene.way.pipeline, XacctError):
        return must(title, None, "", f"the pipeline could not be read: {scene.way.pipeline}", rests)
    if not store.key:
        bad = "the artifact store names no key: AWS's own key for S3 encrypts, and prod cannot decrypt with it"
        return must(title, False, "", bad, rests)
    if scene.way.pipeline is None:
        return must(title, True, "it will, once there is a pipeline", "", rests)
    if found := _ALIAS_ARN.fullmatch(store.key):
        known = True if found[1] == scene.deployer.account_id else None
        bad = f"it says {store.key}: AWS documents that only the key's own account can resolve that"
        return must(title, known, f"it says {store.key}, an alias of the account that deploys", bad, rests)
    bad = f"it says {store.key}, which is another key, or none, in the account that deploys"
    return must(title, _KEY_ARN.fullmatch(store.key) is not None, f"it says {store.key}", bad, rests)
