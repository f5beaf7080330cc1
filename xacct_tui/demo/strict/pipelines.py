"""Pipelines and their executions, as CodePipeline keeps them: every version, the newest execution last."""

from __future__ import annotations

import copy
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

MASK = "****"
_SECRETS = ("OAuthToken", "ClientSecret", "RefreshToken")
"""Configuration values that CodePipeline never shows."""


@dataclass(slots=True)
class Execution:
    """One run. Times are seconds since the epoch."""

    id: str
    version: int
    status: str
    summary: str
    trigger: str
    started: float
    updated: float


@dataclass(slots=True)
class Pipeline:
    """A pipeline: ``versions[n - 1]`` is the declaration of version n, with its secrets in clear."""

    arn: str
    created: float
    updated: float
    tags: dict[str, str]
    versions: list[dict[str, Any]] = field(default_factory=list)
    executions: list[Execution] = field(default_factory=list)

    def add_version(self, declaration: dict[str, Any]) -> dict[str, Any]:
        """The next version, as stored; secrets sent as the mask keep what they were."""
        stored = _with_defaults(declaration, len(self.versions) + 1)
        if self.versions:
            _keep_secrets(stored, self.versions[-1])
        self.versions.append(stored)
        self.updated = time.time()
        return stored

    def start(self, trigger: str, status: str, summary: str = "") -> Execution:
        """A new execution of the newest version."""
        now = time.time()
        run = Execution(str(uuid.uuid4()), len(self.versions), status, summary, trigger, now, now)
        self.executions.append(run)
        return run

    def stop(self, summary: str) -> None:
        """End what is in progress."""
        for run in self.executions:
            if run.status == "InProgress":
                run.status, run.summary, run.updated = "Stopped", summary, time.time()


def masked(declaration: dict[str, Any]) -> dict[str, Any]:
    """A declaration as it is shown."""
    shown = copy.deepcopy(declaration)
    for _, action in actions(shown):
        for name in _SECRETS:
            if name in action["configuration"]:
                action["configuration"][name] = MASK
    return shown


def actions(declaration: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Stage name and action, for every action."""
    return [(stage["name"], action) for stage in declaration["stages"] for action in stage["actions"]]


def _with_defaults(declaration: dict[str, Any], version: int) -> dict[str, Any]:
    stored = copy.deepcopy(declaration)
    stored["version"] = version
    stored.setdefault("executionMode", "SUPERSEDED")
    stored.setdefault("pipelineType", "V1")
    for _, action in actions(stored):
        action.setdefault("runOrder", 1)
        action.setdefault("configuration", {})
        action.setdefault("outputArtifacts", [])
        action.setdefault("inputArtifacts", [])
    return stored


def _keep_secrets(new: dict[str, Any], old: dict[str, Any]) -> None:
    """The mask keeps a secret only where nothing else of the action and its stage's name changed.

    Source: the CodePipeline API reference, action configuration properties.
    """
    before = {(stage, action["name"]): action for stage, action in actions(old)}
    for stage, action in actions(new):
        earlier = before.get((stage, action["name"]))
        shown = masked({"stages": [{"name": stage, "actions": [earlier]}]}) if earlier else None
        if shown and shown["stages"][0]["actions"][0] == action and earlier:
            action["configuration"] = dict(earlier["configuration"])
