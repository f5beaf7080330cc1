"""What there is in one account and region that a deployment can be made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from reconcile.clients import Answer, Clients
from reconcile.errors import AwsError
from reconcile.reads import Reads

_SERVICES = ("codepipeline", "kms", "s3", "iam")
_OF_SERVICES = "/aws-service-role/"
"""The path of roles that AWS's services keep for themselves."""


@dataclass(frozen=True, slots=True)
class Key:
    """A customer managed key."""

    arn: str
    aliases: tuple[str, ...]
    description: str
    """Empty too where the key may not be looked at."""
    state: str
    """As KMS tells it, ``Enabled`` for one; empty where the key may not be looked at."""


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role that is not a service's own."""

    name: str
    path: str
    arn: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """What was found, each sorted by name; ``buckets`` are those of all regions, with the region of each."""

    account: str
    region: str
    pipelines: tuple[str, ...]
    keys: tuple[Key, ...]
    buckets: dict[str, str]
    roles: tuple[Role, ...]
    unreadable: tuple[AwsError, ...]
    """What kept something from being seen, each refusal once: an empty list need not mean that there is nothing."""


def inventory(clients: Clients, account: str) -> Inventory:
    """List everything at once; what cannot be listed is told, and the rest is listed all the same."""
    region = clients.accounts[account].region
    clients.open([(account, region, service) for service in _SERVICES])
    listing = _Listing(Reads(clients), account)
    listing.start()
    return Inventory(
        account=account,
        region=region,
        pipelines=tuple(sorted(each["name"] for each in listing.of("codepipeline", "list_pipelines")["pipelines"])),
        keys=tuple(listing.keys()),
        buckets={
            each["Name"]: each.get("BucketRegion", "")
            for each in sorted(listing.of("s3", "list_buckets")["Buckets"], key=lambda each: str(each["Name"]))
        },
        roles=tuple(
            Role(each["RoleName"], each["Path"], each["Arn"])
            for each in sorted(listing.of("iam", "list_roles")["Roles"], key=lambda each: str(each["RoleName"]))
            if not each["Path"].startswith(_OF_SERVICES)
        ),
        unreadable=tuple(listing.refusals.values()),
    )


_LISTINGS: dict[tuple[str, str], tuple[dict[str, Any], str]] = {
    ("kms", "list_keys"): ({"Limit": 1000}, "Keys"),
    ("kms", "list_aliases"): ({"Limit": 100}, "Aliases"),
    ("iam", "list_roles"): ({"MaxItems": 1000}, "Roles"),
    ("s3", "list_buckets"): ({"MaxBuckets": 1000}, "Buckets"),
    ("codepipeline", "list_pipelines"): ({}, "pipelines"),
}
"""Pages come one after the other, so each is as large as may be. S3 tells regions only where it is given a limit."""


@dataclass(slots=True)
class _Listing:
    reads: Reads
    account: str
    refusals: dict[tuple[str, str], AwsError] = field(default_factory=dict)

    def start(self) -> None:
        """Ask everything that needs no other answer."""
        for (service, operation), (parameters, _) in _LISTINGS.items():
            self.reads.start(self.account, service, operation, **parameters)

    def of(self, service: str, operation: str) -> Answer:
        """One listing; an empty one where it was refused."""
        parameters, key = _LISTINGS[service, operation]
        return self._answer(service, operation, **parameters) or {key: []}

    def keys(self) -> Iterator[Key]:
        """Customer managed keys: those of AWS have an alias of AWS's, the others are asked one by one."""
        aliases: dict[str, list[str]] = {}
        for each in self.of("kms", "list_aliases")["Aliases"]:
            aliases.setdefault(each.get("TargetKeyId", ""), []).append(each["AliasName"])
        arns = {each["KeyId"]: each["KeyArn"] for each in self.of("kms", "list_keys")["Keys"]}
        foreign = {key for key, names in aliases.items() if any(name.startswith("alias/aws/") for name in names)}
        wanted = sorted((arns.keys() | aliases.keys()) - foreign - {""}, key=lambda key: (aliases.get(key, ["~"]), key))
        for key in wanted:
            self.reads.start(self.account, "kms", "describe_key", KeyId=key)
        for key in wanted:
            seen = (self._answer("kms", "describe_key", KeyId=key) or {}).get("KeyMetadata", {})
            if seen.get("KeyManager") != "AWS":
                arn = seen.get("Arn") or arns.get(key) or self._arn(key)
                names = tuple(sorted(aliases.get(key, [])))
                yield Key(arn, names, seen.get("Description", ""), seen.get("KeyState", ""))

    def _arn(self, key: str) -> str:
        account = self.reads.clients.accounts[self.account]
        return f"arn:{account.partition}:kms:{account.region}:{account.id}:key/{key}"

    def _answer(self, service: str, operation: str, **parameters: Any) -> Answer | None:
        try:
            return self.reads(self.account, service, operation, **parameters)
        except AwsError as error:
            self.refusals.setdefault((error.call, error.code), error)
            return None
