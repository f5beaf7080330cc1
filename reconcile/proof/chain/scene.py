"""One deployment in one state of the accounts, with what several hops ask of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from reconcile import contexts
from reconcile.desired import Account, Deployment
from reconcile.errors import XacctError
from reconcile.policy import is_public
from reconcile.policy.request import Context, Side
from reconcile.proof import asking, places
from reconcile.proof.asking import Actor, Ask, Asking, Item, Link, Rests, Target, must, under
from reconcile.proof.resources import Bucket, Encryption, Key, opens
from reconcile.proof.route import Route, Store
from reconcile.proof.world import World

_CUT_TO = 20
_VARIABLE = re.compile(r"#?\{[^}]*\}")
READING = ("s3:GetObject", "s3:GetObjectVersion")


@dataclass(frozen=True)
class Scene:
    """What the hops of a deployment are made from."""

    world: World
    way: Route
    """What the deployment goes through."""

    @property
    def deployment(self) -> Deployment:
        """Whose chain it is."""
        return self.way.deployment

    @cached_property
    def ask(self) -> Asking:
        """Puts requests together."""
        return Asking(self.world)

    @cached_property
    def service(self) -> Actor:
        """The pipeline's service role."""
        return asking.role(self.world, self.way.service_role)

    @cached_property
    def deploy_arn(self) -> str:
        """The role that deploys: what the live deploy action says, else the TOML."""
        return (self.way.deploy.role if self.way.deploy else "") or self.world.deploy_role_arn(self.deployment)

    @cached_property
    def deployer(self) -> Actor:
        """The role that deploys."""
        return asking.role(self.world, self.deploy_arn)

    @property
    def home(self) -> Account:
        """The account of the pipeline."""
        return self.way.account

    def bucket(self, name: str, *expected: Account) -> tuple[Bucket | XacctError | None, Target]:
        """A bucket that is expected in these accounts, and it as what is asked of."""
        found = unresolved(name) or self.world.bucket(name, *expected)
        first = expected[0]
        return found, asking.bucket(found, name, first.name, first.id, self.home.partition)

    def key(self, name: str, account: Account, region: str) -> tuple[Key | XacctError | None, Target]:
        """A key that is named in the account's settings, and it as what is asked of."""
        found = self.world.key(name, account)
        arn = name if name.startswith("arn:") else f"arn:{account.partition}:kms:{region}:{account.id}:key/{name}"
        if isinstance(found, XacctError) and "alias/" in name:  # which key it is an alias of is not known
            arn = f"{arn.rpartition(':')[0]}:key/*"
        return found, asking.key(found, arn, self.world.account(places.account_id(arn)))

    def store(self, store: Store) -> tuple[Bucket | XacctError | None, Target]:
        """The bucket of an artifact store."""
        return self.bucket(store.bucket, self.home)

    @property
    def artifacts(self) -> str:
        """Where in a store the pipeline's artifacts are seen to be: AWS documents that names are cut, not where."""
        return f"{self.deployment.pipeline[:_CUT_TO]}/*"

    def encrypted(self, store: Store, path: str) -> str:
        """What the encryption context of an artifact says: the object's ARN, or the bucket's with Bucket Keys."""
        found, target = self.store(store)
        return encrypted(found, target, path)

    def reads(self, actor: Actor, store: Store, rests: Rests) -> Iterator[Item]:
        """The actor reads an artifact of the store."""
        found, target = self.store(store)
        yield from let_in(actor, found)
        context = contexts.on_s3(store.region)
        for action in READING:
            yield self._of_artifact(self.ask(READ_TITLES[action], actor, action, under(target, "*"), context, rests))

    def decrypts(self, actor: Actor, store: Store, rests: Rests) -> Iterator[Item]:
        """The actor decrypts what is in the store."""
        if store.key:
            _, target = self.key(store.key, self.home, store.region)
            yield self._with_artifact_key("decrypt", actor, "kms:Decrypt", target, store, rests)

    def writes(self, actor: Actor, store: Store, rests: Rests, key_rests: Rests) -> Iterator[Item]:
        """The actor writes an artifact into the store, encrypted with its key."""
        found, target = self.store(store)
        yield from let_in(actor, found)
        key = self.key(store.key, self.home, store.region)[1] if store.key else None
        context = contexts.writing(store.region, key=key.arn if key else "")
        context = {name: value for name, value in context.items() if name != "s3:x-amz-acl"}
        if key is None:  # it asks for SSE-KMS then too: its own default bucket policy denies everything else
            of_key = "s3:x-amz-server-side-encryption-aws-kms-key-id"
            context = {name: value for name, value in context.items() if name != of_key}
            context["s3:x-amz-server-side-encryption"] = ("aws:kms",)
        writing = self.ask("write an artifact", actor, "s3:PutObject", under(target, "*"), context, rests)
        yield self._of_artifact(writing)
        if key:
            yield self._with_artifact_key("encrypt", actor, "kms:GenerateDataKey", key, store, key_rests)

    def _of_artifact(self, ask: Ask) -> Ask:
        """A request on an object of a store; where it is in the store is assumed."""
        resource = f"{ask.request.resource.removesuffix('*')}{self.artifacts}"
        return replace(ask, assumed=replace(ask.request, resource=resource))

    def _with_artifact_key(self, verb: str, actor: Actor, action: str, key: Target, store: Store, rests: Rests) -> Ask:
        """A request on the key of a store, by way of an object there."""
        known, assumed = (
            contexts.through_s3(store.region, self.encrypted(store, path)) for path in ("*", self.artifacts)
        )
        ask = self.ask(f"{verb} with the artifact key", actor, action, key, known, rests)
        return replace(ask, assumed=replace(ask.request, context={**ask.request.context, **assumed}))

    def describes(self, actor: Actor, store: Store, rests: Rests) -> Iterator[Item]:
        """The actor looks at the store's key."""
        if store.key:
            _, target = self.key(store.key, self.home, store.region)
            context = contexts.describing(store.region)
            yield self.ask("look at the artifact key", actor, "kms:DescribeKey", target, context, rests)

    def default_key(
        self, found: Bucket | XacctError | None, actor: Actor, actions: tuple[str, ...], encrypted_arn: str
    ) -> Iterator[Item]:
        """What the bucket's own default encryption asks of who reads from it or writes into it."""
        if not isinstance(found, Bucket):
            return
        title = f"use the default encryption of {found.name}"
        if isinstance(found.encryption, XacctError):
            yield must(title, None, "", f"the default encryption could not be read: {found.encryption}")
        elif found.encryption.algorithm.startswith("aws:kms"):
            yield from self._with_key(found, found.encryption, actor, actions, encrypted_arn)

    def _with_key(
        self, found: Bucket, encryption: Encryption, actor: Actor, actions: tuple[str, ...], encrypted_arn: str
    ) -> Iterator[Item]:
        title = f"use the default encryption of {found.name}"
        if encryption.key in ("", "alias/aws/s3") or encryption.key.endswith(":alias/aws/s3"):
            same = actor.account_id == found.account_id
            good = "AWS's own key for S3 serves everybody in the account"
            yield must(title, same, good, f"AWS's own key for S3 in {found.account} serves no other account")
            return
        yield from self.uses(actor, encryption.key, found, actions, encrypted_arn)

    def uses(
        self,
        actor: Actor,
        key: str,
        found: Bucket,
        actions: tuple[str, ...],
        encrypted_arn: str,
    ) -> Iterator[Item]:
        """The actor uses a key by way of the bucket. A key that is named by alias is one of the actor's account."""
        owner = places.owner(self.world.config, actor.account_id) or self.world.config.accounts[found.account]
        there, target = self.key(key, owner, found.region)
        yield usable("the key of the bucket can be used", there, key)
        context: Context = contexts.through_s3(found.region, encrypted_arn)
        for action in actions:
            yield self.ask(f"{KEY_TITLES[action]} of {found.name}", actor, action, target, context)


