"""The tables of the TOML. Field descriptions serve the JSON Schema, the wizard and the reference page alike.

An empty text means "left out". Defaults that depend on an account are filled in by ``Config``.
"""

from functools import cache
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator
from pydantic.config import JsonDict

from reconcile.desired import forms
from reconcile.desired.wording import Problem, quoted, refuse

_PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
    "eu-isoe-": "aws-iso-e",
    "eusc-": "aws-eusc",
}
_UPPER = {"arn": "ARN", "id": "id", "acl": "ACL", "mfa": "MFA", "rcp": "RCP", "scp": "SCP", "url": "URL"}

CannedAcl = Literal[
    "",
    "private",
    "public-read",
    "public-read-write",
    "authenticated-read",
    "aws-exec-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
]
"""S3's canned ACLs of objects, as the deploy action spells them."""


@cache
def _partition(region: str) -> str:
    return next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")


def policy_owner(arn: str) -> str:
    """The account id in a policy's ARN, ``aws`` for a policy that AWS manages; empty for no ARN."""
    return (arn.split(":") + [""] * 5)[4]


CLOSED: JsonDict = {"additionalProperties": False}
"""Of dicts: without it JSON Schema lets names pass that do not have their form."""


def _title(name: str, _info: object) -> str:
    words = " ".join(_UPPER.get(word, word) for word in name.split("_"))
    return words[0].upper() + words[1:]


class Table(BaseModel):
    """What all tables share: nothing is converted, unknown keys are refused, values never change."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, field_title_generator=_title)


class Named(Table):
    """A table that is known by the name under which it stands in the TOML."""

    _name: str = PrivateAttr(default="")

    @property
    def name(self) -> str:
        """The last part of the table's header: ``dev`` of ``[accounts.dev]``."""
        private = self.__pydantic_private__ or {}  # asked for all the time, and by way of pydantic it is slow
        return str(private.get("_name", ""))

    def named(self, name: str) -> Self:
        """Give the table its name, once, when the file is read."""
        self._name = name
        return self


class Account(Named):
    """An AWS account in one region, and how to reach it: a profile, a role, or boto3's default chain."""

    id: Annotated[str, forms.ACCOUNT_ID] = Field(description="The account's id: 12 digits.")
    region: Annotated[str, forms.REGION] = Field(description="The region everything in this account is in.")
    profile: Annotated[str, forms.PROFILE.or_empty] = Field(
        default="", description="Profile of the AWS CLI to use; instead of role_arn."
    )
    role_arn: Annotated[str, forms.ROLE_ARN.or_empty] = Field(
        default="", description="Role of this account to assume; instead of profile."
    )
    source_profile: Annotated[str, forms.PROFILE.or_empty] = Field(
        default="", description="Profile that may assume role_arn; left out: the default chain."
    )
    external_id: Annotated[str, forms.EXTERNAL_ID.or_empty] = Field(
        default="", description="External id that the trust policy of role_arn asks for."
    )
    mfa_serial: Annotated[str, forms.MFA_SERIAL.or_empty] = Field(
        default="", description="MFA device whose code is asked for before role_arn is assumed."
    )

    @property
    def partition(self) -> str:
        """The ARN partition of the region: ``aws``, ``aws-cn``, ``aws-us-gov`` and so on."""
        return _partition(self.region)

    @property
    def root_arn(self) -> str:
        """The principal that stands for the whole account."""
        return f"arn:{self.partition}:iam::{self.id}:root"

    def pipeline_arn(self, name: str) -> str:
        """ARN of a pipeline in this account."""
        return f"arn:{self.partition}:codepipeline:{self.region}:{self.id}:{name}"

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        refuse(self._ways_in())
        return self

    def _ways_in(self) -> list[Problem]:
        if self.role_arn:
            other = "left out, because role_arn is given (source_profile names the profile that assumes it)"
            own = f"a role of this account, arn:{self.partition}:iam::{self.id}:role/<name>"
            foreign = not self.role_arn.startswith(f"arn:{self.partition}:iam::{self.id}:")
            return [Problem(("profile",), quoted(self.profile), other)] * bool(self.profile) + [
                Problem(("role_arn",), quoted(self.role_arn), own)
            ] * foreign
        extras = {name: getattr(self, name) for name in ("source_profile", "external_id", "mfa_serial")}
        return [
            Problem((name,), quoted(value), "only together with role_arn") for name, value in extras.items() if value
        ]


