"""What CodePipeline refuses in a declaration: its structure, and roles that may not be assumed."""

from __future__ import annotations

import json
import re
from typing import Any

from xacct_tui.demo.call import Call, Refusal
from xacct_tui.demo.strict import state
from xacct_tui.demo.strict.evaluate import Question, resource_based
from xacct_tui.demo.strict.pipelines import actions
from xacct_tui.demo.strict.sts import may_assume

_NAME = re.compile(r"[A-Za-z0-9.@\-_]{1,100}")
_PROVIDERS = {
    "Source": ("S3", "CodeCommit", "ECR", "CodeStarSourceConnection", "GitHub"),
    "Build": ("CodeBuild", "Jenkins", "ECRBuildAndPublish"),
    "Test": ("CodeBuild", "DeviceFarm", "Jenkins"),
    "Deploy": (
        "S3",
        "CloudFormation",
        "CodeDeploy",
        "ECS",
        "ElasticBeanstalk",
        "ServiceCatalog",
        "AlexaSkillsKit",
    ),
    "Approval": ("Manual",),
    "Invoke": ("Lambda", "StepFunctions", "CodePipeline"),
    "Compute": ("Commands",),
}
_REQUIRED = {
    ("Source", "S3"): ("S3Bucket", "S3ObjectKey"),
    ("Deploy", "S3"): ("BucketName", "Extract"),
}
_NEEDS_V2 = ("triggers", "variables")
MAX_VALUE = 1000
"""Characters of a configuration value."""


def check(call: Call, declaration: dict[str, Any]) -> None:
    """Raise Refusal for the first thing that is wrong."""
    _check_pipeline(declaration)
    _check_stores(call, declaration)
    _check_stages(declaration["stages"])
    for stage, action in actions(declaration):
        _check_action(call, stage, action)
    _check_artifacts(declaration)
    _check_roles(declaration)


def structure(message: str) -> Refusal:
    """CodePipeline's refusal of a declaration."""
    return Refusal("InvalidStructureException", message)


def _check_pipeline(declaration: dict[str, Any]) -> None:
    name = declaration.get("name", "")
    if not _NAME.fullmatch(name):
        raise Refusal("ValidationException", f"Value '{name}' at 'pipeline.name' failed to satisfy constraint")
    if declaration.get("pipelineType", "V1") != "V2":
        used = [key for key in _NEEDS_V2 if declaration.get(key)]
        if used or declaration.get("executionMode", "SUPERSEDED") != "SUPERSEDED":
            raise structure(f"Pipeline type V1 does not support {', '.join(used) or 'this execution mode'}")


def _check_stores(call: Call, declaration: dict[str, Any]) -> None:
    if ("artifactStore" in declaration) == ("artifactStores" in declaration):
        raise structure("Pipeline must have exactly one of artifactStore and artifactStores")
    stores = declaration.get("artifactStores") or {call.region: declaration["artifactStore"]}
    used = {action.get("region") or call.region for _, action in actions(declaration)} | {call.region}
    if missing := sorted(used - stores.keys()):
        raise structure(f"Pipeline must have an artifact store in each region of its actions: {', '.join(missing)}")
    for store in stores.values():
        if state.bucket(store["location"]) is None:
            text = f"No bucket with the name {store['location']} was found"
            raise structure(f"An error occurred while validating the artifact bucket '{store['location']}': {text}")


def _check_stages(stages: list[dict[str, Any]]) -> None:
    if len(stages) < 2:  # noqa: PLR2004  a source and something to do with it
        text = f"Pipeline has only {len(stages)} stage(s). There should be a minimum of 2 stages in a pipeline"
        raise structure(text)
    _unique("Stage name", [stage["name"] for stage in stages])
    for number, stage in enumerate(stages):
        if not stage.get("actions"):
            raise Refusal("InvalidStageDeclarationException", f"Stage '{stage['name']}' must have an action")
        _unique("Action name", [action["name"] for action in stage["actions"]])
        sources = {action["actionTypeId"]["category"] == "Source" for action in stage["actions"]}
        if sources != {number == 0}:
            raise structure("The first stage must contain only source actions, and no other stage may")


def _unique(what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise structure(f"{what} must be unique. {name} has been used more than once.")


def _check_action(call: Call, stage: str, action: dict[str, Any]) -> None:
    kind = action["actionTypeId"]
    if kind["owner"] == "AWS" and kind["provider"] not in _PROVIDERS.get(kind["category"], ()):
        region = (action.get("region") or call.region).upper().replace("-", "_")
        raise _bad(
            f"ActionType (Category: '{kind['category']}', Provider: '{kind['provider']}', Owner: 'AWS', Version: "
            f"'{kind['version']}') in action '{action['name']}' is not available in region '{region}'"
        )
    _check_configuration(stage, action)
    if (kind["category"], kind["provider"]) == ("Deploy", "S3") and len(action.get("inputArtifacts", [])) != 1:
        raise _bad(
            f"Action {action['name']} declares {len(action.get('inputArtifacts', []))} input artifacts which is "
            "less than the minimum count (1)"
        )


def _check_configuration(stage: str, action: dict[str, Any]) -> None:
    kind, configuration = action["actionTypeId"], action.get("configuration", {})
    required = list(_REQUIRED.get((kind["category"], kind["provider"]), ()))
    if required[:1] == ["BucketName"] and configuration.get("Extract") == "false":
        required.append("ObjectKey")
    missing = [name for name in required if not configuration.get(name)]
    if missing:
        raise _bad(
            f"Action configuration for action '{action['name']}' in stage '{stage}' is missing required "
            f"configuration '{missing[0]}'"
        )
    for name, value in configuration.items():
        if not isinstance(value, str):
            raise Refusal("SerializationException", f"Expected a string for configuration '{name}'")
        if len(value) > MAX_VALUE:
            raise _bad(f"Action configuration value of '{name}' is longer than {MAX_VALUE} characters")


def _bad(message: str) -> Refusal:
    return Refusal("InvalidActionDeclarationException", message)


def _check_artifacts(declaration: dict[str, Any]) -> None:
    made: list[str] = []
    for _, action in actions(declaration):
        for artifact in action.get("inputArtifacts", []):
            if artifact["name"] not in made:
                text = f"Input Artifact Bundle {artifact['name']} in action {action['name']} is not declared as"
                raise structure(f"{text} Output Artifact Bundle in any of the preceding actions")
        made += [artifact["name"] for artifact in action.get("outputArtifacts", [])]
    for name in made:
        if made.count(name) > 1:
            text = "Output Artifact Bundle name must be unique within the pipeline."
            raise structure(f"{text} {name} has been used more than once.")


def _check_roles(declaration: dict[str, Any]) -> None:
    service_role = declaration["roleArn"]
    if not _trusts_codepipeline(service_role):
        raise structure(f"CodePipeline is not authorized to perform AssumeRole on role {service_role}")
    for _, action in actions(declaration):
        role = action.get("roleArn")
        if role and not may_assume(service_role, state.role_at(role)):
            raise structure(f"{service_role} is not authorized to perform AssumeRole on role {role}")


def _trusts_codepipeline(arn: str) -> bool:
    role = state.role_at(arn)
    question = Question("", "sts:AssumeRole", arn, service="codepipeline.amazonaws.com")
    return role is not None and resource_based(json.loads(role.assume_role_policy_document), question)[0] == "allow"
