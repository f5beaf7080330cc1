"""Where the documents are that a proof looks at: addresses, as they follow from ARNs and names."""

from __future__ import annotations

from dataclasses import replace

from reconcile.change import Address
from reconcile.desired import Account, Config, Deployment

_ACCOUNT, _REGION = 4, 3
_PARTS = 6


def account_id(arn: str) -> str:
    """The account's id in an ARN; empty where it names none."""
    parts = arn.split(":")
    return parts[_ACCOUNT] if len(parts) >= _PARTS else ""


def region(arn: str) -> str:
    """The region in an ARN; empty where it names none."""
    parts = arn.split(":")
    return parts[_REGION] if len(parts) >= _PARTS else ""


def owner(config: Config, number: str) -> Account | None:
    """The account of the TOML that has this id."""
    return next((account for account in config.accounts.values() if account.id == number), None)


def at(account: Account, kind: str, resource: str) -> Address:
    """What a kind or sight reads of a resource in the account."""
    return Address(account.name, account.region, kind, resource)


def role(account: Account, arn: str, kind: str = "role") -> Address:
    """A role: by its name, which is the last segment of its ARN."""
    return at(account, kind, f"iam:role/{arn.rpartition('/')[2]}")


def bucket(account: Account, name: str, kind: str = "bucket") -> Address:
    """A bucket, or one of its settings."""
    return at(account, kind, f"s3:bucket/{name}")


def key(config: Config, name: str, account: Account) -> Address | None:
    """A key as a pipeline names it: by ARN, or by an id or alias of the account; None for an account not in the TOML.

    The region is that of the ARN: a key is known nowhere else.
    """
    found = owner(config, account_id(name)) if name.startswith("arn:") else account
    if found is None:
        return None
    return Address(found.name, region(name) or found.region, "key", f"kms:key/{name}")


def trigger(config: Config, deployment: Deployment) -> Address | None:
    """What starts the pipeline on an upload; None where the TOML wants nothing to."""
    source, account = deployment.source, config.pipeline_account(deployment)
    if source is None or source.trigger == "none":
        return None
    found = at(account, "trigger", f"codepipeline:pipeline/{deployment.pipeline}")
    return replace(found, holder=f"{source.bucket}/{source.object_key}")


def project(account: Account, where: str, name: str) -> Address:
    """A CodeBuild project, which is in the region of its action."""
    return Address(account.name, where, "codebuild-project", f"codebuild:project/{name}")
