"""Buckets: that they exist, in their region, in the account they are meant to be in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconcile import addresses
from reconcile.change import Address, Part, Value, Want
from reconcile.desired import Config, Deployment
from reconcile.errors import AwsError, Blocked
from reconcile.kinds.protocol import Assessment, Document, Kind
from reconcile.ownership import creation_tags, refuse_foreign, tag_list
from reconcile.propagation import Writes
from reconcile.reads import Reads, found

_PART = Part("bucket")
_NO_TAGS = ("NoSuchTagSet", "NoSuchBucket")


class BucketKind(Kind):
    """``{"region"}``. A bucket of another account is not absent: it refuses to be looked at."""

    name = "bucket"
    services = ("s3",)

    def wants(self, config: Config, deployment: Deployment) -> Iterable[Want]:
        """Input and artifact bucket in dev, output bucket in prod."""
        if deployment.source is not None:
            yield _want(config, deployment, "input-bucket", deployment.source.bucket)
        yield _want(config, deployment, "artifact-bucket", deployment.artifacts.bucket)
        yield _want(config, deployment, "output-bucket", deployment.output.bucket)

    def read(self, reads: Reads, address: Address) -> Document | None:
        """HeadBucket, which tells the region too."""
        asked = reads.start(
            address.account,
            "s3",
            "head_bucket",
            region=address.region,
            Bucket=address.name,
            ExpectedBucketOwner=reads.owner(address.account),
        )
        try:
            answer = found(asked, "404", "NoSuchBucket")
        except AwsError as error:
            raise _explained(error, address) from error
        if answer is None:
            return None
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        return {"region": answer.get("BucketRegion") or headers.get("x-amz-bucket-region", address.region)}

    def aim(self, document: Document | None, want: Want) -> Value:
        """Blocked if the bucket is in another region: a bucket cannot be moved."""
        if document is not None and document != want.value:
            raise Blocked(
                f"bucket {want.address.name} is in {document['region']}, not in {want.value['region']}: "
                "name another bucket, or its region"
            )
        return want.value

    def assess(self, document: Document | None, part: Part, after: Value) -> Assessment:
        """A bucket can be taken away only while it is empty."""
        del part
        if document is None and after is not None:
            return Assessment(notes=("rolled back only while the bucket is empty",))
        return Assessment()

    def get(self, document: Document | None, part: Part) -> Value:
        """The document itself."""
        del part
        return document

    def put(self, document: Document | None, part: Part, value: Value) -> Document | None:
        """The value itself."""
        del document, part
        return None if value is None else dict(value)

    def write(
        self,
        writes: Writes,
        address: Address,
        before: Document | None,
        after: Document | None,
        tags: Mapping[str, str],
    ) -> str:
        """Create with its tags, or delete if the tool created it and it is empty."""
        del before
        if after is None:
            self._delete(writes, address)
            return ""
        writes(address.account, "s3", "create_bucket", region=address.region, **_creation(address, after))
        self.finish(writes, address, tags)
        return ""

    def finish(self, writes: Writes, address: Address, tags: Mapping[str, str]) -> None:
        """PutBucketTagging, a call of its own, with the tags that somebody else may have put there since."""
        there = {tag["Key"]: tag["Value"] for tag in _tags(writes, address)}
        wanted = {**there, **creation_tags(address.resource, tags)}
        if wanted != there:
            tagging = {"TagSet": tag_list(wanted)}
            writes(
                address.account,
                "s3",
                "put_bucket_tagging",
                region=address.region,
                Tagging=tagging,
                **_bucket(writes, address),
            )

    def _delete(self, writes: Writes, address: Address) -> None:
        refuse_foreign(address.resource, _tags(writes, address))
        try:
            writes(address.account, "s3", "delete_bucket", region=address.region, **_bucket(writes, address))
        except AwsError as error:
            if error.code == "BucketNotEmpty":
                raise Blocked(f"bucket {address.name} is not empty: it stays, with what is in it") from error
            raise


def _bucket(writes: Writes, address: Address) -> dict[str, str]:
    return {"Bucket": address.name, "ExpectedBucketOwner": writes.owner(address.account)}


def _tags(writes: Writes, address: Address) -> list[dict[str, str]]:
    call = {"account": address.account, "service": "s3", "operation": "get_bucket_tagging", "region": address.region}
    answer = writes.lookup(_NO_TAGS, **call, **_bucket(writes, address))
    return list((answer or {}).get("TagSet", []))


def _want(config: Config, deployment: Deployment, slug: str, bucket: str) -> Want:
    prod = slug == "output-bucket"
    where = addresses.prod if prod else addresses.dev
    address = where(config, deployment, BucketKind.name, f"s3:bucket/{bucket}")
    return Want(
        deployment=deployment.name,
        slug=slug,
        address=address,
        part=_PART,
        value={"region": address.region},
        title=f"{slug.partition('-')[0]} bucket {bucket}",
        creates=True,
        tags=deployment.tags,
        create_missing=deployment.missing == "create",
    )


def _creation(address: Address, after: Document) -> dict[str, object]:
    """us-east-1 is the one region that must not be named."""
    where: dict[str, object] = {"CreateBucketConfiguration": {"LocationConstraint": after["region"]}}
    return {"Bucket": address.name, **({} if after["region"] == "us-east-1" else where)}


def _explained(error: AwsError, address: Address) -> AwsError:
    if error.code in ("403", "AccessDenied"):
        return AwsError(
            error.account,
            error.call,
            "AccessDenied",
            f"bucket {address.name} exists, but it belongs to another account or these credentials may not see it",
        )
    return error


KIND = BucketKind()
