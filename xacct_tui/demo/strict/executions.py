"""Runs of pipelines: begun, stopped and told about; no action is really carried out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xacct_tui.demo.call import Call, Refusal
from xacct_tui.demo.strict import state
from xacct_tui.demo.strict.pipelines import Execution, Pipeline, actions
from xacct_tui.demo.strict.rule import Rule
from xacct_tui.demo.strict.world import World

Answer = Mapping[str, Any]


def named(world: World, call: Call, name: str) -> Pipeline:
    """The pipeline of this name in the call's account and region; raises Refusal."""
    found = world.pipelines.get((call.account, call.region, name))
    if found is None:
        text = f"Account '{call.account}' does not have a pipeline with name '{name}'"
        raise Refusal("PipelineNotFoundException", text)
    return found


def begin(pipeline: Pipeline, trigger: str) -> Execution:
    """Start a run; it is over at once, and has failed if there is nothing at its source."""
    missing = _missing_source(pipeline.versions[-1])
    if missing is None:
        return pipeline.start(trigger, "Succeeded")
    return pipeline.start(trigger, "Failed", f"The object with key '{missing}' does not exist.")


def _missing_source(declaration: dict[str, Any]) -> str | None:
    for _, action in actions(declaration):
        kind, configuration = action["actionTypeId"], action["configuration"]
        if (kind["category"], kind["provider"]) == ("Source", "S3"):
            bucket = state.bucket(configuration["S3Bucket"])
            if bucket is None or configuration["S3ObjectKey"] not in bucket.keys:
                return str(configuration["S3ObjectKey"])
    return None


def _start(world: World, call: Call) -> Answer:
    pipeline = named(world, call, call.parameters["name"])
    return {"pipelineExecutionId": begin(pipeline, "StartPipelineExecution").id}


def _stop(world: World, call: Call) -> Answer:
    pipeline = named(world, call, call.parameters["pipelineName"])
    run = _run(pipeline, call.parameters["pipelineExecutionId"])
    if run.status != "InProgress":
        raise Refusal("PipelineExecutionNotStoppableException", f"Execution {run.id} is {run.status}")
    pipeline.stop(call.parameters.get("reason", ""))
    return {"pipelineExecutionId": run.id}


def _run(pipeline: Pipeline, number: str) -> Execution:
    for run in pipeline.executions:
        if run.id == number:
            return run
    raise Refusal("PipelineExecutionNotFoundException", f"There is no execution with id '{number}'")


def _get(world: World, call: Call) -> Answer:
    name = call.parameters["pipelineName"]
    run = _run(named(world, call, name), call.parameters["pipelineExecutionId"])
    told = {
        "pipelineName": name,
        "pipelineVersion": run.version,
        "pipelineExecutionId": run.id,
        "status": run.status,
        "artifactRevisions": [],
        "trigger": {"triggerType": run.trigger, "triggerDetail": ""},
    }
    return {"pipelineExecution": told | ({"statusSummary": run.summary} if run.summary else {})}


def _list(world: World, call: Call) -> Answer:
    pipeline = named(world, call, call.parameters["pipelineName"])
    newest = list(reversed(pipeline.executions))[: call.parameters.get("maxResults", 100)]
    return {"pipelineExecutionSummaries": [_summary(run) for run in newest]}


def _summary(run: Execution) -> dict[str, Any]:
    return {
        "pipelineExecutionId": run.id,
        "status": run.status,
        "statusSummary": run.summary,
        "startTime": run.started,
        "lastUpdateTime": run.updated,
        "sourceRevisions": [],
        "trigger": {"triggerType": run.trigger, "triggerDetail": ""},
    }


def _state(world: World, call: Call) -> Answer:
    name = call.parameters["name"]
    pipeline = named(world, call, name)
    newest = pipeline.versions[-1]
    return {
        "pipelineName": name,
        "pipelineVersion": newest["version"],
        "stageStates": [_stage_state(pipeline, number) for number in range(len(newest["stages"]))],
        "created": pipeline.created,
        "updated": pipeline.updated,
    }


def _stage_state(pipeline: Pipeline, number: int) -> dict[str, Any]:
    """A failed run failed in its first stage, and never came to the others."""
    stage = pipeline.versions[-1]["stages"][number]
    told = {"stageName": stage["name"], "inboundTransitionState": {"enabled": True}}
    run = pipeline.executions[-1] if pipeline.executions else None
    if run is None or (number and run.status == "Failed"):
        return told | {"actionStates": [{"actionName": action["name"]} for action in stage["actions"]]}
    latest = {"status": run.status, "lastStatusChange": run.updated, "actionExecutionId": run.id}
    if run.status == "Failed":
        latest["errorDetails"] = {"code": "ConfigurationError", "message": run.summary}
    ran = [{"actionName": action["name"], "latestExecution": latest} for action in stage["actions"]]
    return told | {
        "actionStates": ran,
        "latestExecution": {"pipelineExecutionId": run.id, "status": run.status},
    }


def _action_runs(world: World, call: Call) -> Answer:
    pipeline = named(world, call, call.parameters["pipelineName"])
    wanted = call.parameters.get("filter", {}).get("pipelineExecutionId")
    runs = [run for run in reversed(pipeline.executions) if wanted in (None, run.id)]
    return {"actionExecutionDetails": [one for run in runs for one in _ran(pipeline, run)]}


def _ran(pipeline: Pipeline, run: Execution) -> list[dict[str, Any]]:
    """The actions of a run; only the first of a failed one."""
    done = actions(pipeline.versions[run.version - 1])
    return [
        {
            "pipelineExecutionId": run.id,
            "actionExecutionId": f"{run.id[:-2]}{number:02}",
            "pipelineVersion": run.version,
            "stageName": stage,
            "actionName": action["name"],
            "startTime": run.started,
            "lastUpdateTime": run.updated,
            "status": run.status,
            "output": {"executionResult": {"externalExecutionSummary": run.summary}},
        }
        for number, (stage, action) in enumerate(done[:1] if run.status == "Failed" else done)
    ]


BEFORE: Mapping[str, Rule] = {
    "StartPipelineExecution": _start,
    "StopPipelineExecution": _stop,
    "GetPipelineExecution": _get,
    "ListPipelineExecutions": _list,
    "GetPipelineState": _state,
    "ListActionExecutions": _action_runs,
}
