"""The artifact key: a symmetric customer managed key, enabled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconcile import addresses
from reconcile.change import Address, Part, Value, Want
from reconcile.desired import Account, Config, Deployment
from reconcile.errors import Blocked
from reconcile.key_lookup import find_key
from reconcile.kinds.protocol import Assessment, Document, Kind
from reconcile.ownership import creation_tags, refuse_foreign, tag_list
from reconcile.propagation import Writes
from reconcile.reads import Reads

_WINDOW_DAYS = 30
"""The longest window KMS offers before a key is gone."""


class KeyKind(Kind):
    """``{"arn", "state", "spec", "usage", "manager", "deletion"}``, of DescribeKey.

    To put back what was taken away gives another key, since AWS deletes none at once and revives none by itself:
    a key that was given up is not the one that is made in its place.
    """

    name = "key"
    services = ("kms", "codepipeline")

    def wants(self, config: Config, deployment: Deployment) -> Iterable[Want]:
        """The key that the artifacts are encrypted with."""
        given = deployment.key.arn
        yield Want(
            deployment=deployment.name,
            slug="key",
            address=addresses.key(config, deployment, self.name),
            part=Part("key"),
            value={"enabled": True},
            title=f"customer managed key {given or deployment.key.alias}",
            creates=True,
            tags=deployment.tags,
            create_missing=deployment.missing == "create" and not given,
        )

    def read(self, reads: Reads, address: Address) -> Document | None:
        """Found by ARN or alias, else by the pipelines that use it, else by the tool's tag."""
        key = find_key(reads, address)
        if key is None:
            return None
        return {
            "arn": key["Arn"],
            "state": key["KeyState"],
            "spec": key.get("KeySpec", "SYMMETRIC_DEFAULT"),
            "usage": key.get("KeyUsage", "ENCRYPT_DECRYPT"),
            "manager": key["KeyManager"],
            "deletion": str(key.get("DeletionDate", "")),
        }

    def facts(self, account: Account, address: Address, value: Value, document: Document | None) -> Mapping[str, str]:
        """The ARN, once there is a key."""
        del account, address, value
        return {"arn": document["arn"]} if document else {}

    def aim(self, document: Document | None, want: Want) -> Value:
        """Enabled; Blocked for a key that cannot serve."""
        if document is not None and (obstacle := _obstacle(document)):
            raise Blocked(f"key {document['arn']} {obstacle}")
        return want.value

    def assess(self, document: Document | None, part: Part, after: Value) -> Assessment:
        """KMS deletes no key at once."""
        del part
        if document is None and after is not None:
            reason = (
                f"KMS only schedules a deletion: the key stays for {_WINDOW_DAYS} days and can be recovered till then"
            )
            return Assessment(irreversible_reason=reason)
        return Assessment()

    def get(self, document: Document | None, part: Part) -> Value:
        """Whether it can be used; None for a key that is on its way out."""
        del part
        if document is None or document["state"].startswith("Pending"):
            return None
        return {"enabled": document["state"] != "Disabled"}

    def put(self, document: Document | None, part: Part, value: Value) -> Document | None:
        """Existence and state."""
        if self.get(document, part) == value:
            return document
        if value is None:
            return None
        fresh = {"arn": "", "spec": "SYMMETRIC_DEFAULT", "usage": "ENCRYPT_DECRYPT"}
        own = document or {**fresh, "manager": "CUSTOMER", "deletion": ""}
        return {**own, "state": "Enabled" if value["enabled"] else "Disabled"}

    def write(
        self,
        writes: Writes,
        address: Address,
        before: Document | None,
        after: Document | None,
        tags: Mapping[str, str],
    ) -> str:
        """CreateKey, EnableKey, DisableKey or ScheduleKeyDeletion."""
        if after is None:
            return self._schedule_deletion(writes, address, (before or {})["arn"])
        if before is None:
            marked = tag_list(creation_tags(address.resource, tags), "TagKey", "TagValue")
            description = f"artifacts of cross-account deployments ({address.name})"
            writes(
                address.account,
                "kms",
                "create_key",
                region=address.region,
                Tags=marked,
                Description=description,
            )
            return ""
        operation = "enable_key" if after["state"] == "Enabled" else "disable_key"
        writes(address.account, "kms", operation, region=address.region, KeyId=_id(before))
        return ""

    def _schedule_deletion(self, writes: Writes, address: Address, arn: str) -> str:
        answer = writes.read(
            address.account, "kms", "list_resource_tags", region=address.region, KeyId=_id({"arn": arn})
        )
        refuse_foreign(address.resource, answer["Tags"], "TagKey", "TagValue")
        writes(
            address.account,
            "kms",
            "schedule_key_deletion",
            region=address.region,
            KeyId=_id({"arn": arn}),
            PendingWindowInDays=_WINDOW_DAYS,
        )
        return f"{arn} is deleted in {_WINDOW_DAYS} days; until then: aws kms cancel-key-deletion --key-id {arn}"


def _id(document: Document) -> str:
    return str(document["arn"]).rpartition("/")[2]


def _obstacle(document: Document) -> str:
    if document["manager"] == "AWS":
        return "is managed by AWS and cannot be shared with another account: name a customer managed key"
    if document["state"].startswith("Pending"):
        when = f" on {document['deletion']}" if document["deletion"] else ""
        return f"is to be deleted{when}: cancel that (aws kms cancel-key-deletion) or name another key"
    if (document["spec"], document["usage"]) != ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"):
        return f"is {document['spec']} for {document['usage']}: CodePipeline takes symmetric keys for encryption only"
    return ""


KIND = KeyKind()
