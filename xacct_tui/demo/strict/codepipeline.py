"""CodePipeline, in full: moto's has no versions, no states, and checks nothing on update."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from xacct_tui.demo.call import Call, Refusal
from xacct_tui.demo.strict import executions, pipeline_structure
from xacct_tui.demo.strict.pipelines import Pipeline, masked
from xacct_tui.demo.strict.rule import Rules
from xacct_tui.demo.strict.world import World

Answer = Mapping[str, Any]


def _create(world: World, call: Call) -> Answer:
    declaration = call.parameters["pipeline"]
    key = (call.account, call.region, declaration.get("name", ""))
    if key in world.pipelines:
        text = f"A pipeline with the name '{key[2]}' already exists in account '{call.account}'"
        raise Refusal("PipelineNameInUseException", text)
    pipeline_structure.check(call, declaration)
    tags = {tag["key"]: tag["value"] for tag in call.parameters.get("tags", [])}
    _check_tags(tags)
    now = time.time()
    made = Pipeline(f"arn:aws:codepipeline:{call.region}:{call.account}:{key[2]}", now, now, tags)
    world.pipelines[key] = made
    stored = made.add_version(declaration)
    executions.begin(made, "CreatePipeline")
    return {"pipeline": masked(stored), "tags": _tags(tags)}


def _update(world: World, call: Call) -> Answer:
    """A run in progress is stopped. Source: CodePipeline user guide, actions-create-cross-region."""
    declaration = call.parameters["pipeline"]
    pipeline = executions.named(world, call, declaration.get("name", ""))
    pipeline_structure.check(call, declaration)
    pipeline.stop("Pipeline definition was updated")
    return {"pipeline": masked(pipeline.add_version(declaration))}


def _get(world: World, call: Call) -> Answer:
    pipeline = executions.named(world, call, call.parameters["name"])
    version = call.parameters.get("version", len(pipeline.versions))
    if not 1 <= version <= len(pipeline.versions):
        name = call.parameters["name"]
        raise Refusal("PipelineVersionNotFoundException", f"Pipeline '{name}' does not have a version {version}")
    metadata = {"pipelineArn": pipeline.arn, "created": pipeline.created, "updated": pipeline.updated}
    return {"pipeline": masked(pipeline.versions[version - 1]), "metadata": metadata}


def _delete(world: World, call: Call) -> Answer:
    world.pipelines.pop((call.account, call.region, call.parameters["name"]), None)
    return {}


def _list(world: World, call: Call) -> Answer:
    mine = {
        name: one
        for (account, region, name), one in world.pipelines.items()
        if (account, region) == (call.account, call.region)
    }
    return {"pipelines": [_summary(name, mine[name]) for name in sorted(mine)]}


def _summary(name: str, pipeline: Pipeline) -> dict[str, Any]:
    newest = pipeline.versions[-1]
    return {
        "name": name,
        "version": newest["version"],
        "pipelineType": newest["pipelineType"],
        "executionMode": newest["executionMode"],
        "created": pipeline.created,
        "updated": pipeline.updated,
    }


def _tagged(world: World, call: Call) -> Pipeline:
    arn = call.parameters["resourceArn"]
    found = next((one for one in world.pipelines.values() if one.arn == arn), None)
    if found is None:
        raise Refusal("ResourceNotFoundException", f"The resource {arn} was not found")
    return found


def _list_tags(world: World, call: Call) -> Answer:
    return {"tags": _tags(_tagged(world, call).tags)}


def _tag(world: World, call: Call) -> Answer:
    new = {tag["key"]: tag["value"] for tag in call.parameters["tags"]}
    _check_tags(new)
    _tagged(world, call).tags.update(new)
    return {}


def _untag(world: World, call: Call) -> Answer:
    tags = _tagged(world, call).tags
    for key in call.parameters["tagKeys"]:
        tags.pop(key, None)
    return {}


def _check_tags(tags: Mapping[str, str]) -> None:
    if any(key.lower().startswith("aws:") for key in tags):
        raise Refusal("InvalidTagsException", "Not allowed to modify system tags. System tags start with 'aws:'.")


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": tags[key]} for key in sorted(tags)]


RULES = Rules(
    before={
        "CreatePipeline": _create,
        "UpdatePipeline": _update,
        "GetPipeline": _get,
        "DeletePipeline": _delete,
        "ListPipelines": _list,
        "ListTagsForResource": _list_tags,
        "TagResource": _tag,
        "UntagResource": _untag,
        **executions.BEFORE,
    }
)
