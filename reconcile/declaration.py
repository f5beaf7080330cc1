"""Pipeline declarations as values: the one that is wanted, its normal form, and the two places we edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconcile import addresses
from reconcile.desired import Config, Deployment, Output
from reconcile.errors import Blocked

Declaration = dict[str, Any]

_MASKED = 4
"""AWS shows a secret as this many asterisks or more."""

_DEFAULTS: Mapping[str, Any] = {
    "runOrder": 1,
    "pipelineType": "V1",
    "executionMode": "SUPERSEDED",
    "type": "STANDARD",
}
"""What AWS fills in where a declaration says nothing."""

_SETTINGS = ("Extract", "ObjectKey", "CannedACL", "CacheControl")
"""What the TOML says of a deploy action's configuration. ``BucketName`` is not among them: an action that deploys
elsewhere is another action, see :func:`mismatch`."""


def wanted(config: Config, deployment: Deployment) -> Declaration:
    """The declaration of a pipeline that is made anew, in normal form: the article's, with key and role in place."""
    stages = [_stage("Source", [_source_action(deployment)])] if deployment.source else []
    store = {
        "type": "S3",
        "location": deployment.artifacts.bucket,
        "encryptionKey": {"id": addresses.key_arn(config, deployment), "type": "KMS"},
    }
    deploy = _stage(deployment.output.stage or "Deploy", [_deploy_action(config, deployment)])
    return {
        "name": deployment.pipeline,
        "roleArn": addresses.service_role(config, deployment, "arn"),
        "artifactStore": store,
        "stages": [*stages, deploy],
    }


def normal(live: Declaration) -> Declaration:
    """The declaration without version, and without what AWS fills in by itself: defaults, empty lists and tables."""
    return {key: _normal(value) for key, value in live.items() if key != "version" and not _filled_in(key, value)}


def key_id(live: Declaration, region: str) -> str | None:
    """The id of the artifact store's key, as it is written there: key ARN, alias ARN, or a bare id."""
    key = artifact_store(live, region).get("encryptionKey")
    return str(key["id"]) if key else None


def set_key(live: Declaration, region: str, key: str | None) -> None:
    """Name the key in the artifact store (of this region, where there are several), or none."""
    set_or_drop(artifact_store(live, region), "encryptionKey", {"id": key, "type": "KMS"} if key else None)


def deploy_action(live: Declaration, stage: str, action: str) -> dict[str, Any]:
    """The deploy action: the one of that stage and name, or the only S3 deploy action there is.

    Raises Blocked where neither tells which action is meant.
    """
    actions = deploy_actions(live)
    for stage_name, one in actions:
        if (stage_name, one["name"]) == (stage, action):
            return one
    if len(actions) == 1:
        return actions[0][1]
    names = ", ".join(f"{stage_name}/{one['name']}" for stage_name, one in actions) or "none"
    raise Blocked(f"the pipeline has no S3 deploy action {stage}/{action} (it has: {names}): name it in output")


def wanted_settings(output: Output) -> dict[str, str]:
    """How the deploy action is to write: those of its settings that have a value."""
    settings = ("true" if output.extract else "false", output.object_key, output.canned_acl, output.cache_control)
    return {key: value for key, value in zip(_SETTINGS, settings, strict=True) if value}


def settings(action: Mapping[str, Any]) -> dict[str, str]:
    """The same of a live action."""
    configuration = action.get("configuration", {})
    return {key: configuration[key] for key in _SETTINGS if configuration.get(key)}


def set_settings(action: dict[str, Any], wanted: Mapping[str, str]) -> None:
    """Make these the action's settings; the rest of its configuration stays."""
    configuration = action.setdefault("configuration", {})
    for key in _SETTINGS:
        set_or_drop(configuration, key, wanted.get(key))


def refuse_masked(action: Mapping[str, Any]) -> None:
    """Raise Blocked for an action that holds a masked secret: to edit it would store the mask."""
    for key, value in action.get("configuration", {}).items():
        if len(value) >= _MASKED and not value.strip("*"):
            raise Blocked(
                f"action {action['name']} holds a secret ({key}) that AWS shows masked: edit it in the console"
            )


