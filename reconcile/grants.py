"""Which access each side of the chain is to be granted: the statements of every policy, as data.

Two ways to write them, chosen by ``grants`` of a deployment:

    article           what the AWS article writes, statement by statement
    least-privilege   no more than what the proof asks for; prod's role instead of its whole account, named by
                      ``aws:PrincipalArn``, which survives that the role is deleted and made again
    sufficient        filled with the least privilege; what is live and grants that much is left as it is
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconcile import addresses
from reconcile.change import Grant
from reconcile.desired import Config, Deployment
from reconcile.policy import Need

KEY_USE = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey")
KEY_GRANTS = ("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant")
KEY_ADMINISTRATION = (
    "kms:Create*",
    "kms:Describe*",
    "kms:Enable*",
    "kms:List*",
    "kms:Put*",
    "kms:Update*",
    "kms:Revoke*",
    "kms:Disable*",
    "kms:Get*",
    "kms:Delete*",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:ScheduleKeyDeletion",
    "kms:CancelKeyDeletion",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One statement that is wanted, under a Sid that says whose it is and what it is for."""

    label: str
    need: Need

    @property
    def sid(self) -> str:
        """``Xacct``, the label, and a digest of principal, resources and conditions.

        The same grant has the same Sid whichever deployment wants it, and no two others share one: so two
        set-ups that meet in one document neither overwrite each other's statement nor write it twice.
        """
        need = self.need
        told = json.dumps([need.principal, sorted(need.resources), _plain(need.conditions)], sort_keys=True)
        return f"Xacct{self.label}{hashlib.sha256(told.encode()).hexdigest()[:8]}"

    @property
    def statement(self) -> dict[str, Any]:
        """The statement to write."""
        return self.need.statement(self.sid)


def statements(wanted: Iterable[Wanted]) -> list[dict[str, Any]]:
    """The wanted statements in the order of their Sids: the normal form of a part that holds statements."""
    return [each.statement for each in sorted(wanted, key=lambda each: each.sid)]


def sids(wanted: Iterable[Wanted]) -> tuple[str, ...]:
    """The Sids of the wanted statements, in order."""
    return tuple(sorted(each.sid for each in wanted))


def granted(wanted: Iterable[Wanted], principal: str = "") -> tuple[Grant, ...]:
    """What the statements give, and to whom; ``principal`` is the role that holds an identity policy."""
    return tuple(
        Grant(each.need.principal[1] if each.need.principal else principal, each.need.actions, resource)
        for each in wanted
        for resource in each.need.resources or ("this role",)
    )


def is_article(deployment: Deployment) -> bool:
    """Whether the deployment is granted what the article writes, or the least that serves."""
    return deployment.grants == "article"


def trust(config: Config, deployment: Deployment) -> tuple[Wanted, ...]:
    """Who may assume prod's role."""
    if is_article(deployment):
        principal = addresses.service_role(config, deployment, "principal")
        return (Wanted("Trust", Need(("AWS", principal), ("sts:AssumeRole",), ())),)
    root = config.pipeline_account(deployment).root_arn
    only = {"ArnEquals": {"aws:PrincipalArn": (addresses.service_role(config, deployment, "arn"),)}}
    return (Wanted("Trust", Need(("AWS", root), ("sts:AssumeRole",), (), only)),)


def assume_deploy_role(config: Config, deployment: Deployment) -> tuple[Wanted, ...]:
    """What the service role needs to become prod's role."""
    role = addresses.deploy_role(config, deployment, "arn")
    return (Wanted("Assume", Need(None, ("sts:AssumeRole",), (role,))),)


def output_access(config: Config, deployment: Deployment) -> tuple[Wanted, ...]:
    """What prod's role needs of the output bucket."""
    bucket = addresses.bucket_arn(config, deployment, deployment.output.bucket)
    if is_article(deployment):
        return (
            Wanted("OutputObjects", Need(None, ("s3:Put*",), (f"{bucket}/*",))),
            Wanted("OutputBucket", Need(None, ("s3:ListBucket",), (bucket,))),
        )
    acl = ("s3:PutObjectAcl",) if deployment.output.canned_acl else ()
    return (Wanted("OutputObjects", Need(None, ("s3:PutObject", *acl), (f"{bucket}/*",))),)


