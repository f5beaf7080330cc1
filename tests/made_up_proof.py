"""A proof that was made up: of each sort of step, reason and finding one."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from reconcile.change import AccountSeen, Grant
from reconcile.policy.request import Caller, CallerType, Effect, Reason, Request, Side
from reconcile.proof.values import (
    DeploymentProof,
    Excess,
    Finding,
    Hop,
    Proof,
    ProvenChange,
    Severity,
    Step,
    Verdict,
)

ACCOUNTS = (
    AccountSeen("dev", "111111111111", "us-east-1", "arn:aws:sts::111111111111:assumed-role/Admin/demo"),
    AccountSeen("prod", "222222222222", "us-east-1", "arn:aws:sts::222222222222:assumed-role/Admin/demo"),
)
SERVICE = "arn:aws:iam::111111111111:role/service-role/AWSCodePipelineServiceRole-us-east-1-crossaccountdeploy"
DEPLOY = "arn:aws:iam::222222222222:role/prods3role"
STORE = "arn:aws:s3:::codepipeline-us-east-1-0123456789"
KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_SESSION = {"aws:securetransport": ("true",), "aws:multifactorauthpresent": None}


def step(
    title: str, action: str, resource: str, verdict: Verdict = Verdict.PASS, *reasons: Reason, **others: Any
) -> Step:
    """A request of one of the two roles; of the deploy role unless ``caller`` says otherwise."""
    caller = Caller(CallerType.ROLE, others.pop("caller", DEPLOY))
    return Step(title, verdict, reasons, Request(caller, action, resource, "111111111111", _SESSION), **others)


def reason(effect: Effect, side: Side, account: str, policy: str, **others: Any) -> Reason:
    """Why."""
    return Reason(effect, side, account, policy, **others)


ALLOWED = reason(
    Effect.ALLOWS, Side.IDENTITY, "prod", "policy devkmss3access of role prods3role", statement=0, sid="Read"
)
LACKING = reason(Effect.MISSING, Side.RESOURCE, "dev", "policy of bucket codepipeline-us-east-1-0123456789")
NO_POLICY = reason(Effect.MISSING, Side.IDENTITY, "prod", "")
DENIED = reason(Effect.DENIES, Side.SCP, "prod", "p-examplescp of level 1", statement=2, sid="OnlyOurVpc")
UNKNOWN = reason(
    Effect.UNKNOWN,
    Side.RESOURCE,
    "dev",
    "key policy of 1234abcd-12ab-34cd-56ef-1234567890ab",
    statement=1,
    keys=("aws:SourceVpce", "aws:SourceIp"),
)
UNREAD = reason(
    Effect.UNKNOWN, Side.BOUNDARY, "prod", "permissions boundary b", text="AccessDenied: iam:GetPolicyVersion"
)

HOPS = (
    Hop("upload", "an upload starts the pipeline", "whoever uploads", "rule start", "dev", "dev",
        (Step("the rule matches the object", Verdict.PASS, told="rule start matches sample-website.zip"),)),
    Hop("assume-deploy-role", "the service role assumes the deploy role", f"role {SERVICE.rpartition('/')[2]}",
        "role prods3role", "dev", "prod",
        (step("assume it", "sts:AssumeRole", DEPLOY, Verdict.PASS, ALLOWED, caller=SERVICE),)),
    Hop("read-artifact", "the deploy role reads the artifact", "role prods3role", f"bucket {STORE.rpartition(':')[2]}",
        "prod", "dev",
        (step("read the artifact", "s3:GetObject", f"{STORE}/crossaccountdep/*", Verdict.FAIL, LACKING, NO_POLICY,
              repairs=("website/artifact-statements",)),
         step("read its version", "s3:GetObjectVersion", f"{STORE}/crossaccountdep/*", Verdict.FAIL, LACKING, NO_POLICY,
              repairs=("website/artifact-statements",)),
         step("look at the bucket", "s3:GetBucketLocation", STORE, Verdict.PASS, ALLOWED))),
    Hop("decrypt-artifact", "the deploy role decrypts it with the key", "role prods3role", "key 1234abcd",
        "prod", "dev",
        (step("decrypt", "kms:Decrypt", KEY, Verdict.UNKNOWN, UNKNOWN, UNREAD),)),
    Hop("write-output", "the deploy role writes the output", "role prods3role", "bucket codepipeline-output-bucket",
        "prod", "prod",
        (step("write an object", "s3:PutObject", "arn:aws:s3:::codepipeline-output-bucket/*", Verdict.FAIL, DENIED),)),
    Hop("own-output", "prod owns the objects", "bucket codepipeline-output-bucket", "account prod", "prod", "prod",
        (Step("the writer's account owns the bucket", Verdict.PASS, told="both are prod"),)),
)  # fmt: skip

FINDINGS = (
    Finding("K17", Severity.INFO, Verdict.FAIL, "website", "dev", "the key is shared with the whole account",
            ("key policy, Statement[2] allows 222222222222 (root)",), 'set grants = "least-privilege"', ""),
    Finding("B1", Severity.ERROR, Verdict.FAIL, "website", "dev",
            "the artifact bucket's policy does not admit the deploy role",
            ("policy of bucket codepipeline-us-east-1-0123456789: no statement names prod",),
            "add the two statements for prod", "Insufficient permissions: Access Denied (Amazon S3; 403)",
            ("website/artifact-statements",)),
    Finding("K3", Severity.ERROR, Verdict.UNKNOWN, "website", "dev", "the key may be disabled",
            ("kms:DescribeKey: AccessDenied",), "look at the key's state", ""),
    Finding("R8", Severity.WARNING, Verdict.FAIL, "website", "prod", "the role trusts more than the pipeline",
            ("trust policy of role prods3role, Statement[0]",), "name the service role in it",
            "nothing, until misused"),
)  # fmt: skip

EXCESS = (
    Excess("prod", "policy outputbucketdeployaccess of role prods3role", 1, "More",
           (Grant(DEPLOY, ("s3:DeleteObject", "s3:PutBucketPolicy"), "arn:aws:s3:::codepipeline-output-bucket"),)),
)  # fmt: skip

ASSUMPTIONS = (
    "service control policies are taken to allow everything: [proof] assume names scp",
    "KMS grants are not looked at",
)

PROOF = Proof(
    "2026-11-25T09:00:00Z",
    planned=False,
    accounts=ACCOUNTS,
    assumptions=ASSUMPTIONS,
    deployments=(DeploymentProof("website", HOPS, FINDINGS, EXCESS),),
)


UNREAD_BY_ALL = replace(
    PROOF,
    deployments=(
        DeploymentProof(
            "website",
            (
                *HOPS[:2],
                replace(HOPS[2], steps=(step("read it", "s3:GetObject", f"{STORE}/*", Verdict.UNKNOWN, UNREAD),)),
                replace(HOPS[3], steps=(step("decrypt", "kms:Decrypt", KEY, Verdict.UNKNOWN, UNKNOWN, UNREAD),)),
            ),
            (
                FINDINGS[2],
                replace(FINDINGS[2], id="K11", sentence="the key may be deleted"),
                replace(FINDINGS[2], id="R17", account="prod", evidence=(f"{UNREAD.policy}: {UNREAD.text}",)),
            ),
        ),
    ),
)
"""What bounds the deploy role leaves two hops open, and the key's state two findings."""


def passing(hop: Hop) -> Hop:
    """The hop with every step passing."""
    steps = tuple(replace(each, verdict=Verdict.PASS, reasons=(), repairs=()) for each in hop.steps)
    return replace(hop, steps=steps)


HEALTHY = replace(PROOF, deployments=(DeploymentProof("website", tuple(map(passing, HOPS))),))
PLANNED = replace(HEALTHY, planned=True)
PROVEN = (
    ProvenChange("website/artifact-statements", mends=("website/read-artifact",)),
    ProvenChange("website/assume-policy", excess=EXCESS),
    ProvenChange("website/pipeline", breaks=("website/upload", "website/assume-deploy-role")),
)


def spoilt(value: Any, text: str) -> Any:
    """The value with every text in it replaced."""
    if isinstance(value, Enum):
        return value
    if is_dataclass(value):
        return replace(value, **{field.name: spoilt(getattr(value, field.name), text) for field in fields(value)})
    if isinstance(value, dict):
        return {spoilt(key, text): spoilt(each, text) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(spoilt(each, text) for each in value)
    return text if isinstance(value, str) else value
