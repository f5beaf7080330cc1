"""Versioning of the input bucket: CodePipeline's S3 source does not work without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconcile import addresses
from reconcile.change import Address, Part, Value, Want
from reconcile.desired import Config, Deployment
from reconcile.kinds.protocol import Assessment, Document, Kind
from reconcile.propagation import Writes
from reconcile.reads import Reads, found


class BucketVersioningKind(Kind):
    """``{"status"}``: ``Enabled``, ``Suspended``, or empty where it never was enabled.

    Putting "off" back gives ``Suspended`` and no longer the empty status: versioning that was once on can only be
    suspended.
    """

    name = "bucket-versioning"
    services = ("s3",)

    def wants(self, config: Config, deployment: Deployment) -> Iterable[Want]:
        """The input bucket keeps its versions."""
        if deployment.source is None:
            return
        resource = f"s3:bucket/{deployment.source.bucket}"
        yield Want(
            deployment=deployment.name,
            slug="input-versioning",
            address=addresses.dev(config, deployment, self.name, resource),
            part=Part("versioning"),
            value=True,
            title=f"versioning of {deployment.source.bucket}",
        )

    def read(self, reads: Reads, address: Address) -> Document | None:
        """GetBucketVersioning; AWS leaves the status out where versioning never was on."""
        asked = reads.start(
            address.account,
            "s3",
            "get_bucket_versioning",
            region=address.region,
            Bucket=address.name,
            ExpectedBucketOwner=reads.owner(address.account),
        )
        answer = found(asked, "NoSuchBucket")
        return None if answer is None else {"status": answer.get("Status", "")}

    def assess(self, document: Document | None, part: Part, after: Value) -> Assessment:
        """The first enabling cannot be undone wholly."""
        del part
        if after and not (document or {}).get("status"):
            return Assessment(
                irreversible_reason="versioning that was once on can only be suspended, not switched off",
                notes=("AWS asks to wait some 15 minutes after the first enabling before objects are written",),
            )
        return Assessment()

    def get(self, document: Document | None, part: Part) -> Value:
        """Whether new objects get versions; never enabled and suspended are alike."""
        del part
        return (document or {}).get("status") == "Enabled"

    def put(self, document: Document | None, part: Part, value: Value) -> Document | None:
        """Off stays what it was: never enabled, or suspended."""
        if self.get(document, part) == value:
            return document
        return {"status": "Enabled" if value else "Suspended"}

    def write(
        self,
        writes: Writes,
        address: Address,
        before: Document | None,
        after: Document | None,
        tags: Mapping[str, str],
    ) -> str:
        """PutBucketVersioning."""
        del before, tags
        writes(
            address.account,
            "s3",
            "put_bucket_versioning",
            region=address.region,
            Bucket=address.name,
            ExpectedBucketOwner=writes.owner(address.account),
            VersioningConfiguration={"Status": (after or {})["status"]},
        )
        return ""


KIND = BucketVersioningKind()
