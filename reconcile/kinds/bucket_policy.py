"""The artifact bucket's policy: the two statements that let prod read what dev's pipeline made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconcile import addresses, grants, statement_parts
from reconcile.change import Address, Part, Value, Want
from reconcile.desired import Config, Deployment
from reconcile.kinds.protocol import Assessment, Document, Kind
from reconcile.propagation import Writes
from reconcile.reads import Reads, found

_LIMIT = 20 * 1024


class BucketPolicyKind(Kind):
    """``{"policy"}``: the policy document, or None where the bucket has none."""

    name = "bucket-policy"
    services = ("s3",)

    def wants(self, config: Config, deployment: Deployment) -> Iterable[Want]:
        """Prod may read the artifacts."""
        bucket = deployment.artifacts.bucket
        wanted = grants.artifact_bucket(config, deployment)
        yield Want(
            deployment=deployment.name,
            slug="artifact-statements",
            address=addresses.dev(config, deployment, self.name, f"s3:bucket/{bucket}"),
            part=Part("policy", grants.sids(wanted)),
            value=grants.statements(wanted),
            title=f"{config.target_account(deployment).name} may read the artifacts in {bucket}",
            grants=grants.granted(wanted),
            known={"aws:securetransport": "true", "aws:principalaccount": config.target_account(deployment).id},
        )

    def read(self, reads: Reads, address: Address) -> Document | None:
        """GetBucketPolicy; a bucket without a policy is not absent."""
        asked = reads.start(
            address.account,
            "s3",
            "get_bucket_policy",
            region=address.region,
            Bucket=address.name,
            ExpectedBucketOwner=reads.owner(address.account),
        )
        answer = found(asked, "NoSuchBucket", "NoSuchBucketPolicy")
        return {"policy": statement_parts.parsed(answer["Policy"]) if answer else None}

    def aim(self, document: Document | None, want: Want) -> Value:
        """In sync where anybody's statements grant it."""
        live = (document or {}).get("policy")
        value = statement_parts.aim(live, want)
        statement_parts.refuse_oversized(
            statement_parts.put(live, want.part, value), _LIMIT, f"the policy of {want.address.name}"
        )
        return value

    def assess(self, document: Document | None, part: Part, after: Value) -> Assessment:
        """Deleted principals are dropped with the write."""
        live = (document or {}).get("policy")
        if after == self.get(document, part):
            return Assessment(notes=statement_parts.wider(live, after))
        return Assessment(notes=statement_parts.dead_notes(live))

    def get(self, document: Document | None, part: Part) -> Value:
        """Our statements."""
        return statement_parts.get((document or {}).get("policy"), part)

    def put(self, document: Document | None, part: Part, value: Value) -> Document | None:
        """Our statements replaced."""
        return {"policy": statement_parts.put((document or {}).get("policy"), part, value)}

    def write(
        self,
        writes: Writes,
        address: Address,
        before: Document | None,
        after: Document | None,
        tags: Mapping[str, str],
    ) -> str:
        """PutBucketPolicy of the whole, or DeleteBucketPolicy where nothing is left."""
        del before, tags
        bucket = {"Bucket": address.name, "ExpectedBucketOwner": writes.owner(address.account)}
        document = statement_parts.savable((after or {}).get("policy"))
        if document is None:
            writes(address.account, "s3", "delete_bucket_policy", region=address.region, **bucket)
            return ""
        writes(
            address.account,
            "s3",
            "put_bucket_policy",
            region=address.region,
            document=document,
            Policy=statement_parts.text(document),
            **bucket,
        )
        return ""


KIND = BucketPolicyKind()
