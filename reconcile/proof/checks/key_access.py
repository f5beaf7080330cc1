"""K: who may use the key of the artifacts."""

from __future__ import annotations

from collections.abc import Iterator

from reconcile.policy.request import HeldPolicy, Side
from reconcile.proof.checks.check import ERROR, WARNING, Evidence, check
from reconcile.proof.checks.lacks import POLICIES, Lack, about, lacks, told
from reconcile.proof.checks.statements import arns, written
from reconcile.proof.checks.subject import Subject, seen
from reconcile.proof.route import Store
from reconcile.proof.values import Verdict

_NOT_ALLOWED = (
    "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not "
    "allowed to access; or: is not authorized to perform: kms:Decrypt on resource: <key ARN>"
)
_SOURCE_FAILS = (
    "The provided role does not have permissions to perform this action. Underlying error: Access Denied "
    "(Service: Amazon S3)"
)
_CONTEXT = "kms:encryptioncontext:aws:s3:arn"


def _of_key(subject: Subject, lack: Lack, role: str, *sides: Side) -> bool:
    """Whether it is about an artifact key, asked for by this role."""
    request = lack.request
    return (
        request.action.startswith("kms:")
        and request.caller.arn == role
        and lack.reason.side in sides
        and request.resource in subject.artifact_keys
    )


@check(
    "K4",
    ERROR,
    "The key's policy does not let the deploy role decrypt",
    fix="allow the target account, or the deploy role, kms:Decrypt and kms:DescribeKey in the key policy",
    symptom=_NOT_ALLOWED,
    slugs=("key-sharing",),
)
def key_not_shared(subject: Subject) -> Iterator[Evidence]:
    """The key policy's side of the deploy role's requests."""
    yield from told(subject, lacks(subject, lambda lack: _of_key(subject, lack, subject.deploy_role, Side.RESOURCE)))


@check(
    "K5",
    ERROR,
    "The deploy role's own policies do not let it use the key: another account's key takes both sides",
    fix="allow kms:Decrypt and kms:DescribeKey on the key's ARN in a policy of the deploy role",
    symptom=_NOT_ALLOWED,
    slugs=("artifact-access",),
)
def role_may_not_decrypt(subject: Subject) -> Iterator[Evidence]:
    """The role's side of the same requests."""
    yield from told(subject, lacks(subject, lambda lack: _of_key(subject, lack, subject.deploy_role, Side.IDENTITY)))


@check(
    "K6",
    ERROR,
    "The deploy role's policy names another key than the one the artifacts are encrypted with",
    fix="put the ARN of the artifacts' key into the policy: its id, its account and its region",
    symptom=_NOT_ALLOWED,
    slugs=("artifact-access",),
    rather_than=("K5", "R16"),
)
def policy_of_another_key(subject: Subject) -> Iterator[Evidence]:
    """Where the role's side lacks, and a policy of the role allows the same on another key."""
    if not any(lacks(subject, lambda lack: _of_key(subject, lack, subject.deploy_role, Side.IDENTITY))):
        return
    keys = sorted(subject.artifact_keys)
    for each in written(*subject.identity(subject.deploy_role)):
        others = [one for one in each.resources if ":kms:" in one and "*" not in one and one not in keys]
        if each.allows and each.acts("kms:Decrypt") and others:
            line = f"{each.place}: {', '.join(others)}; the artifacts' key is {', '.join(keys)}"
            yield Evidence(subject.prod.name, line, subject.deploy_role)


@check(
    "K7",
    ERROR,
    "The pipeline's service role may not use the key",
    fix="make the service role a user of the key",
    symptom=_SOURCE_FAILS,
    slugs=("key-users",),
)
def service_role_no_user(subject: Subject) -> Iterator[Evidence]:
    """Either side of the service role's requests: in one account one of them is enough."""
    yield from told(subject, lacks(subject, lambda lack: _of_key(subject, lack, subject.service_role, *POLICIES)))


@check(
    "K8",
    ERROR,
    "The pipeline's service role may not use the key of another region's artifact store",
    fix="make the service role a user of that key, with Encrypt, Decrypt, ReEncrypt* and GenerateDataKey*",
    symptom="Replication of artifact '<name>' failed: Failed replicating artifact from <bucket> in <region> to "
    "<bucket> in <region>: Check source and destination artifact buckets exist and <service role> has permission",
    rather_than=("K7",),
)
def no_user_of_regional_key(subject: Subject) -> Iterator[Evidence]:
    """What K7 sees, of a store that is not in the pipeline's region."""
    regional = {store.key for store in subject.stores if not subject.is_home(store)}
    found = lacks(subject, lambda lack: _of_key(subject, lack, subject.service_role, *POLICIES))
    yield from told(subject, (lack for lack in found if lack.request.resource in regional))