def mismatch(live: Declaration, declared: Declaration) -> str:
    """In which way the live pipeline is another one than the TOML describes; empty if it is not."""
    role, wanted_bucket = declared["roleArn"], declared["artifactStore"]["location"]
    if live["roleArn"] != role and "${" not in role:
        return f"runs with the role {live['roleArn']}, not {role}"
    if (bucket := artifact_store(live, "").get("location")) is not None and bucket != wanted_bucket:
        return f"keeps its artifacts in {bucket}, not in {wanted_bucket}"
    ours = declared["stages"][-1]
    action = deploy_action(live, ours["name"], ours["actions"][0]["name"])
    bucket, wanted_bucket = (each.get("configuration", {}).get("BucketName") for each in (action, ours["actions"][0]))
    return "" if bucket == wanted_bucket else f"deploys to bucket {bucket}, not to {wanted_bucket}"


def source_actions(live: Declaration) -> list[dict[str, Any]]:
    """The S3 source actions."""
    return [one for stage in live.get("stages", []) for one in stage["actions"] if _is_s3(one, "Source")]


def sources_of(live: Declaration, place: str) -> list[dict[str, Any]]:
    """The source actions that read this object (``bucket/key``)."""
    read = ((one, one.get("configuration", {})) for one in source_actions(live))
    return [one for one, how in read if f"{how.get('S3Bucket', '')}/{how.get('S3ObjectKey', '')}" == place]


def deploy_actions(live: Declaration) -> list[tuple[str, dict[str, Any]]]:
    """The S3 deploy actions, each with its stage's name."""
    return [
        (stage["name"], one) for stage in live.get("stages", []) for one in stage["actions"] if _is_s3(one, "Deploy")
    ]


def polls(action: Mapping[str, Any]) -> bool:
    """Whether a source action looks for new objects by itself, which AWS does unless told otherwise."""
    return str(action.get("configuration", {}).get("PollForSourceChanges", "true")).lower() != "false"


def set_or_drop(table: dict[str, Any], key: str, value: Any) -> None:
    """Set the key, or take it out where the value is None."""
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def artifact_store(live: Declaration, region: str) -> dict[str, Any]:
    """The artifact store of a region, or the only one there is; it is part of the declaration, not a copy."""
    stores: dict[str, dict[str, Any]] = live.get("artifactStores", {})
    if region in stores:
        return stores[region]
    store: dict[str, Any] = live.get("artifactStore") or next(iter(stores.values()), {})
    return store


def _is_s3(action: Mapping[str, Any], category: str) -> bool:
    kind = action["actionTypeId"]
    return (kind["category"], kind["owner"], kind["provider"]) == (category, "AWS", "S3")


def _normal(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _normal(each) for key, each in value.items() if not _filled_in(key, each)}
    if isinstance(value, list):
        return [_normal(each) for each in value]
    return value


def _filled_in(key: str, value: Any) -> bool:
    return value in ([], {}) or (key in _DEFAULTS and _DEFAULTS[key] == value)


def _stage(name: str, actions: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": name, "actions": actions}


def _source_action(deployment: Deployment) -> dict[str, Any]:
    source = deployment.source
    if source is None:
        raise AssertionError("asked for the source action of a deployment without a source")
    configuration = {
        "S3Bucket": source.bucket,
        "S3ObjectKey": source.object_key,
        "PollForSourceChanges": "true" if source.trigger == "poll" else "false",
    }
    return {
        "name": "Source",
        "actionTypeId": _type("Source"),
        "configuration": configuration,
        "outputArtifacts": [{"name": "SourceArtifact"}],
        "namespace": "SourceVariables",
    }


def _deploy_action(config: Config, deployment: Deployment) -> dict[str, Any]:
    output = deployment.output
    return {
        "name": output.action or "Deploy",
        "actionTypeId": _type("Deploy"),
        "configuration": {"BucketName": output.bucket, **wanted_settings(output)},
        "inputArtifacts": [{"name": "SourceArtifact"}],
        "roleArn": addresses.deploy_role(config, deployment, "arn"),
        "region": output.region,
        "namespace": "DeployVariables",
    }


def _type(category: str) -> dict[str, str]:
    return {"category": category, "owner": "AWS", "provider": "S3", "version": "1"}
