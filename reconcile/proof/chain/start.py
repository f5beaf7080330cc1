"""An upload starts the pipeline, CodePipeline becomes the service role, which reads what was uploaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from reconcile import contexts, rule_roles
from reconcile.desired import Source
from reconcile.errors import XacctError
from reconcile.event_rules import Starter, set_off_by_upload
from reconcile.policy.request import Answer, Caller, CallerType, HeldPolicy, Side
from reconcile.proof import asking, places
from reconcile.proof.asking import Actor, Ask, Item, Link, Rests, exists, must
from reconcile.proof.chain.scene import READING, SERVICE_BASE, Making, Scene, encrypted, let_in, pattern
from reconcile.proof.judging import decide
from reconcile.proof.resources import Bucket, Role
from reconcile.proof.route import Action, Route

_TRIGGER: Rests = {Side.IDENTITY: ("trigger",), Side.RESOURCE: ("trigger",)}


def makings(way: Route) -> Iterator[Making]:
    """The hops up to the source object."""
    source = way.deployment.source
    if source is not None and source.trigger != "none":
        yield partial(_start, source=source)
    yield _service_role
    for number, action in enumerate(way.sources):
        name = "read-source" if not number else f"read-source-{action.stage}-{action.name}"
        yield partial(_reading, action=action, name=name)


def _start(scene: Scene, source: Source) -> Link:
    home, where = scene.home.name, f"s3://{source.bucket}/{source.object_key}"
    pipeline = f"pipeline {scene.deployment.pipeline}"
    items = (*_uploaded(scene, source), *_starting(scene, source))
    return Link("start", "an upload starts the pipeline", f"upload of {where}", pipeline, home, home, items)


def _service_role(scene: Scene) -> Link:
    return Link(
        "service-role",
        "CodePipeline becomes the service role",
        "codepipeline.amazonaws.com",
        scene.service.name,
        scene.home.name,
        scene.service.account,
        tuple(_becoming(scene)),
    )


def _uploaded(scene: Scene, source: Source) -> Iterator[Item]:
    """Whether what is uploaded is what the live pipeline reads."""
    if not isinstance(scene.way.pipeline, dict):
        return
    settings = [each.configuration for each in scene.way.sources]
    read = [f"s3://{each.get('S3Bucket', '')}/{each.get('S3ObjectKey', '')}" for each in settings]
    where = f"s3://{source.bucket}/{source.object_key}"
    bad = f"its source is {' and '.join(read) or 'no object in S3'}, and the TOML says {where}"
    yield must("the pipeline reads what is uploaded", where in read, f"its source is {where}", bad)


def _starting(scene: Scene, source: Source) -> Iterator[Item]:
    title, rests = "an upload starts the pipeline", ("trigger",)
    live = scene.world.trigger(scene.deployment)
    if live is None or isinstance(live, XacctError):
        yield exists(title, "what starts the pipeline", live, rests)
        return
    starter = Starter(scene.home.region, source.bucket, source.object_key, live["notifications"], tuple(live["trails"]))
    rules = [rule for rule in live["rules"].values() if set_off_by_upload(rule, starter)]
    if live["poll"]:
        yield must(title, True, "the pipeline looks for new objects by itself", "", rests)
    elif rules:
        yield from _best(scene, rules)
    else:
        yield must(title, False, "", "no rule matches the upload and starts the pipeline, and it does not poll", rests)


def _best(scene: Scene, rules: list[Mapping[str, Any]]) -> Iterator[Item]:
    """The first rule that may start the pipeline: one is enough."""
    asked = [(rule["name"], way) for rule in rules for way in _ways(scene, rule)]
    name, way = next((each for each in asked if _allowed(each[1])), asked[0])
    yield must("an upload starts the pipeline", True, f"rule {name} matches the upload", "", ("trigger",))
    yield from way


def _allowed(way: tuple[Item, ...]) -> bool:
    return all(_is_allowed(item) for item in way if isinstance(item, Ask))


def _is_allowed(ask: Ask) -> bool:
    _, decision = decide(ask)
    return decision.answer is Answer.ALLOWED


def _ways(scene: Scene, rule: Mapping[str, Any]) -> Iterator[tuple[Item, ...]]:
    """What EventBridge asks for to start the pipeline, for each role by which the rule may do so."""
    if "roles" not in rule:  # the plan makes it, and its role
        trust, actor = _role_to_be(scene, rule["name"])
        yield tuple(_by_role(scene, rule["name"], trust, actor))
    for arn in rule.get("roles", ()):
        there = exists("the rule's role exists", f"role {arn}", scene.world.there(arn), ("trigger",))
        trust, actor = asking.trust(scene.world, arn), asking.role(scene.world, arn)
        yield (there, *_by_role(scene, rule["name"], trust, actor))


def _role_to_be(scene: Scene, rule: str) -> tuple[asking.Target, Actor]:
    """The role of a rule of ours: as it is made, or with what it lacks."""
    home, name = scene.home, f"role {rule}"
    arn = f"arn:{home.partition}:iam::{home.id}:role{rule_roles.PATH}{rule}"
    trust = asking.Target(arn, home.id, HeldPolicy(home.name, f"trust policy of {name}", rule_roles.trust()))
    granted = rule_roles.policy(scene.deployment.pipeline_arn(scene.world.config))
    own = HeldPolicy(home.name, f"inline policy {rule_roles.POLICY} of {name}", granted)
    if isinstance(scene.world.role(arn), Role):
        actor = asking.role(scene.world, arn)
        return trust, replace(actor, identity=(*actor.identity, own))
    boundary = scene.world.boundary(home, scene.deployment.service_role.permissions_boundary)
    return trust, Actor(Caller(CallerType.ROLE, arn), home.name, home.id, name, (own,), boundary)


def _by_role(scene: Scene, rule: str, trust: asking.Target, actor: Actor) -> Iterator[Ask]:
    rule_arn = f"arn:{scene.home.partition}:events:{scene.home.region}:{scene.home.id}:rule/{rule}"
    context, events = contexts.by_service(rule_arn, scene.home.id), asking.service(rule_roles.EVENTS)
    yield scene.ask(f"EventBridge becomes the role of rule {rule}", events, "sts:AssumeRole", trust, context, _TRIGGER)
    pipeline = asking.Target(scene.deployment.pipeline_arn(scene.world.config), scene.home.id, None)
    called = contexts.plain(scene.home.region)
    yield scene.ask("the role of the rule starts the pipeline", actor, rule_roles.START, pipeline, called, _TRIGGER)


def _becoming(scene: Scene) -> Iterator[Item]:
    arn, rests = scene.way.service_role, {Side.RESOURCE: ("service-role",)}
    yield exists("the pipeline exists", f"pipeline {scene.deployment.pipeline}", scene.way.pipeline, ("pipeline",))
    yield exists("the service role exists", f"role {arn}", scene.world.there(arn), ("service-role",))
    context = contexts.by_service(scene.deployment.pipeline_arn(scene.world.config), scene.home.id)
    service, target = asking.service("codepipeline.amazonaws.com"), asking.trust(scene.world, arn)
    yield scene.ask("become the service role", service, "sts:AssumeRole", target, context, rests)


def _reading(scene: Scene, action: Action, name: str) -> Link:
    actor = asking.role(scene.world, action.role) if action.role else scene.service
    bucket, key = action.configuration.get("S3Bucket", ""), pattern(action.configuration.get("S3ObjectKey", ""))
    acting = places.owner(scene.world.config, actor.account_id) or scene.home
    found, target = scene.bucket(bucket, acting, scene.home)
    own = scene.deployment.source is not None and scene.deployment.source.bucket == bucket
    yields = [
        exists("the source bucket exists", f"bucket {bucket}", found, ("input-bucket",) if own else ()),
        *_in_region(found, action),
        *_versioned(found, ("input-versioning",) if own else ()),
        *let_in(actor, found),
    ]
    context: Mapping[str, Any] = contexts.on_s3(action.region)
    base = {} if action.role else SERVICE_BASE
    yields.append(scene.ask("look at its versioning", actor, "s3:GetBucketVersioning", target, context, base))
    for verb in READING:
        told = "read the source object" if verb == READING[0] else "read its version"
        yields.append(scene.ask(told, actor, verb, asking.under(target, key), context, base))
    yields.extend(scene.default_key(found, actor, ("kms:Decrypt",), encrypted(found, target, key)))
    if action.role:
        yields.extend(_as_another(scene, actor, action))
    owner = found.account if isinstance(found, Bucket) else acting.name
    title = f"{actor.name if action.role else 'the service role'} reads the source"
    return Link(name, title, actor.name, f"s3://{bucket}/{key}", actor.account, owner, tuple(yields))


def _in_region(found: Bucket | XacctError | None, action: Action) -> Iterator[Item]:
    """AWS takes no source in another region than the action's, nor does EventBridge hear of uploads there."""
    if isinstance(found, Bucket):
        bad = f"the bucket is in {found.region}, and action {action.told} in {action.region}"
        title = "the source bucket is in the action's region"
        yield must(title, found.region == action.region, f"it is in {found.region}", bad)


def _as_another(scene: Scene, actor: Actor, action: Action) -> Iterator[Item]:
    """A source action with a role of its own: it is that role which writes the artifact."""
    yield exists("the action's role exists", f"role {action.role}", scene.world.there(action.role), ())
    trust, title = asking.trust(scene.world, action.role), f"{scene.service.name} becomes {actor.name}"
    yield scene.ask(title, scene.service, "sts:AssumeRole", trust, contexts.assuming())
    yield from scene.writes(actor, scene.way.store(action.region), {}, {})


def _versioned(found: Bucket | XacctError | None, rests: Iterable[str]) -> Iterator[Item]:
    title = "the source bucket keeps versions"
    if not isinstance(found, Bucket):
        yield exists(title, "the source bucket", found, rests)
    elif isinstance(found.versioning, XacctError):
        yield must(title, None, "", f"its versioning could not be read: {found.versioning}", rests)
    else:
        state = found.versioning or "never enabled"
        yield must(title, found.versioning == "Enabled", "versioning is enabled", f"versioning is {state}", rests)
