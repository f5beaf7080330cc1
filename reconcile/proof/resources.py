"""What a proof asks about: roles, keys and buckets, each with every policy and setting that has a say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconcile.errors import PolicyMalformed, XacctError
from reconcile.policy import is_public, parse
from reconcile.policy.request import HeldPolicy


@dataclass(frozen=True, slots=True)
class Role:
    """A role with its own policies."""

    account: str
    """The account's name in the TOML."""
    account_id: str
    arn: str
    trust: HeldPolicy
    identity: tuple[HeldPolicy, ...]
    boundary: HeldPolicy | None
    unique_id: str = ""
    """``AROA…``; empty where it is not known."""
    created: str = ""
    """When, ISO 8601; empty where it is not known."""

    @property
    def name(self) -> str:
        """Without its path."""
        return self.arn.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Key:
    """A KMS key. The texts are those of DescribeKey."""

    account: str
    account_id: str
    arn: str
    state: str
    spec: str
    usage: str
    manager: str
    deletion: str
    policy: HeldPolicy

    @property
    def region(self) -> str:
        """Where it is."""
        return self.arn.split(":")[3]


@dataclass(frozen=True, slots=True)
class Encryption:
    """How a bucket encrypts what is written without a wish: ``AES256``, ``aws:kms``, ``aws:kms:dsse``."""

    algorithm: str
    key: str = ""
    """As the bucket names it; empty for AWS's own key."""
    bucket_key: bool = False


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket with its settings, each of which may be unreadable."""

    account: str
    account_id: str
    name: str
    region: str
    policy: HeldPolicy
    versioning: str | XacctError
    """``Enabled``, ``Suspended`` or empty."""
    encryption: Encryption | XacctError
    ownership: str | XacctError
    """``BucketOwnerEnforced``, ``BucketOwnerPreferred``, ``ObjectWriter``; empty where none was ever set."""
    public_access: Mapping[str, bool] | XacctError = field(hash=False)
    """``BlockPublicAcls`` and so on, of the bucket; what bucket or account blocks is blocked."""
    account_public_access: Mapping[str, bool] | XacctError = field(hash=False)
    """The same of the whole account; read only where a public ACL is set, or the policy lets everyone in."""


def opens(policy: HeldPolicy) -> bool:
    """Whether a bucket's policy is public, or may be for all that can be told from here."""
    try:
        return policy.document is not None and is_public(parse(policy.document)) is not False
    except PolicyMalformed:  # what it says of requests is not known either
        return False