class Key(Table):
    """The customer managed KMS key that encrypts the artifacts, in the pipeline's account."""

    alias: Annotated[str, forms.ALIAS.or_empty] = Field(default="alias/s3deploykey", description="Alias of the key.")
    arn: Annotated[str, forms.KEY_ARN.or_empty] = Field(default="", description="ARN of the key; wins over the alias.")
    admins: tuple[Annotated[str, forms.PRINCIPAL_ARN], ...] = Field(
        default=(), strict=False, description="Roles and users that administer the key."
    )
    users: tuple[Annotated[str, forms.PRINCIPAL_ARN], ...] = Field(
        default=(),
        strict=False,
        description="Roles and users that may use the key, beside the service role and the target account.",
    )

    @model_validator(mode="after")
    def _findable(self) -> Self:
        if not self.alias and not self.arn:
            refuse([Problem(("alias",), '""', "alias/<name>, or key.arn instead")])
        return self


class ServiceRole(Table):
    """The role that the pipeline itself runs as, in the pipeline's account."""

    name: Annotated[str, forms.ROLE_NAME.or_empty] = Field(
        default="",
        description="Name of the role; left out: as the console names it, "
        "AWSCodePipelineServiceRole-<region>-<pipeline> cut at 64 characters.",
    )
    path: Annotated[str, forms.PATH] = Field(
        default="/service-role/", description="Path of the role, which is part of its ARN."
    )
    assume_policy: Annotated[str, forms.POLICY_NAME] = Field(
        default="assumeprods3role", description="Policy that lets it assume the deploy role."
    )
    permissions_boundary: Annotated[str, forms.POLICY_ARN.or_empty] = Field(
        default="",
        description="Its permissions boundary when it is created, and that of the trigger's role; left out: the "
        "deployment's.",
    )


class Source(Table):
    """The zip that starts the pipeline, in the pipeline's account."""

    bucket: Annotated[str, forms.BUCKET] = Field(description="Input bucket: the zip is uploaded to it.")
    object_key: Annotated[str, forms.OBJECT_KEY] = Field(description="Key of the zip in the input bucket.")
    trigger: Literal["eventbridge", "cloudtrail", "poll", "none"] = Field(
        default="eventbridge", description="How an upload starts the pipeline, where nothing does so yet."
    )


class Artifacts(Table):
    """The pipeline's artifact store, in the pipeline's account."""

    bucket: Annotated[str, forms.BUCKET] = Field(description="Artifact bucket of the pipeline.")


class Output(Table):
    """Where the pipeline deploys to, in the target account."""

    bucket: Annotated[str, forms.BUCKET] = Field(description="Output bucket: the files are deployed to it.")
    region: Annotated[str, forms.REGION.or_empty] = Field(
        default="", description="Region of the output bucket; left out: the target account's region."
    )
    extract: bool = Field(default=True, description="Whether the zip is unpacked.")
    object_key: Annotated[str, forms.OBJECT_KEY.or_empty] = Field(
        default="", description="Prefix of the deployed files, or the object's key if extract is false."
    )
    canned_acl: CannedAcl = Field(default="", description="Canned ACL of the deployed objects.")
    cache_control: Annotated[str, forms.CACHE_CONTROL.or_empty] = Field(
        default="", description="Cache-Control header of the deployed objects."
    )
    stage: Annotated[str, forms.PIPELINE] = Field(
        default="Deploy", description="Stage of the deploy action in the pipeline."
    )
    action: Annotated[str, forms.PIPELINE] = Field(
        default="Deploy", description="Name of the deploy action in the pipeline."
    )

    @model_validator(mode="after")
    def _object_is_named(self) -> Self:
        if not self.extract and not self.object_key:
            refuse([Problem(("object_key",), '""', "the key of the object, because extract is false")])
        return self


class DeployRole(Table):
    """The role that the deploy action assumes, in the target account."""

    name: Annotated[str, forms.ROLE_NAME] = Field(default="prods3role", description="Name of the role.")
    path: Annotated[str, forms.PATH] = Field(default="/", description="Path of the role, which is part of its ARN.")
    output_policy: Annotated[str, forms.POLICY_NAME] = Field(
        default="outputbucketdeployaccess", description="Policy that lets it write to the output bucket."
    )
    artifact_policy: Annotated[str, forms.POLICY_NAME] = Field(
        default="devkmss3access", description="Policy that lets it read artifacts and use the key."
    )
    permissions_boundary: Annotated[str, forms.POLICY_ARN.or_empty] = Field(
        default="", description="Its permissions boundary when it is created; left out: the deployment's."
    )