@check(
    "K16",
    WARNING,
    "Nobody in the key's account may change the key's policy any more",
    fix="give the account's root kms:* in the key policy again; if nobody can, AWS Support has to",
    symptom="The new key policy will not allow you to update the key policy in the future",
)
def locked_out(subject: Subject) -> Iterator[Evidence]:
    """No principal of the account is allowed kms:PutKeyPolicy; whether those that are still exist is not asked."""
    for _, held in subject.key_policies:
        changing = [each for each in written(held) if each.allows and each.acts("kms:PutKeyPolicy")]
        account = subject.world.config.accounts[held.account].id
        if held.document is not None and not any(f":{account}:" in name or name == "*" for name in arns(changing)):
            yield Evidence(held.account, f"{held.name}: no statement allows kms:PutKeyPolicy to {account}")


@check(
    "K17",
    WARNING,
    "The key is open to everyone: any AWS account may use it",
    fix="name the target account and the service role instead of *, or add a condition that says who is meant",
    symptom="None: the pipeline works, and so does everybody else's decryption",
)
def key_open_to_the_world(subject: Subject) -> Iterator[Evidence]:
    """An Allow for everyone without a condition that says who."""
    for each in written(*(held for _, held in subject.key_policies)):
        if each.allows and each.for_everyone:
            yield Evidence(each.policy.account, f"{each.place}: Principal * without a condition on who calls")


@check(
    "K18",
    ERROR,
    "A policy allows the key for objects' ARNs, but with a Bucket Key S3 uses the key for the bucket's ARN",
    fix="put the bucket's ARN into the condition on kms:EncryptionContext:aws:s3:arn, or switch the Bucket Key off",
    symptom="Access Denied on kms:Decrypt, since the day the Bucket Key was switched on",
    rather_than=("K4", "K5", "K7"),
)
def context_of_an_object(subject: Subject) -> Iterator[Evidence]:
    """Such a condition without the bucket's ARN, of an artifact bucket that has a Bucket Key."""
    lacking = about(subject, lambda lack: lack.request.resource in subject.artifact_keys)
    objects = tuple(
        f"{subject.bucket_arn(store.bucket)}/"
        for store in subject.stores
        if lacking and _has_bucket_key(subject, store)
    )
    for owner, held in _using_the_key(subject) if objects else ():
        for each in written(held) if owner in lacking else ():
            for operator, key, values in each.conditions:
                of_objects = all(one.startswith(objects) for one in values)
                if each.allows and key == _CONTEXT and "not" not in operator and of_objects:
                    line = f"{each.place}, Condition: {', '.join(values)}; the bucket has a Bucket Key"
                    yield Evidence(held.account, line, owner)


def _has_bucket_key(subject: Subject, store: Store) -> bool:
    bucket = subject.bucket(store.bucket)
    return bucket is not None and seen(bucket.encryption).bucket_key


def _using_the_key(subject: Subject) -> Iterator[tuple[str, HeldPolicy]]:
    yield from ((subject.deploy_role, held) for held in subject.identity(subject.deploy_role))
    for arn in sorted(subject.artifact_keys):
        yield from ((arn, held) for held in subject.identity(subject.service_role))
    yield from subject.key_policies


@check(
    "K20",
    ERROR,
    "The deploy role may make data keys of the output bucket's key but not decrypt with it: large files need both",
    fix="allow the deploy role kms:Decrypt on the output bucket's key too",
    symptom="Small files are deployed, large ones (multipart uploads) fail with Access Denied on kms:Decrypt",
    rather_than=("D2",),
)
def only_small_files(subject: Subject) -> Iterator[Evidence]:
    """Of the requests on a key that is not the artifacts', only Decrypt lacks."""

    def of_output(lack: Lack) -> bool:
        request = lack.request
        own = request.caller.arn == subject.deploy_role and request.action.startswith("kms:")
        mine = request.resource in subject.output_keys - subject.artifact_keys
        return own and mine and lack.verdict is Verdict.FAIL

    found = list(lacks(subject, of_output))
    if {lack.request.action for lack in found} == {"kms:Decrypt"}:
        yield from told(subject, found)


CHECKS = (
    key_not_shared,
    role_may_not_decrypt,
    policy_of_another_key,
    service_role_no_user,
    no_user_of_regional_key,
    locked_out,
    key_open_to_the_world,
    context_of_an_object,
    only_small_files,
)

LEFT_OUT = {
    "K19": "no user reported it; where such a condition cannot be decided, the chain says UNKNOWN and names the key",
}
