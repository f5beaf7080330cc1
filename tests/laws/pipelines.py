"""Pipelines as people have them: of both types, with one or several stages, stores, and deploy actions."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from laws.configs import DEV, PROD
from laws.scene import Document, Scene, Wants
from reconcile.change import Part, Want

HOME = ("us-east-1", "cn-north-1")
DEFAULTS = {"runOrder": 1, "pipelineType": "V1", "executionMode": "SUPERSEDED", "type": "STANDARD"}
"""What AWS says where a declaration says nothing."""
SETTINGS = ("Extract", "ObjectKey", "CannedACL", "CacheControl")
KEYS = [f"arn:aws:kms:us-east-1:{DEV}:alias/s3deploykey", "1234abcd-12ab-34cd-56ef-1234567890ab"]
V2 = {
    "pipelineType": "V2",
    "executionMode": "QUEUED",
    "variables": [{"name": "release", "defaultValue": "latest"}],
    "triggers": [{"providerType": "CodeStarSourceConnection", "gitConfiguration": {"push": [{"tags": {}}]}}],
    "novelty": {"kept": [1]},
}


def _action(category: str, provider: str, name: str, **more: Any) -> dict[str, Any]:
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "actionTypeId": kind, "runOrder": 1, "inputArtifacts": [], "outputArtifacts": []} | more


@st.composite
def _deploy(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """An S3 deploy action, with or without a role, and a region of its own."""
    optional = {
        "roleArn": st.sampled_from([f"arn:aws:iam::{PROD}:role/prods3role", f"arn:aws:iam::{PROD}:role/other"]),
        "region": st.sampled_from(["us-east-1", "eu-west-1"]),
        "namespace": st.just("DeployVariables"),
        "timeoutInMinutes": st.just(20),
    }
    configuration = {"BucketName": "output-website", "Extract": "true", "KMSEncryptionKeyARN": "key"}
    return _action(
        "Deploy", "S3", name, configuration=configuration, **draw(st.fixed_dictionaries({}, optional=optional))
    )


@st.composite
def _stages(draw: st.DrawFn, stage: str, action: str) -> list[dict[str, Any]]:
    sources = [
        _action("Source", "S3", "Source", configuration={"S3Bucket": "input", "PollForSourceChanges": "false"}),
        _action("Source", "GitHub", "Code", configuration={"OAuthToken": "****"}),
    ]
    build = _action("Build", "CodeBuild", "Build", configuration={"ProjectName": "p"}, commands=["make"])
    found = [{"name": "Source", "actions": draw(st.sampled_from([sources[:1], sources]))}]
    if draw(st.booleans()):
        found.append({"name": "Build", "actions": [build], "onFailure": {"result": "ROLLBACK"}})
    if draw(st.booleans()):
        mirror = [{"name": "Mirror", "actions": [draw(_deploy("Deploy")), draw(_deploy("Copy"))]}]
        return draw(st.permutations([*found, *mirror, {"name": stage, "actions": [draw(_deploy(action))]}]))
    names = st.sampled_from([(stage, action), ("Release", "ToProd")])
    name = draw(names)
    return [*found, {"name": name[0], "actions": [draw(_deploy(name[1]))], "blockers": []}]


@st.composite
def _store(draw: st.DrawFn, location: str) -> dict[str, Any]:
    key = draw(st.sampled_from([None, *KEYS]))
    return {"type": "S3", "location": location, **({"encryptionKey": {"id": key, "type": "KMS"}} if key else {})}


@st.composite
def _pipelines(draw: st.DrawFn, wants: Wants) -> Document:
    if draw(st.integers(0, 4)) == 0:
        return None
    region = wants[0].address.region
    stage, action = next(want.part.of for want in wants if want.part.name == "deploy-action")
    store = {"artifactStore": draw(_store("artifacts-of-all"))}
    if draw(st.booleans()):
        stores = {"eu-west-1": draw(_store("artifacts-abroad")), region: draw(_store("artifacts-of-all"))}
        store = {"artifactStores": stores}
    declaration = {
        "name": wants[0].address.name,
        "roleArn": f"arn:aws:iam::{DEV}:role/service-role/other",
        **store,
        "stages": draw(_stages(stage, action)),
        **draw(st.sampled_from([{}, {"pipelineType": "V1", "executionMode": "SUPERSEDED"}, V2])),
        "version": draw(st.integers(1, 9)),
    }
    running = draw(st.sampled_from([[], ["execution-id"], None]))
    return {"pipeline": declaration, "running": running, "region": region}


def _deploy_action(declaration: dict[str, Any], part: Part) -> dict[str, Any]:
    found = [
        (each["name"], one)
        for each in declaration["stages"]
        for one in each["actions"]
        if (one["actionTypeId"]["category"], one["actionTypeId"]["provider"]) == ("Deploy", "S3")
    ]
    exact = [one for stage, one in found if (stage, one["name"]) == part.of]
    return exact[0] if exact else found[0][1]


def _rest(document: Document, part: Part) -> Any:
    """The whole document but the one place; of the part that is the whole declaration nothing is left."""
    if document is None or part.name == "pipeline":
        return None
    left = deepcopy(document)
    if part.name == "key":
        declaration = left["pipeline"]
        stores = declaration.get("artifactStores", {left["region"]: declaration.get("artifactStore")})
        stores[left["region"]].pop("encryptionKey", None)
        return left
    action = _deploy_action(left["pipeline"], part)
    for key in ("roleArn", "region"):
        action.pop(key, None)
    for key in SETTINGS:
        action["configuration"].pop(key, None)
    return left


def _meaning(document: Document) -> Any:
    """The declaration without its version: that is its place in history."""
    if document is None:
        return None
    return _plain({key: value for key, value in document["pipeline"].items() if key != "version"})


def _plain(value: Any) -> Any:
    """Without what AWS says by itself; an action without a region is in the pipeline's own."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _plain(each)
        for key, each in value.items()
        if each not in ([], {}) and DEFAULTS.get(key) != each and not (key == "region" and each in HOME)
    }


def _values(want: Want) -> tuple[Any, ...]:
    if want.part.name != "deploy-action":
        return None, *KEYS[: 1 if want.part.name == "key" else 0]
    role = f"arn:aws:iam::{PROD}:role/another"
    settings = {"Extract": "false", "ObjectKey": "site/${datetime}.zip"}
    return (
        {"roleArn": None, "region": want.address.region, "configuration": {"Extract": "true"}},
        {"roleArn": role, "region": "eu-west-1", "configuration": settings},
    )


PIPELINE = Scene(
    documents=_pipelines,
    rest=_rest,
    meaning=_meaning,
    values=_values,
    refuses=lambda example: example.document is None and example.part.name != "pipeline",
    apart=lambda one, other: {one.name, other.name} == {"key", "deploy-action"},
)
