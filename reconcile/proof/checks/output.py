"""D: the output bucket, and how the deploy action writes to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from reconcile.desired.models import CannedAcl
from reconcile.policy.request import Effect, Side
from reconcile.proof import places
from reconcile.proof.checks.check import ERROR, WARNING, Evidence, check
from reconcile.proof.checks.lacks import Lack, lacks, told
from reconcile.proof.checks.subject import Subject, seen
from reconcile.proof.looking import PUBLIC_ACLS
from reconcile.proof.route import Action

_PUT_DENIED = (
    "You do not have sufficient permissions to call s3.putObject for the deployment bucket, <bucket>. Verify that the "
    "policy on the resource allows you to perform this task. If you choose a canned ACL for your Amazon S3 deployment "
    "action, …"
)
_ACL_ACTIONS = ("s3:PutObjectAcl", "s3:PutObjectVersionAcl")
_OWNERS = "bucket-owner-full-control"


def _of_output(subject: Subject, lack: Lack, side: Side) -> bool:
    """Whether it is about the output bucket, asked for by the deploy role."""
    request = lack.request
    bucket = request.resource.partition("/")[0] == subject.bucket_arn(subject.output_bucket)
    return bucket and request.caller.arn == subject.deploy_role and lack.reason.side is side


@check(
    "D1",
    ERROR,
    "The deploy role may not write to the output bucket",
    fix="allow s3:PutObject on the bucket's objects (arn:aws:s3:::<bucket>/*) in a policy of the role",
    symptom=_PUT_DENIED,
    slugs=("output-access",),
)
def output_not_writable(subject: Subject) -> Iterator[Evidence]:
    """What the role's side of its requests lacks, but for ACLs."""
    found = lacks(subject, lambda lack: _of_output(subject, lack, Side.IDENTITY))
    yield from told(subject, (lack for lack in found if lack.request.action not in _ACL_ACTIONS))


@check(
    "D2",
    ERROR,
    "The deploy role may not use the output bucket's own key",
    fix="allow the deploy role kms:GenerateDataKey and kms:Decrypt on that key, in its policies and the key's",
    symptom=f"{_PUT_DENIED} It works with S3's managed encryption, but not with KMS",
)
def output_key_not_usable(subject: Subject) -> Iterator[Evidence]:
    """What its requests on a key that is not the artifacts' lack."""

    def of_output_key(lack: Lack) -> bool:
        request = lack.request
        own = request.caller.arn == subject.deploy_role and lack.reason.side in (Side.IDENTITY, Side.RESOURCE)
        of_output = request.resource in subject.output_keys - subject.artifact_keys
        return own and of_output and request.action.startswith("kms:")

    yield from told(subject, lacks(subject, of_output_key))


@check(
    "D3",
    ERROR,
    "The key that the deploy action names for the output cannot be used there",
    fix="name a symmetric key of the output bucket's region in KMSEncryptionKeyARN, by its full key ARN",
    symptom="Access Denied or NotFoundException when the deploy action writes",
)
def output_key_misnamed(subject: Subject) -> Iterator[Evidence]:
    """An alias, a bare id, another region, or not a symmetric key."""
    deploy = subject.deploy
    named = deploy.configuration.get("KMSEncryptionKeyARN", "") if deploy else ""
    if deploy is None or not named:
        return
    place = f"{subject.place_of(deploy)}, KMSEncryptionKeyARN: {named}"
    if ":key/" not in named:
        yield Evidence(subject.dev.name, f"{place} is no key ARN")
    elif places.region(named) != deploy.region:
        yield Evidence(subject.dev.name, f"{place} is not in {deploy.region}")
    elif (key := seen(subject.world.key(named, subject.prod))) is None:
        yield Evidence(subject.dev.name, f"{place} does not exist")
    elif (key.spec, key.usage) != ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"):
        yield Evidence(subject.dev.name, f"{place}: {key.spec}, {key.usage}")


@check(
    "D4",
    ERROR,
    "The deploy action sets a canned ACL, and the output bucket takes none: its owner owns every object",
    fix="take CannedACL out of the action, or set it to bucket-owner-full-control",
    symptom="AccessControlListNotSupported: The bucket does not allow ACLs",
    slugs=("deploy-action-role",),
)
def acl_not_supported(subject: Subject) -> Iterator[Evidence]:
    """BucketOwnerEnforced, and an ACL other than the one it still takes."""
    deploy, acl = _with_acl(subject)
    if deploy and acl != _OWNERS and acl in get_args(CannedAcl) and subject.output:
        ownership = seen(subject.output.ownership)
        if ownership == "BucketOwnerEnforced":
            line = f"{subject.place_of(deploy)}, CannedACL: {acl}; bucket {subject.output.name}, ownership: {ownership}"
            yield Evidence(subject.dev.name, line, slugs=_slugs(subject, acl))


