"""The whole file, and its JSON Schema."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from reconcile.desired import forms
from reconcile.desired.agreement import disagreements
from reconcile.desired.deployment import Deployment
from reconcile.desired.models import CLOSED, Account, Key, Table
from reconcile.desired.wording import refuse

PolicyFiles = dict[
    Annotated[str, forms.NAME], Annotated[tuple[Annotated[str, forms.FILE], ...], Field(strict=False, max_length=32)]
]


class Journal(Table):
    """Where is written what was applied and rolled back."""

    url: Annotated[str, forms.JOURNAL_URL.or_empty] = Field(
        default="",
        description="Path of the journal or s3://<bucket>/<prefix>; left out: the user's own journal.",
    )


class Proof(Table):
    """What the access proof takes for granted."""

    assume: tuple[Literal["scp", "rcp"], ...] = Field(
        default=(),
        strict=False,
        description="Organization policies to take as allowing everything, where they cannot be read.",
    )
    scp: PolicyFiles = Field(
        default={},
        description="By account: files that hold its service control policies, one for each level from the root down.",
        json_schema_extra=CLOSED,
    )
    rcp: PolicyFiles = Field(
        default={},
        description="By account: files that hold its resource control policies, one for each level from the root down.",
        json_schema_extra=CLOSED,
    )
    organization: Annotated[str, forms.NAME.or_empty] = Field(
        default="", description="Account, by its name under [accounts], that may read AWS Organizations."
    )


class Config(Table):
    """The desired state: accounts, and the deployments between them."""

    accounts: dict[Annotated[str, forms.NAME], Account] = Field(
        min_length=1, description="The accounts, each under a name of your own.", json_schema_extra=CLOSED
    )
    deployments: dict[Annotated[str, forms.NAME], Deployment] = Field(
        min_length=1, description="The deployments, each under a name of your own.", json_schema_extra=CLOSED
    )
    read_only: bool = Field(default=False, description="Whether every write is refused.")
    journal: Journal = Field(default=Journal(), description="The journal.")
    proof: Proof = Field(default=Proof(), description="The access proof.")

    _path: str = PrivateAttr(default="")
    _sha256: str = PrivateAttr(default="")

    @property
    def path(self) -> str:
        """The file that this was read from, as it was named."""
        return self._path

    @property
    def sha256(self) -> str:
        """The SHA-256 of that file's bytes, in hexadecimal."""
        return self._sha256

    def read_from(self, path: str, sha256: str) -> Self:
        """Say where this comes from, once, when the file is read."""
        self._path, self._sha256 = path, sha256
        return self

    def pipeline_account(self, deployment: Deployment) -> Account:
        """Return the account that the deployment's pipeline is in."""
        return self.accounts[deployment.pipeline_account]

    def target_account(self, deployment: Deployment) -> Account:
        """Return the account that the deployment writes to."""
        return self.accounts[deployment.target_account]

    def pipelines_with_key(self, deployment: Deployment) -> tuple[str, ...]:
        """Return the pipelines of every deployment, this one among them, that has the same key."""
        return self._pipelines[deployment.pipeline_account, deployment.key]

    @cached_property
    def _pipelines(self) -> Mapping[tuple[str, Key], tuple[str, ...]]:
        found: dict[tuple[str, Key], list[str]] = {}
        for deployment in self.deployments.values():
            found.setdefault((deployment.pipeline_account, deployment.key), []).append(deployment.pipeline)
        return {key: tuple(pipelines) for key, pipelines in found.items()}

    @field_validator("accounts")
    @classmethod
    def _name_accounts(cls, accounts: dict[str, Account]) -> dict[str, Account]:
        return {name: account.named(name) for name, account in accounts.items()}

    @field_validator("deployments")
    @classmethod
    def _complete(cls, deployments: dict[str, Deployment], info: ValidationInfo) -> dict[str, Deployment]:
        accounts = info.data.get("accounts", {})
        return {name: item.named(name).completed(accounts) for name, item in deployments.items()}

    @model_validator(mode="after")
    def _agree(self) -> Self:
        refuse(disagreements(self))
        return self


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the TOML."""
    title = "Desired state of cross-account S3 deployments"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Config.model_json_schema(),
        "title": title,
    }
