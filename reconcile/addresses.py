"""Where a deployment's documents are, and the references by which one want names what another makes."""

from __future__ import annotations

from reconcile.change import Address
from reconcile.desired import Config, Deployment
from reconcile.references import reference


def dev(config: Config, deployment: Deployment, kind: str, resource: str, *, holder: str = "") -> Address:
    """An address in the account of the pipeline."""
    account = config.pipeline_account(deployment)
    return Address(account.name, account.region, kind, resource, holder)


def prod(config: Config, deployment: Deployment, kind: str, resource: str, *, holder: str = "") -> Address:
    """An address in the account that is deployed to."""
    account = config.target_account(deployment)
    return Address(account.name, account.region, kind, resource, holder)


def key(config: Config, deployment: Deployment, kind: str) -> Address:
    """The artifact key: by its ARN where the TOML gives one, else by its alias, its pipelines or the tool's tag."""
    account = config.pipeline_account(deployment)
    name = deployment.key.arn or deployment.key.alias
    hints = config.pipelines_with_key(deployment)
    return Address(account.name, account.region, kind, f"kms:key/{name}", hints=hints)


def key_arn(config: Config, deployment: Deployment) -> str:
    """The key's ARN, as a reference until it is known."""
    return deployment.key.arn or reference(key(config, deployment, "key").place, "arn")


def service_role(config: Config, deployment: Deployment, attribute: str) -> str:
    """The service role, as ``arn`` or as ``principal``."""
    return reference(dev(config, deployment, "role", f"iam:role/{deployment.service_role.name}").place, attribute)


def deploy_role(config: Config, deployment: Deployment, attribute: str) -> str:
    """The role in prod that writes the output, as ``arn`` or as ``principal``."""
    return reference(prod(config, deployment, "role", f"iam:role/{deployment.deploy_role.name}").place, attribute)


def bucket_arn(config: Config, deployment: Deployment, bucket: str) -> str:
    """A bucket's ARN in the deployment's partition."""
    return f"arn:{config.pipeline_account(deployment).partition}:s3:::{bucket}"
