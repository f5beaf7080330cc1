"""K: which key the artifacts are encrypted with, and what state it is in."""

from __future__ import annotations

from collections.abc import Iterator

from reconcile.proof import places
from reconcile.proof.checks.check import ERROR, WARNING, Evidence, check
from reconcile.proof.checks.subject import Subject, seen
from reconcile.proof.route import Action, Store

_NOT_READABLE = "Access Denied (Service: Amazon S3; Status Code: 403) in the deploy action; the source stage is green"
_NO_SUCH_KEY = (
    "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are "
    "not allowed to access"
)


@check(
    "K1",
    ERROR,
    "The artifacts are encrypted with the key that AWS manages for S3, which cannot be shared with another account",
    fix="name a customer managed key in the artifact store, by its ARN, and run the pipeline again from its source: "
    "artifacts that are there keep the old key",
    symptom=_NOT_READABLE,
    slugs=("pipeline-key",),
)
def no_key_of_ones_own(subject: Subject) -> Iterator[Evidence]:
    """An artifact store without a key, with S3's own, or with one that AWS manages."""
    for store in subject.shared_stores:
        if not store.key:
            yield Evidence(
                subject.dev.name,
                f"{subject.place_of(store)}: no encryptionKey, which means aws/s3",
                subject.bucket_arn(store.bucket),
            )
        elif store.key.endswith("alias/aws/s3"):
            yield _evidence(subject, store)
        elif (key := subject.key_of(store)) and key.manager == "AWS":
            yield Evidence(
                subject.dev.name,
                f"{subject.place_of(store)}: {key.arn} is managed by AWS",
                subject.bucket_arn(store.bucket),
            )


@check(
    "K2",
    ERROR,
    "The artifact store names its key by the bare key id, which the deploy role looks for in its own account",
    fix="name the key by its full ARN",
    symptom="Key 'arn:aws:kms:<region>:<target account>:key/<id>' does not exist (KMS.NotFoundException)",
    slugs=("pipeline-key",),
)
def bare_key_id(subject: Subject) -> Iterator[Evidence]:
    """Neither an ARN nor an alias."""
    for store in subject.shared_stores:
        if store.key and not store.key.startswith(("arn:", "alias/")):
            yield _evidence(subject, store)


@check(
    "K3",
    ERROR,
    "The artifact store names its key by an alias, which only the account of the key can resolve",
    fix="name the key by its full ARN",
    symptom="InvalidActionDeclarationException, or the key is not found",
    slugs=("pipeline-key",),
)
def alias(subject: Subject) -> Iterator[Evidence]:
    """An alias's name; its ARN is documented not to work either, and yet is what some tools write."""
    for store in subject.shared_stores:
        if "alias/" in store.key and not store.key.endswith("alias/aws/s3"):
            key = subject.key_of(store)
            hint = f"; the key is {key.arn}" if key else ""
            line = f"{subject.place_of(store)}, encryptionKey: {store.key}{hint}"
            yield Evidence(
                subject.dev.name,
                line,
                subject.bucket_arn(store.bucket),
                severity=WARNING if store.key.startswith("arn:") else None,
            )


@check(
    "K9",
    ERROR,
    "A CodeBuild project encrypts the artifact that is deployed with another key than the pipeline's",
    fix="set the project's encryptionKey to the pipeline's key",
    symptom="Access Denied (403) in the deploy action, which comes after the build",
)
def project_with_another_key(subject: Subject) -> Iterator[Evidence]:
    """The projects whose output artifact the deploy action takes."""
    taken = set(subject.deploy.inputs) if subject.deploy else set()
    stores = {store.region: store for store in subject.stores}
    for one in subject.actions:
        if one.provider != "CodeBuild" or taken.isdisjoint(one.outputs) or one.region not in stores:
            continue
        named, wanted = _project_key(subject, one), subject.key_of(stores[one.region])
        if wanted is not None and named is not None and named != wanted.arn:
            project = f"{subject.place_of(one)}: project {one.configuration.get('ProjectName')}"
            line = f"{project}, encryptionKey: {named or 'not set (aws/s3)'}; the pipeline's key is {wanted.arn}"
            yield Evidence(subject.dev.name, line)


def _project_key(subject: Subject, one: Action) -> str | None:
    """The ARN of the key of an action's project, its alias where that is S3's own; None without a project."""
    project = seen(subject.world.project(subject.dev, one.region, one.configuration.get("ProjectName", "")))
    if project is None:
        return None
    named = str(project["key"])
    if not named or named.endswith("alias/aws/s3"):
        return named
    key = seen(subject.world.key(named, subject.dev))
    return key.arn if key else named


