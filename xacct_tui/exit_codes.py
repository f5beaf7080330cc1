"""What a run found, as the exit codes that scripts go by."""

from __future__ import annotations

from reconcile.change import Action, Plan
from reconcile.proof.values import Proof, Severity, Verdict

IN_SYNC, DIFFERS, UNSEEN = 0, 2, 3
"""Nothing to do · something is not as it should be · nothing is known to be wrong, but something could not be seen."""

_VERDICTS = {Verdict.PASS: IN_SYNC, Verdict.FAIL: DIFFERS, Verdict.UNKNOWN: UNSEEN}


def plan_code(plan: Plan) -> int:
    """Give 0 where everything is in sync, 2 where something differs, 3 where only something is unseen."""
    actions = {change.action for change in plan.changes}
    if actions & {Action.CREATE, Action.UPDATE, Action.BLOCKED}:
        return DIFFERS
    return UNSEEN if Action.UNREADABLE in actions else IN_SYNC


def proof_code(proof: Proof) -> int:
    """Give 0 where everything passes, 2 where anything fails, 3 where only something is unknown."""
    return _VERDICTS[proof.verdict]


def check_code(plan: Plan, proof: Proof, fail_on: Severity) -> int:
    """Give that of the plan, but 2 where the chain fails or a finding as bad as ``fail_on`` was seen.

    What is unknown is no success: it makes 3 of 0.
    """
    seen = {each.severity for deployment in proof.deployments for each in deployment.findings if _is_seen(each.verdict)}
    bad = tuple(Severity)[: tuple(Severity).index(fail_on) + 1]
    codes = {plan_code(plan), proof_code(proof), DIFFERS if seen & set(bad) else IN_SYNC}
    return next((code for code in (DIFFERS, UNSEEN) if code in codes), IN_SYNC)


def _is_seen(verdict: Verdict) -> bool:
    return verdict is Verdict.FAIL