def artifact_access(config: Config, deployment: Deployment) -> tuple[Wanted, ...]:
    """What prod's role needs of the artifacts and of their key, on its own side."""
    bucket = addresses.bucket_arn(config, deployment, deployment.artifacts.bucket)
    article = is_article(deployment)
    key_actions = KEY_USE if article else ("kms:Decrypt", "kms:DescribeKey")
    return (
        Wanted("ArtifactKey", Need(None, key_actions, (addresses.key_arn(config, deployment),))),
        Wanted("ArtifactObjects", Need(None, ("s3:Get*",) if article else _READ_OBJECT, (f"{bucket}/*",))),
        Wanted("ArtifactBucket", Need(None, ("s3:ListBucket",), (bucket,))),
    )


def artifact_bucket(config: Config, deployment: Deployment) -> tuple[Wanted, ...]:
    """What the artifact bucket grants to prod."""
    bucket = addresses.bucket_arn(config, deployment, deployment.artifacts.bucket)
    root, only = _prod(config, deployment)
    actions = ("s3:Get*", "s3:Put*") if is_article(deployment) else _READ_OBJECT
    return (
        Wanted("ArtifactObjects", Need(root, actions, (f"{bucket}/*",), only)),
        Wanted("ArtifactBucket", Need(root, ("s3:ListBucket",), (bucket,), only)),
    )


def key_sharing_least(config: Config, deployment: Deployment) -> tuple[Wanted, ...]:
    """What the key grants to prod where the console's own statements would be too wide."""
    root, only = _prod(config, deployment)
    return (Wanted("KeySharing", Need(root, ("kms:Decrypt", "kms:DescribeKey"), ("*",), only)),)


def key_users_least(config: Config, deployment: Deployment) -> tuple[Wanted, ...]:
    """What the key grants to the service role; who else is listed may use it as the console has it."""
    role = addresses.service_role(config, deployment, "principal")
    own = ("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey")
    others = (Wanted("KeyUser", Need(("AWS", user), KEY_USE, ("*",))) for user in sorted(set(deployment.key.users)))
    return (Wanted("KeyUse", Need(("AWS", role), own, ("*",))), *others)


def service_role_base(config: Config, deployment: Deployment) -> tuple[Wanted, ...]:
    """What the service role needs of the source and artifact buckets.

    The article has the console's policy of today. The least is what the console's policies of all years have in
    common, since each of them is known to serve.
    """
    buckets = [deployment.artifacts.bucket, *([deployment.source.bucket] if deployment.source else [])]
    arns = tuple(addresses.bucket_arn(config, deployment, bucket) for bucket in buckets)
    more = ("s3:GetBucketAcl", "s3:GetBucketLocation", "s3:ListBucket") if is_article(deployment) else ()
    looks = tuple(sorted((*more, "s3:GetBucketVersioning")))
    tagging = ("s3:GetObjectTagging",) if is_article(deployment) else ()
    own = (
        Wanted("PipelineBuckets", Need(None, looks, arns)),
        Wanted("PipelineArtifacts", Need(None, (*_READ_OBJECT, "s3:PutObject"), (f"{arns[0]}/*",))),
    )
    if deployment.source is None:
        return own
    objects = "*" if is_article(deployment) else deployment.source.object_key
    return (*own, Wanted("PipelineSource", Need(None, (*_READ_OBJECT, *tagging), (f"{arns[1]}/{objects}",))))


def service_trust() -> Wanted:
    """CodePipeline itself may become the service role."""
    return Wanted("Service", Need(("Service", "codepipeline.amazonaws.com"), ("sts:AssumeRole",), ()))


def start_pipeline(pipeline_arn: str) -> Wanted:
    """EventBridge may start the pipeline."""
    return Wanted("Start", Need(None, ("codepipeline:StartPipelineExecution",), (pipeline_arn,)))


_READ_OBJECT = ("s3:GetObject", "s3:GetObjectVersion")


def _prod(config: Config, deployment: Deployment) -> tuple[tuple[str, str], Mapping[str, Any]]:
    root = ("AWS", config.target_account(deployment).root_arn)
    if is_article(deployment):
        return root, {}
    return root, {"ArnEquals": {"aws:PrincipalArn": (addresses.deploy_role(config, deployment, "arn"),)}}


def _plain(conditions: Mapping[str, Any]) -> Any:
    return {operator: {key: sorted(values) for key, values in keys.items()} for operator, keys in conditions.items()}
