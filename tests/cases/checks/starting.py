"""S and P: what starts the pipeline, and its own declaration."""

from __future__ import annotations

from cases.checks.case import DEPLOY, PIPELINE, Found, Setup, allow, case, no_policy, no_statement
from xacct_tui.demo import article_documents as doc

PIPELINE_ARN = f"arn:aws:codepipeline:{doc.REGION}:{doc.DEV}:{doc.PIPELINE}"
RULE = f"rule {doc.RULE}"
NO_EVENTS = (
    "matches, but its events do not come: the bucket does not tell EventBridge, and no trail records its uploads"
)


@case(Found("S1", "dev", (f"bucket {doc.INPUT}, versioning: Suspended",), ("input-versioning",)))
def not_versioned(setup: Setup) -> None:
    setup.of("bucket-versioning", doc.INPUT)["status"] = "Suspended"


@case(Found("S3", "dev", (f"no rule has {PIPELINE} as its target, and its source does not poll",), ("trigger",)))
def no_rule(setup: Setup) -> None:
    setup.trigger["rules"] = {}


@case(Found("S3", "dev", (f"{RULE}: is disabled, or its target has no role",), ("trigger",)))
def rule_disabled(setup: Setup) -> None:
    setup.rule["enabled"] = False


@case(
    Found(
        "S3",
        "dev",
        (f"{RULE}: {NO_EVENTS}",),
        ("trigger",),
    )
)
def trail_stopped(setup: Setup) -> None:
    for trail in setup.trigger["trails"]:
        trail["logging"] = False


@case(Found("S4", "dev", (f"{RULE}, eventName: without CompleteMultipartUpload, CopyObject",)))
def small_uploads_only(setup: Setup) -> None:
    setup.rule["pattern"]["detail"]["eventName"] = ["PutObject"]


@case(
    Found(
        "S6", "dev", (no_policy(doc.RULE_ROLE, f"codepipeline:StartPipelineExecution on {PIPELINE_ARN}"),), ("trigger",)
    )
)
def rule_may_not_start(setup: Setup) -> None:
    setup.detach(f"start-pipeline-execution-{doc.REGION}-{doc.PIPELINE}")


@case(
    Found(
        "S6",
        "dev",
        (
            no_statement(
                f"trust policy of role {doc.RULE_ROLE}",
                "events.amazonaws.com",
                f"sts:AssumeRole on arn:aws:iam::{doc.DEV}:role/service-role/{doc.RULE_ROLE}",
            ),
        ),
        ("trigger",),
    )
)
def role_of_the_rule_trusts_another(setup: Setup) -> None:
    trust = allow("sts:AssumeRole", principal={"Service": "lambda.amazonaws.com"})
    setup.trust(trust, role=doc.RULE_ROLE, account="dev")


@case(Found("S7", "dev", (f"{PIPELINE}: its source polls, and {RULE} starts it",)))
def starts_twice(setup: Setup) -> None:
    setup.trigger["poll"] = True


@case(
    Found(
        "S8",
        "dev",
        (f"{RULE} is about {{'bucketName': ['another-bucket'], 'key': ['sample-website.zip']}}",),
        ("trigger",),
    )
)
def rule_of_another_source(setup: Setup) -> None:
    setup.rule["pattern"]["detail"]["requestParameters"]["bucketName"] = ["another-bucket"]


@case(
    Found(
        "P3",
        "dev",
        (f"{PIPELINE}, action Deploy/Deploy: artifact Made of 333333333333, taken by {doc.PROD}",),
    )
)
def artifact_between_foreign_accounts(setup: Setup) -> None:
    action = {
        "name": "Make",
        "actionTypeId": {"category": "Invoke", "owner": "AWS", "provider": "Lambda", "version": "1"},
        "configuration": {"FunctionName": "make"},
        "inputArtifacts": [{"name": "SourceArtifact"}],
        "outputArtifacts": [{"name": "Made"}],
        "roleArn": DEPLOY.replace(doc.PROD, "333333333333"),
    }
    setup.pipeline["stages"].insert(1, {"name": "Make", "actions": [action]})
    setup.deploy["inputArtifacts"] = [{"name": "Made"}]


@case(Found("P4", "dev", (f"{PIPELINE}: pipelineType V1, executionMode SUPERSEDED",)))
def first_type(setup: Setup) -> None:
    setup.pipeline["pipelineType"] = "V1"
