"""What a bucket does by itself with what is written to it, and what it lets nobody do."""

from __future__ import annotations

from reconcile.change import Address
from reconcile.proof.sights.protocol import Document, Sight, of_bucket
from reconcile.reads import Reads, found

_PLAIN = {"algorithm": "AES256", "key": "", "bucket_key": False}
"""What S3 does where a bucket says nothing."""


def _encryption(reads: Reads, address: Address) -> Document | None:
    """GetBucketEncryption: ``{"algorithm", "key", "bucket_key"}``."""
    answer = of_bucket(reads, address, "get_bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError")
    if answer is None:
        return None
    rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    default = next((each for each in rules if "ApplyServerSideEncryptionByDefault" in each), None)
    if default is None:
        return dict(_PLAIN)
    said = default["ApplyServerSideEncryptionByDefault"]
    return {
        "algorithm": said["SSEAlgorithm"],
        "key": said.get("KMSMasterKeyID", ""),
        "bucket_key": bool(default.get("BucketKeyEnabled")),
    }


def _ownership(reads: Reads, address: Address) -> Document | None:
    """GetBucketOwnershipControls: ``{"ownership"}``; empty where none was ever set, as before April 2023."""
    answer = of_bucket(reads, address, "get_bucket_ownership_controls", "OwnershipControlsNotFoundError")
    if answer is None:
        return None
    rules = answer.get("OwnershipControls", {}).get("Rules", [])
    return {"ownership": rules[0]["ObjectOwnership"] if rules else ""}


def _public_access(reads: Reads, address: Address) -> Document | None:
    """GetPublicAccessBlock of the bucket: ``{"BlockPublicAcls": bool, …}``."""
    answer = of_bucket(reads, address, "get_public_access_block", "NoSuchPublicAccessBlockConfiguration")
    return None if answer is None else dict(answer.get("PublicAccessBlockConfiguration", {}))


def _account_public_access(reads: Reads, address: Address) -> Document | None:
    """GetPublicAccessBlock of the whole account."""
    asked = reads.start(
        address.account,
        "s3control",
        "get_public_access_block",
        region=address.region,
        AccountId=reads.owner(address.account),
    )
    answer = found(asked, "NoSuchPublicAccessBlockConfiguration")
    return dict((answer or {}).get("PublicAccessBlockConfiguration", {}))


SIGHTS = (
    Sight("bucket-encryption", ("s3",), _encryption),
    Sight("bucket-ownership", ("s3",), _ownership),
    Sight("bucket-public-access", ("s3",), _public_access),
    Sight("account-public-access", ("s3control",), _account_public_access),
)
