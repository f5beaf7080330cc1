"""The proof as JSON: a promise to scripts, as that of :mod:`reconcile.plan_json`; fields are only ever added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconcile.plan_json import FORMAT_VERSION, account_to_json, grant_to_json, plan_to_json
from xacct_tui.render.details import UNPROVEN, Proven

if TYPE_CHECKING:
    from reconcile.change import Plan
    from reconcile.policy.request import Reason, Request
    from reconcile.proof.values import DeploymentProof, Excess, Finding, Hop, Proof, Step


def proof_to_json(proof: Proof, tool_version: str, proven: Proven = UNPROVEN) -> dict[str, Any]:
    """Give the proof as one JSON object; ``proven`` is what pending changes do to the chain."""
    return {
        "format_version": FORMAT_VERSION,
        "tool": f"xacct-tui {tool_version}",
        "created": proof.created,
        "planned": proof.planned,
        "verdict": str(proof.verdict),
        "accounts": {seen.name: account_to_json(seen) for seen in proof.accounts},
        "assumptions": list(proof.assumptions),
        "deployments": [_deployment(each) for each in proof.deployments],
        "changes": [{"id": name, **_effect(proven, name)} for name in proven],
    }


def check_to_json(plan: Plan, proof: Proof, tool_version: str, proven: Proven) -> dict[str, Any]:
    """Give plan and proof as one JSON object, and every finding in one list."""
    planned = plan_to_json(plan, tool_version)
    for change in planned["changes"]:
        change["proof"] = _effect(proven, change["id"])
    found = [
        {"deployment": each.deployment, **_finding(finding)} for each in proof.deployments for finding in each.findings
    ]
    return {
        "format_version": FORMAT_VERSION,
        "tool": planned["tool"],
        "created": proof.created,
        "verdict": str(proof.verdict),
        "findings": found,
        "plan": planned,
        "proof": proof_to_json(proof, tool_version, proven),
    }


def _effect(proven: Proven, change_id: str) -> dict[str, Any]:
    found = proven.get(change_id)
    return {
        "mends": list(found.mends) if found else [],
        "breaks": list(found.breaks) if found else [],
        "excess": [_excess(excess) for excess in found.excess] if found else [],
    }


def _deployment(proof: DeploymentProof) -> dict[str, Any]:
    return {
        "name": proof.deployment,
        "verdict": str(proof.verdict),
        "hops": [_hop(hop) for hop in proof.hops],
        "checks": [_finding(finding) for finding in proof.findings],
        "excess": [_excess(excess) for excess in proof.excess],
    }


def _hop(hop: Hop) -> dict[str, Any]:
    return {
        "id": hop.id,
        "title": hop.title,
        "source": hop.source,
        "source_account": hop.source_account,
        "target": hop.target,
        "target_account": hop.target_account,
        "verdict": str(hop.verdict),
        "steps": [_step(step) for step in hop.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "title": step.title,
        "verdict": str(step.verdict),
        "request": _request(step.request) if step.request else None,
        "found": step.told,
        "reasons": [_reason(reason) for reason in step.reasons],
        "repairs": list(step.repairs),
    }


def _request(request: Request) -> dict[str, Any]:
    """``context`` holds the keys that are known; null: the request certainly carries no such key."""
    caller = request.caller
    return {
        "caller": {
            "type": str(caller.type),
            "arn": caller.arn,
            "unique_id": caller.unique_id,
            "session": caller.session,
        },
        "action": request.action,
        "resource": request.resource,
        "account_id": request.owner,
        "context": {key: None if values is None else list(values) for key, values in sorted(request.context.items())},
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "effect": str(reason.effect),
        "side": str(reason.side),
        "account": reason.account,
        "policy": reason.policy,
        "statement": reason.statement,
        "sid": reason.sid,
        "keys": list(reason.keys),
        "text": reason.text,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "severity": str(finding.severity),
        "verdict": str(finding.verdict),
        "account": finding.account,
        "sentence": finding.sentence,
        "evidence": list(finding.evidence),
        "fix": finding.fix,
        "symptom": finding.symptom,
        "changes": list(finding.changes),
    }


def _excess(excess: Excess) -> dict[str, Any]:
    return {
        "account": excess.account,
        "policy": excess.policy,
        "statement": excess.statement,
        "sid": excess.sid,
        "grants": [grant_to_json(grant) for grant in excess.grants],
    }
