"""Finding a KMS key by what is known of it.

CreateKey takes no name and no token: what makes a key findable is its alias, a pipeline that uses it, or the tag
the tool put on it. They are tried in that order, so that a set-up whose alias was deleted still finds its key, and
so that a key made a moment before a crash is not made twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from typing import Any

from reconcile import declaration
from reconcile.change import Address
from reconcile.clients import Answer
from reconcile.errors import AwsError
from reconcile.ownership import TAG, mark
from reconcile.reads import Reads, found

_ABSENT = ("NotFoundException",)
_DYING = ("PendingDeletion", "PendingReplicaDeletion")


def find_key(reads: Reads, address: Address) -> dict[str, Any] | None:
    """KMS's metadata of the key at ``kms:key/<alias or ARN>``, or None where there is none.

    A key that is found by the tool's tag and is waiting for its deletion counts as gone; one that the alias names
    is returned whatever its state, since it stands in the way.
    """
    metadata = _describe(reads, address, address.name)
    if metadata is not None or not address.name.startswith("alias/"):
        return metadata
    return _used_by_pipelines(reads, address) or _tagged(reads, address)


def _describe(reads: Reads, address: Address, key: str) -> dict[str, Any] | None:
    asked = reads.start(address.account, "kms", "describe_key", region=address.region, KeyId=key)
    answer = found(asked, *_ABSENT)
    return answer["KeyMetadata"] if answer else None


def _used_by_pipelines(reads: Reads, address: Address) -> dict[str, Any] | None:
    for pipeline in address.hints:
        asked = reads.start(address.account, "codepipeline", "get_pipeline", region=address.region, name=pipeline)
        answer = found(asked, "PipelineNotFoundException")
        key = declaration.key_id(answer["pipeline"], address.region) if answer else None
        metadata = _describe(reads, address, key) if key and "alias/" not in key else None
        if metadata and metadata["KeyManager"] == "CUSTOMER" and metadata["KeyState"] not in _DYING:
            return metadata
    return None


def _tagged(reads: Reads, address: Address) -> dict[str, Any] | None:
    listed = reads(address.account, "kms", "list_keys", region=address.region)["Keys"]
    asked = [
        (
            key["KeyId"],
            reads.start(address.account, "kms", "list_resource_tags", region=address.region, KeyId=key["KeyId"]),
        )
        for key in listed
    ]
    owned = [key for key, answer in asked if _is_owned(_tags(answer), address)]
    return next(_alive(_describe(reads, address, key) for key in owned), None)


def _tags(answer: Future[Answer]) -> Answer | None:
    """The tags of a key; None also where its own policy keeps us out: the tool makes no such keys."""
    try:
        return found(answer, *_ABSENT)
    except AwsError as error:
        if "resource-based policy" in error.message:
            return None
        raise


def _is_owned(answer: dict[str, Any] | None, address: Address) -> bool:
    tags = {tag["TagKey"]: tag["TagValue"] for tag in (answer or {}).get("Tags", [])}
    return tags.get(TAG) == mark(address.resource)


def _alive(keys: Iterable[dict[str, Any] | None]) -> Iterator[dict[str, Any]]:
    return (key for key in keys if key is not None and key["KeyState"] not in _DYING)