@check(
    "D5",
    ERROR,
    "The deploy action sets a public ACL, and public ACLs are blocked for the output bucket",
    fix="take CannedACL out of the action, and publish the bucket by a policy or through CloudFront",
    symptom="Access Denied on PutObject",
    slugs=("deploy-action-role",),
    rather_than=("D9",),
)
def public_acl_blocked(subject: Subject) -> Iterator[Evidence]:
    """BlockPublicAcls of the bucket or of its account."""
    deploy, acl = _with_acl(subject)
    output = subject.output if deploy and acl in PUBLIC_ACLS else None
    if deploy is None or output is None:
        return
    for settings, whose in ((output.public_access, f"bucket {output.name}"), (output.account_public_access, "account")):
        if seen(settings).get("BlockPublicAcls"):
            line = f"{subject.place_of(deploy)}, CannedACL: {acl}; BlockPublicAcls of the {whose}"
            yield Evidence(subject.dev.name, line, slugs=_slugs(subject, acl))


@check(
    "D6",
    ERROR,
    "The deploy action's canned ACL is none that S3 knows",
    fix="write it as S3 does: bucket-owner-full-control, with hyphens and in lower case",
    symptom="Invalid canned ACL: <value>, only when the action runs",
    slugs=("deploy-action-role",),
)
def acl_unknown(subject: Subject) -> Iterator[Evidence]:
    """A name that is not in S3's list."""
    deploy, acl = _with_acl(subject)
    if deploy and acl not in get_args(CannedAcl):
        yield Evidence(subject.dev.name, f"{subject.place_of(deploy)}, CannedACL: {acl}")


@check(
    "D7",
    ERROR,
    "The deploy action sets a canned ACL, and the deploy role may not set ACLs",
    fix="allow the role s3:PutObjectAcl on the output bucket's objects, or take CannedACL out of the action",
    symptom=_PUT_DENIED,
    slugs=("output-access",),
)
def acl_not_allowed(subject: Subject) -> Iterator[Evidence]:
    """What the role's side of PutObjectAcl lacks."""
    found = lacks(subject, lambda lack: _of_output(subject, lack, Side.IDENTITY))
    yield from told(subject, (lack for lack in found if lack.request.action in _ACL_ACTIONS))


@check(
    "D8",
    WARNING,
    "What the pipeline's account writes itself belongs to it: the output bucket's owner cannot read it",
    fix="let the deploy action assume a role of the bucket's account, or set the bucket's ownership to "
    "BucketOwnerEnforced; write again what is there",
    symptom="The deployment succeeds, and the target account gets Access Denied when it reads the objects",
    slugs=("deploy-action-role",),
)
def objects_of_the_writer(subject: Subject) -> Iterator[Evidence]:
    """An action that acts in another account than the bucket's, and a bucket that leaves objects to their writers."""
    deploy, output = subject.deploy, subject.output
    if deploy is None or output is None or subject.account_of(deploy) == output.account_id:
        return
    ownership = seen(output.ownership)
    kept = ownership == "BucketOwnerPreferred" and deploy.configuration.get("CannedACL", "") == _OWNERS
    if ownership != "BucketOwnerEnforced" and not kept:
        acts = f"{subject.place_of(deploy)} acts in {subject.account_of(deploy)}"
        line = f"{acts}; bucket {output.name}, ownership: {ownership or 'ObjectWriter'}"
        yield Evidence(output.account, line)


@check(
    "D9",
    ERROR,
    "The output bucket's policy denies what the deploy role has to do",
    fix="exempt the deploy role from that Deny, with a condition on aws:PrincipalArn",
    symptom="Access Denied on PutObject, with an explicit deny in a resource-based policy",
)
def output_denied(subject: Subject) -> Iterator[Evidence]:
    """A Deny of the bucket's policy that hits one of its requests, or may."""
    found = lacks(subject, lambda lack: _of_output(subject, lack, Side.RESOURCE))
    yield from told(subject, (lack for lack in found if lack.reason.effect is not Effect.MISSING))


@check(
    "D11",
    ERROR,
    "The deploy action does not unpack the artifact, and does not say under which key to store it",
    fix="set ObjectKey of the action, or Extract to true",
    symptom="InvalidActionDeclarationException: missing required configuration",
    slugs=("deploy-action-role",),
)
def object_without_name(subject: Subject) -> Iterator[Evidence]:
    """Extract false and no ObjectKey."""
    deploy = subject.deploy
    extract, named = (deploy.configuration.get(key, "") if deploy else "" for key in ("Extract", "ObjectKey"))
    if deploy and extract.lower() != "true" and not named:
        yield Evidence(subject.dev.name, f"{subject.place_of(deploy)}: Extract {extract or 'not set'}, no ObjectKey")


def _with_acl(subject: Subject) -> tuple[Action | None, str]:
    """The deploy action and its canned ACL; no action where it sets none."""
    acl = subject.deploy.configuration.get("CannedACL", "") if subject.deploy else ""
    return (subject.deploy, acl) if acl else (None, "")


def _slugs(subject: Subject, acl: str) -> tuple[str, ...]:
    """The plan repairs an ACL that the TOML does not ask for."""
    return () if acl == subject.deployment.output.canned_acl else ("deploy-action-role",)


CHECKS = (
    output_not_writable,
    output_key_not_usable,
    output_key_misnamed,
    acl_not_supported,
    public_acl_blocked,
    acl_unknown,
    acl_not_allowed,
    objects_of_the_writer,
    output_denied,
    object_without_name,
)

LEFT_OUT = {
    "D10": "no user reported it; the chain says that the bucket does not exist, or is in another region",
    "D12": "no user reported it; it is about the uploaded file, which is no configuration",
}
