"""P: the pipeline's own declaration."""

from __future__ import annotations

from collections.abc import Iterator

from reconcile.proof.checks.check import ERROR, INFO, Evidence, check
from reconcile.proof.checks.subject import Subject


@check(
    "P3",
    ERROR,
    "An artifact goes from one foreign account to another, and neither is the pipeline's",
    fix="let an action of the pipeline's account pass it on, or make it there",
    symptom="The consuming action cannot read the artifact",
)
def artifact_between_foreign_accounts(subject: Subject) -> Iterator[Evidence]:
    """Each artifact's maker and takers."""
    makers = {name: one for one in subject.actions for name in one.outputs}
    for one in subject.actions:
        for name in one.inputs:
            source, target = subject.account_of(makers.get(name, one)), subject.account_of(one)
            if source != target and subject.dev.id not in (source, target):
                yield Evidence(
                    subject.dev.name, f"{subject.place_of(one)}: artifact {name} of {source}, taken by {target}"
                )


@check(
    "P4",
    INFO,
    "CodePipeline's own roll-back of a stage is not available for this pipeline",
    fix="use pipelineType V2 and the execution mode SUPERSEDED or QUEUED",
    symptom="Rollback is not offered for the stage",
)
def no_stage_rollback(subject: Subject) -> Iterator[Evidence]:
    """Type V1, or executions in parallel."""
    if not subject.pipeline:
        return
    sort, mode = subject.pipeline.get("pipelineType", "V1"), subject.pipeline.get("executionMode", "SUPERSEDED")
    if sort != "V2" or mode == "PARALLEL":
        yield Evidence(subject.dev.name, f"{subject.place}: pipelineType {sort}, executionMode {mode}")


CHECKS = (artifact_between_foreign_accounts, no_stage_rollback)

LEFT_OUT = {
    "P1": "it is about a file that is handed to update-pipeline; the pipeline is edited here without one",
    "P2": "it is about a file that is handed to update-pipeline; the pipeline is edited here without one",
    "P5": "it is about what an earlier set-up left behind: the plan finds the aliases and buckets that are there",
}
