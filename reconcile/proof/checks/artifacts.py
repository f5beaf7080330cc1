"""B: the artifact bucket, and what its policy says."""

from __future__ import annotations

from collections.abc import Iterator

from reconcile.policy.request import Effect, Side
from reconcile.proof.checks.check import ERROR, INFO, WARNING, Evidence, check
from reconcile.proof.checks.lacks import POLICIES, Lack, beside, lacks, told
from reconcile.proof.checks.statements import Written, written
from reconcile.proof.checks.subject import Subject

_VERSIONS = ("s3:GetObjectVersion", "s3:GetBucketVersioning")
_DENIED = (
    "Your access has been denied by S3, please make sure your request credentials have permission to GetObject for "
    "<bucket>/<key>"
)
_SOURCE_DENIED = "CodePipeline service role <role> is getting S3 access denied for the S3 bucket <bucket>"


@check(
    "B1",
    ERROR,
    "The deploy role may not read the artifacts: the artifact bucket's policy and the role's own have to allow it",
    fix="allow the target account, or the deploy role, s3:GetObject* on the bucket's objects and s3:ListBucket on the "
    "bucket, in the bucket's policy and in a policy of the role",
    symptom=_DENIED,
    slugs=("artifact-statements", "artifact-access"),
)
def artifacts_not_readable(subject: Subject) -> Iterator[Evidence]:
    """What the deploy role's requests on the artifact buckets lack, on either side."""
    for side, slug in ((Side.RESOURCE, "artifact-statements"), (Side.IDENTITY, "artifact-access")):
        found = lacks(subject, lambda lack, side=side: _of_deploy_role(subject, lack) and lack.reason.side is side)  # type: ignore[misc]
        yield from told(subject, found, slugs=(slug,))


def _of_deploy_role(subject: Subject, lack: Lack) -> bool:
    """Whether it is about reading: the same role may write there as a source action, which is another thing."""
    request = lack.request
    reads = request.action != "s3:PutObject"
    return reads and request.caller.arn == subject.deploy_role and subject.is_artifact(request.resource)


def _of_service_role(subject: Subject, lack: Lack) -> bool:
    """Whether it is about a bucket of the pipeline's account, asked for by the service role."""
    request = lack.request
    s3 = request.action.startswith("s3:") and request.resource.partition("/")[0] != subject.bucket_arn(
        subject.output_bucket
    )
    return s3 and request.caller.arn == subject.service_role and lack.reason.side in POLICIES


@check(
    "B2",
    ERROR,
    "A statement looks right and grants nothing: an action on objects needs the bucket's ARN with /*, one on the "
    "bucket the ARN without",
    fix="split the statement: object actions on arn:aws:s3:::<bucket>/*, bucket actions on arn:aws:s3:::<bucket>",
    symptom="Access Denied, although the policy names the action, the role and the bucket",
    slugs=("artifact-statements", "artifact-access", "output-access", "service-role"),
    rather_than=("B1", "B3", "B4", "D1", "R16"),
)
def wrong_half_of_the_bucket(subject: Subject) -> Iterator[Evidence]:
    """Where a request lacks, a statement that allows the action on the other half only."""
    told_already = set()
    for lack in lacks(subject, _missing_of_s3):
        for each in beside(subject, lack):
            half = _other_half(lack.request.resource)
            if each.allows and each.acts(lack.request.action) and half in each.resources and each not in told_already:
                told_already.add(each)
                line = f"{each.place}: {lack.request.action} on {half}, and not on {lack.request.resource}"
                yield Evidence(each.policy.account, line, lack.about, (_slug_of(subject, lack),))


def _slug_of(subject: Subject, lack: Lack) -> str:
    """The change by which the policy that lacks is written."""
    if lack.reason.side is Side.RESOURCE:
        return "artifact-statements"
    if lack.request.caller.arn == subject.service_role:
        return "service-role"
    return "artifact-access" if subject.is_artifact(lack.request.resource) else "output-access"


def _missing_of_s3(lack: Lack) -> bool:
    return lack.request.action.startswith("s3:") and lack.reason.effect is Effect.MISSING


