"""Every other action of the pipeline that touches the artifacts: builds, and what acts as a role of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from reconcile import contexts
from reconcile.errors import XacctError
from reconcile.proof import asking, places
from reconcile.proof.asking import Actor, Item, Link, Target, exists, must
from reconcile.proof.chain import deploy
from reconcile.proof.chain.scene import Making, Scene
from reconcile.proof.resources import Key
from reconcile.proof.route import Action, Route, Store


def makings(way: Route) -> Iterator[Making]:
    """One hop for each such action, in the pipeline's order."""
    for action in way.others:
        yield partial(_hop, action=action)


def _hop(scene: Scene, action: Action) -> Link | None:
    items = tuple(_items(scene, action))
    if not items:
        return None
    actor = _actor(scene, action)
    name = f"action-{action.stage}-{action.name}"
    title = f"action {action.told} ({action.provider}) does its part"
    target = action.configuration.get("ProjectName") or action.configuration.get("BucketName") or action.told
    return Link(name, title, actor.name, target, scene.service.account, actor.account, items)


def _actor(scene: Scene, action: Action) -> Actor:
    if not action.role:
        return scene.service
    # whoever does the work of a custom action has the role's credentials, wherever that is
    return replace(asking.role(scene.world, action.role), in_network=action.provider != "S3")


def _items(scene: Scene, action: Action) -> Iterator[Item]:
    actor, store = _actor(scene, action), scene.way.store(action.region)
    if action.role:
        yield exists("the action's role exists", f"role {action.role}", scene.world.there(action.role), ())
        trust = asking.trust(scene.world, action.role)
        title = f"{scene.service.name} becomes {actor.name}"
        yield scene.ask(title, scene.service, "sts:AssumeRole", trust, contexts.assuming())
    if action.provider == "CodeBuild":
        yield from _build(scene, action, actor, store)
    elif action.role:
        yield from _artifacts(scene, action, actor, store)
    if (action.category, action.provider) == ("Deploy", "S3"):
        name = action.configuration.get("BucketName", "")
        acting = places.owner(scene.world.config, actor.account_id) or scene.home
        found, target = scene.bucket(name, acting, scene.way.target, scene.home)
        yield exists("the bucket exists", f"bucket {name}", found, ())
        yield from deploy.writes(scene, action, actor, found, target)
        yield from deploy.takes_acl(scene, action, found)


def _artifacts(scene: Scene, action: Action, actor: Actor, store: Store) -> Iterator[Item]:
    """What whoever acts needs of the artifacts that go in and come out."""
    if action.inputs:
        yield from scene.reads(actor, store, {})
    if action.outputs:
        yield from scene.writes(actor, store, {}, {})
    if action.inputs or action.outputs:
        yield from scene.decrypts(actor, store, {})


def _build(scene: Scene, action: Action, actor: Actor, store: Store) -> Iterator[Item]:
    acting = places.owner(scene.world.config, actor.account_id) or scene.home
    name = action.configuration.get("ProjectName", "")
    project = scene.world.project(acting, action.region, name)
    yield exists("the build project exists", f"project {name}", project, ())
    arn = f"arn:{acting.partition}:codebuild:{action.region}:{acting.id}:project/{name}"
    for verb in ("codebuild:StartBuild", "codebuild:BatchGetBuilds"):
        title = "start the build" if verb.endswith("StartBuild") else "look at the build"
        yield scene.ask(title, actor, verb, Target(arn, acting.id, None), contexts.plain(action.region))
    if not isinstance(project, dict):
        return
    builder = replace(asking.role(scene.world, project["role"]), in_network=True)
    trust, context = asking.trust(scene.world, project["role"]), contexts.by_service(arn, acting.id)
    service = asking.service("codebuild.amazonaws.com")
    yield exists("the project's role exists", f"role {project['role']}", scene.world.there(project["role"]), ())
    yield scene.ask("CodeBuild becomes the project's role", service, "sts:AssumeRole", trust, context)
    yield from _artifacts(scene, action, builder, store)
    if action.outputs and store.key:
        yield _same_key(scene, project["key"], acting.name, store)


def _same_key(scene: Scene, name: str, account: str, store: Store) -> Item:
    """CodeBuild encrypts what it builds with the project's key, AWS's own for none: not with the pipeline's."""
    title = "the project encrypts with the artifact key"
    wanted, _ = scene.key(store.key, scene.home, store.region)
    found, _ = scene.key(name, scene.world.config.accounts[account], store.region) if name else (None, None)
    for each in (wanted, found):
        if isinstance(each, XacctError):
            return must(title, None, "", f"a key could not be read: {each}")
    same = isinstance(wanted, Key) and isinstance(found, Key) and wanted.arn == found.arn
    bad = f"it encrypts with {name or 'AWS own key for S3'}, not with {store.key}"
    return must(title, same, f"it encrypts with {name}", bad)