@check(
    "K10",
    ERROR,
    "A source action of another account writes its artifact with that account's own S3 key",
    fix="name a customer managed key in the artifact store, by its ARN, so that every account uses the same one",
    symptom=_NOT_READABLE,
    slugs=("pipeline-key",),
    rather_than=("K1", "K2"),
)
def foreign_source(subject: Subject) -> Iterator[Evidence]:
    """A source action with a role of another account, and a store whose key that account cannot use."""
    sources = [one for one in subject.actions if one.category == "Source" and subject.account_of(one) != subject.dev.id]
    for store in subject.stores:
        if not store.key.startswith("arn:") or store.key.endswith("alias/aws/s3"):
            key = store.key or "no encryptionKey"
            for one in sources:
                line = f"{subject.place_of(one)}: roleArn {one.role}; {subject.place_of(store)}: {key}"
                yield Evidence(subject.dev.name, line, subject.bucket_arn(store.bucket))


@check(
    "K11",
    ERROR,
    "The key of the artifacts cannot be used: it is disabled, waits for its deletion, or does not exist",
    fix="cancel the deletion and enable the key, or let the pipeline use another key",
    symptom="DisabledException, or KMSInvalidStateException: <key ARN> is pending deletion, or NotFoundException",
    slugs=("key", "pipeline-key"),
    rather_than=("K4", "K7"),
)
def key_out_of_service(subject: Subject) -> Iterator[Evidence]:
    """Any state but Enabled; a key that is not there, where K14 does not tell it."""
    for store in subject.stores:
        key = subject.key_of(store)
        if key and key.state != "Enabled":
            until = f", to be deleted on {key.deletion}" if key.deletion else ""
            slugs = ("key",) if key.state == "Disabled" else ()  # the plan revives no key
            yield Evidence(key.account, f"key {key.arn}: {key.state}{until}", key.arn, slugs)
        elif key is None and subject.is_home(store) and ":key/" in store.key:
            line = f"{subject.place_of(store)}, encryptionKey: {store.key}, which does not exist"
            yield Evidence(subject.dev.name, line, store.key, ("pipeline-key",))


@check(
    "K12",
    ERROR,
    "The key of the artifacts is not a symmetric key for encryption, and CodePipeline takes no other",
    fix="make a symmetric key (SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT) and name it in the artifact store",
    symptom="The source action fails when it encrypts its artifact",
    slugs=("pipeline-key",),
)
def key_of_another_sort(subject: Subject) -> Iterator[Evidence]:
    """Asymmetric, or for signing."""
    for store in subject.stores:
        key = subject.key_of(store)
        if key and (key.spec, key.usage) != ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"):
            yield Evidence(key.account, f"key {key.arn}: {key.spec}, {key.usage}", key.arn)


@check(
    "K13",
    ERROR,
    "The key is in another region than the artifact bucket, and S3 uses no key of another region",
    fix="name a key of the bucket's region",
    symptom=_NO_SUCH_KEY,
    slugs=("pipeline-key",),
    rather_than=("K4", "K5", "K7"),
)
def key_in_another_region(subject: Subject) -> Iterator[Evidence]:
    """By the ARN of the key and the region the bucket is in; stores of other regions are K14's."""
    for store in subject.stores:
        found = subject.bucket(store.bucket)
        region = found.region if found else store.region
        if subject.is_home(store) and _key_region(store) not in ("", region):
            line = f"{subject.place_of(store)}, encryptionKey: {store.key}; the bucket is in {region}"
            yield Evidence(subject.dev.name, line, store.key)


@check(
    "K14",
    ERROR,
    "The artifact store of an action's region has no key in that region",
    fix="make a key in that region of the pipeline's account, or a replica of a multi-Region key, share it as the "
    "first one, and name it in that region's artifact store",
    symptom="The cross-region action fails: the artifact cannot be replicated, or cannot be decrypted",
    rather_than=("K1", "K4", "K5", "K7", "K8"),
)
def no_key_in_the_region(subject: Subject) -> Iterator[Evidence]:
    """No key named, one of another region, or one that is not there."""
    for store in subject.shared_stores:
        if subject.is_home(store):
            continue
        if not store.key:
            line = f"{subject.place_of(store)}: no encryptionKey"
        elif _key_region(store) not in ("", store.region):
            line = f"{subject.place_of(store)}, encryptionKey: {store.key}"
        elif subject.key_of(store) is None:
            line = f"{subject.place_of(store)}, encryptionKey: {store.key}, which does not exist"
        else:
            continue
        yield Evidence(subject.dev.name, line, store.key or subject.bucket_arn(store.bucket))


def _key_region(store: Store) -> str:
    return places.region(store.key)


def _evidence(subject: Subject, store: Store) -> Evidence:
    return Evidence(
        subject.dev.name, f"{subject.place_of(store)}, encryptionKey: {store.key}", subject.bucket_arn(store.bucket)
    )


CHECKS = (
    no_key_of_ones_own,
    bare_key_id,
    alias,
    project_with_another_key,
    foreign_source,
    key_out_of_service,
    key_of_another_sort,
    key_in_another_region,
    no_key_in_the_region,
)

LEFT_OUT = {
    "K15": "AWS saves no policy that names a role which does not exist; the plan makes roles before they are named",
}