def _other_half(resource: str) -> str:
    bucket, slash, _ = resource.partition("/")
    return bucket if slash else f"{bucket}/*"


@check(
    "B3",
    ERROR,
    "The service role may not ask for versions: the source action needs them",
    fix="allow the service role s3:GetObjectVersion on the objects and s3:GetBucketVersioning on the bucket",
    symptom="The source action fails: Access Denied (Service: Amazon S3; Status Code: 403)",
    slugs=("service-role",),
)
def no_versions(subject: Subject) -> Iterator[Evidence]:
    """What the service role's requests about versions lack."""
    of_versions = lacks(subject, lambda lack: _of_service_role(subject, lack) and lack.request.action in _VERSIONS)
    yield from told(subject, of_versions)


@check(
    "B4",
    ERROR,
    "The service role may not use the pipeline's buckets as it has to",
    fix="allow the service role to list, read and write the artifact bucket, and to read the source",
    symptom=_SOURCE_DENIED,
    slugs=("service-role",),
)
def service_role_kept_out(subject: Subject) -> Iterator[Evidence]:
    """All else that its requests on these buckets lack."""
    others = lacks(subject, lambda lack: _of_service_role(subject, lack) and lack.request.action not in _VERSIONS)
    yield from told(subject, others)


@check(
    "B6",
    INFO,
    "The artifact bucket's Deny of insecure connections covers its objects only, not the bucket itself",
    fix="add the bucket's ARN beside the one with /*",
    symptom="None: CodePipeline uses TLS; scanners report it",
)
def insecure_listing(subject: Subject) -> Iterator[Evidence]:
    """As CodePipeline's own default policy has it."""
    for arn, held in subject.artifact_policies:
        denying = [each for each in written(held) if not each.allows and _about_tls(each)]
        if denying and not any(arn in each.resources or "*" in each.resources for each in denying):
            yield from (Evidence(held.account, f"{each.place}: {', '.join(each.resources)}", arn) for each in denying)


def _about_tls(each: Written) -> bool:
    return any(key == "aws:securetransport" for _, key, _ in each.conditions)


@check(
    "B7",
    ERROR,
    "The artifact bucket is in another region than the pipeline",
    fix="name an artifact bucket in the pipeline's region",
    symptom="InternalError with code JobFailed, or: the bucket is not located in the <region> AWS region",
)
def bucket_in_another_region(subject: Subject) -> Iterator[Evidence]:
    """Each store's bucket has to be in the store's region."""
    for store in subject.stores:
        found = subject.bucket(store.bucket)
        if found and found.region != store.region:
            line = f"{subject.place_of(store)}: bucket {store.bucket} is in {found.region}, not in {store.region}"
            yield Evidence(found.account, line, subject.bucket_arn(store.bucket))


@check(
    "B8",
    ERROR,
    "An action is in a region for which the pipeline has no artifact store of its own account",
    fix="make a bucket in that region in the pipeline's account, and name one artifact store for each region",
    symptom="The pipeline cannot be saved, or: Replication of artifact '<name>' failed",
)
def no_store_in_the_region(subject: Subject) -> Iterator[Evidence]:
    """The stores against the regions of the actions, and the owners of their buckets."""
    regions = {store.region for store in subject.stores}
    for one in subject.actions:
        if one.region not in regions:
            line = (
                f"{subject.place_of(one)}: region {one.region}; artifact stores: {', '.join(sorted(regions)) or 'none'}"
            )
            yield Evidence(subject.dev.name, line)
    for store in subject.stores:
        found = subject.bucket(store.bucket)
        if found and found.account_id != subject.dev.id:
            line = f"{subject.place_of(store)}: bucket {store.bucket} is of {found.account_id}"
            yield Evidence(found.account, line, severity=WARNING)


CHECKS = (
    artifacts_not_readable,
    wrong_half_of_the_bucket,
    no_versions,
    service_role_kept_out,
    insecure_listing,
    bucket_in_another_region,
    no_store_in_the_region,
)

LEFT_OUT = {
    "B10": "no user reported it; the plan shows whatever of ours was overwritten as a change",
    "B12": "no user reported it; where a prefix keeps the role out, B1 and B4 show the statement",
}
