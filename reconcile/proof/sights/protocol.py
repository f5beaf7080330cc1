"""What a sight is: a reader of one sort of document that only the proof needs. Nothing plans or writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reconcile.change import Address
from reconcile.errors import AwsError
from reconcile.reads import Reads, found

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sight:
    """How one sort of document is read; the laws of :meth:`reconcile.kinds.protocol.Kind.read` hold for ``read``."""

    name: str
    """As ``kind`` of the addresses; no kind has it too."""
    services: tuple[str, ...]
    read: Callable[[Reads, Address], Document | None]


def of_bucket(reads: Reads, address: Address, operation: str, unset: str) -> Document | None:
    """The answer of an S3 call about the bucket at the address; empty for the code ``unset``, None for no bucket."""
    asked = reads.start(
        address.account,
        "s3",
        operation,
        region=address.region,
        Bucket=address.name,
        ExpectedBucketOwner=reads.owner(address.account),
    )
    try:
        return found(asked, "NoSuchBucket")
    except AwsError as error:
        if error.code == unset:
            return {}
        raise
