"""One deployment: a pipeline in one account that deploys to a bucket in another."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from reconcile.desired import forms
from reconcile.desired.models import (
    CLOSED,
    Account,
    Artifacts,
    DeployRole,
    Key,
    Named,
    Output,
    ServiceRole,
    Source,
    policy_owner,
)

if TYPE_CHECKING:
    from reconcile.desired.config import Config

_ROLE_NAME_LIMIT = 64
_TAGS_LIMIT = 45
"""AWS allows 50 tags; the rest is left for the tags that mark what this tool created."""


class Deployment(Named):
    """A pipeline, the bucket it deploys to, and everything that must agree in both accounts."""

    pipeline: Annotated[str, forms.PIPELINE] = Field(description="Name of the pipeline.")
    pipeline_account: Annotated[str, forms.NAME] = Field(
        default="dev", description="Account of the pipeline: a name under [accounts]."
    )
    target_account: Annotated[str, forms.NAME] = Field(
        default="prod", description="Account that is deployed to: a name under [accounts]."
    )
    grants: Literal["article", "least-privilege", "sufficient"] = Field(
        default="article",
        description="Which permissions are wanted: the article's, the least that work, or whatever is live "
        "as long as the deployment works.",
    )
    missing: Literal["create", "report"] = Field(
        default="create", description="What to do about buckets, key, roles and pipeline that do not exist."
    )
    report_only: tuple[Annotated[str, forms.REPORT_ONLY], ...] = Field(
        default=(),
        strict=False,
        description="Changes that others own, as globs of slugs: planned and proven, never written.",
    )
    permissions_boundary: Annotated[str, forms.POLICY_ARN.or_empty] = Field(
        default="",
        description="ARN of the permissions boundary of roles that are created: those of the policy's own account, "
        "or all if AWS manages it.",
    )
    tags: dict[Annotated[str, forms.TAG_KEY], Annotated[str, forms.TAG_VALUE]] = Field(
        default={},
        max_length=_TAGS_LIMIT,
        description="Tags of everything that is created.",
        json_schema_extra=CLOSED,
    )
    key: Key = Field(default=Key(), description="The KMS key of the artifacts.")
    service_role: ServiceRole = Field(default=ServiceRole(), description="The role of the pipeline.")
    source: Source | None = Field(
        default=None, description="The pipeline's S3 source; left out: the source is not looked at."
    )
    artifacts: Artifacts = Field(description="The artifact store of the pipeline.")
    output: Output = Field(description="Where the pipeline deploys to.")
    deploy_role: DeployRole = Field(default=DeployRole(), description="The role of the deploy action.")

    def completed(self, accounts: Mapping[str, Account]) -> "Deployment":
        """Return a copy with the defaults that follow from its accounts, as far as those are known."""
        update: dict[str, Any] = {}
        pipeline, target = accounts.get(self.pipeline_account), accounts.get(self.target_account)
        if self.key.arn and "alias" not in self.key.model_fields_set:
            update["key"] = self.key.model_copy(update={"alias": ""})  # only a name that was given is wanted beside it
        if pipeline:
            name = f"AWSCodePipelineServiceRole-{pipeline.region}-{self.pipeline}"[:_ROLE_NAME_LIMIT]
            role = {"name": self.service_role.name or name, **self._boundary(self.service_role, pipeline)}
            update["service_role"] = self.service_role.model_copy(update=role)
        if target:
            update["deploy_role"] = self.deploy_role.model_copy(update=self._boundary(self.deploy_role, target))
            update["output"] = self.output.model_copy(update={"region": self.output.region or target.region})
        return self.model_copy(update=update)

    def _boundary(self, role: ServiceRole | DeployRole, account: Account) -> dict[str, str]:
        """The boundary of a role of this account; a policy bounds only roles of its own account."""
        common = self.permissions_boundary
        applies = policy_owner(common) in {"aws", account.id}
        return {"permissions_boundary": role.permissions_boundary or (common if applies else "")}

    def service_role_arn(self, config: "Config") -> str:
        """ARN of the pipeline's own role, with its path."""
        account, role = config.pipeline_account(self), self.service_role
        return f"arn:{account.partition}:iam::{account.id}:role{role.path}{role.name}"

    def deploy_role_arn(self, config: "Config") -> str:
        """ARN of the deploy action's role, with its path."""
        account, role = config.target_account(self), self.deploy_role
        return f"arn:{account.partition}:iam::{account.id}:role{role.path}{role.name}"

    def pipeline_arn(self, config: "Config") -> str:
        """ARN of the pipeline."""
        return config.pipeline_account(self).pipeline_arn(self.pipeline)