Making = Callable[[Scene], Link | None]
"""Makes one hop of a way; None where there is nothing to ask on it."""

READ_TITLES = {
    "s3:GetObject": "read the artifact",
    "s3:GetObjectVersion": "read a version of the artifact",
}
KEY_TITLES = {"kms:Decrypt": "decrypt with the key", "kms:GenerateDataKey": "encrypt with the key"}

SERVICE_BASE: Rests = {Side.IDENTITY: ("service-role",)}
KEY_USERS: Rests = {Side.IDENTITY: ("key-users",), Side.RESOURCE: ("key-users",)}
ARTIFACTS: Rests = {Side.IDENTITY: ("artifact-access",), Side.RESOURCE: ("artifact-statements",)}
SHARED_KEY: Rests = {Side.IDENTITY: ("artifact-access",), Side.RESOURCE: ("key-sharing",)}


def unresolved(name: str) -> XacctError | None:
    """Why nobody knows what a setting of the pipeline names; None where it is plain."""
    return XacctError(f"{name} is known only when the pipeline runs") if "#{" in name else None


def pattern(key: str) -> str:
    """An object's key as far as it is known: variables (``#{…}``, ``{datetime}``) may be anything."""
    return _VARIABLE.sub("*", key)


def encrypted(found: Bucket | XacctError | None, target: Target, path: str) -> str:
    """The encryption context of what is in the bucket under the path; ``*`` where that is not known."""
    if not isinstance(found, Bucket) or not isinstance(found.encryption, Encryption):
        return "*"
    return target.arn if found.encryption.bucket_key else f"{target.arn}/{path}"


def let_in(actor: Actor, found: Bucket | XacctError | None) -> Iterator[Item]:
    """RestrictPublicBuckets keeps every other account from a bucket whose policy is public, also those it names."""
    if not isinstance(found, Bucket) or actor.account_id == found.account_id or not opens(found.policy):
        return
    title, told = "the bucket lets other accounts in", f"the policy of {found.name} lets everyone in"
    blocks = (found.public_access, found.account_public_access)
    unread = next((each for each in blocks if isinstance(each, XacctError)), None)
    if any(isinstance(each, Mapping) and each.get("RestrictPublicBuckets") for each in blocks):
        bad = f"{told}, and RestrictPublicBuckets then keeps every other account out"
        certain = is_public(found.policy.document)
        yield must(title, False if certain else None, "", bad if certain else f"{bad}, if S3 takes it for public")
    elif unread is not None:
        yield must(title, None, "", f"{told}, and whether RestrictPublicBuckets is on could not be read: {unread}")


def usable(title: str, found: Key | XacctError | None, name: str, rests: tuple[str, ...] = ()) -> Item:
    """That a key can encrypt: it exists, is enabled, and is a symmetric one."""
    if not isinstance(found, Key):
        return asking.exists(title, f"key {name}", found, rests)
    if found.state != "Enabled":
        when = f", it is deleted on {found.deletion}" if found.deletion else ""
        return must(title, False, "", f"key {found.arn} is {found.state}{when}", rests)
    fits = (found.spec, found.usage) == ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
    bad = f"key {found.arn} is {found.spec} for {found.usage}, and S3 takes symmetric keys only"
    return must(title, fits, f"key {found.arn} is enabled and symmetric", bad, rests)
