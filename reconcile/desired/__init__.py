"""The desired state: what the TOML says, as frozen models that refuse everything AWS would refuse."""

from reconcile.desired.config import Config, Journal, Proof, schema
from reconcile.desired.deployment import Deployment
from reconcile.desired.forms import SLUGS
from reconcile.desired.models import Account, Artifacts, DeployRole, Key, Output, ServiceRole, Source

__all__ = [
    "SLUGS",
    "Account",
    "Artifacts",
    "Config",
    "DeployRole",
    "Deployment",
    "Journal",
    "Key",
    "Output",
    "Proof",
    "ServiceRole",
    "Source",
    "schema",
]
