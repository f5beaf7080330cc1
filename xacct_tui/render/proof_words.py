"""What a person is told of a proof, whatever the format: marks, words, and labelled lines for each hop and finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from reconcile.contexts import UNDOCUMENTED
from reconcile.policy.request import Effect, Reason, Side
from reconcile.proof.values import DeploymentProof, Excess, Finding, Hop, Proof, Severity, Step, Verdict
from xacct_tui.render.details import Detail
from xacct_tui.render.plain import plain, principal_name

VERDICT_MARKS = {Verdict.PASS: "+", Verdict.FAIL: "!", Verdict.UNKNOWN: "?"}

VERDICT_LEGEND = {"+": "passes", "!": "fails", "?": "not known"}

_EFFECTS = {Effect.DENIES: "denied", Effect.MISSING: "lacking", Effect.UNKNOWN: "unknown", Effect.ALLOWS: "allowed"}

_SIDES = {
    Side.IDENTITY: "identity policy",
    Side.RESOURCE: "resource policy",
    Side.BOUNDARY: "permissions boundary",
    Side.SESSION: "session policy",
    Side.SCP: "service control policy",
    Side.RCP: "resource control policy",
}

SEVERITIES = tuple(Severity)
"""The worst first."""


def verdict_words(verdict: Verdict) -> str:
    """Give mark and word: ``! FAIL``."""
    return f"{VERDICT_MARKS[verdict]} {verdict.upper()}"


def hop_ends(hop: Hop) -> str:
    """Say who acts on what, with the accounts."""
    return f"{plain(hop.source)} ({plain(hop.source_account)}) > {plain(hop.target)} ({plain(hop.target_account)})"


def unread(hops: Iterable[Hop]) -> dict[Reason, list[str]]:
    """Give the policies that could not be read, each with the ids of the hops that it leaves open: several."""
    found: dict[Reason, list[str]] = {}
    for hop in hops:
        for reason in dict.fromkeys(reason for step in hop.steps for reason in step.reasons):
            if reason.effect is Effect.UNKNOWN and reason.policy and reason.statement is None:
                found.setdefault(reason, []).append(hop.id)
    return {reason: ids for reason, ids in found.items() if len(ids) > 1}


def unread_words(reasons: Iterable[Reason]) -> Iterator[str]:
    """Say which policies could not be read, together those for the very same cause."""
    by_cause: dict[str, list[str]] = {}
    for reason in reasons:
        own = f" of {reason.account}"
        where = reason.policy if reason.policy.endswith(own) else f"{reason.policy}{own}"
        by_cause.setdefault(reason.text, []).append(plain(where))
    return (f"{', '.join(policies)}; {plain(cause)}" for cause, policies in by_cause.items())


def steps_of(
    hop: Hop, told: Collection[Reason] = (), *, all_steps: bool = False
) -> Iterator[tuple[Verdict, str, tuple[Detail, ...]]]:
    """Give what does not pass of a hop, or all, that first: verdict, what is asked, and labelled lines that say why.

    Requests in a row that are decided by the very same reasons are told together. Reasons that were ``told`` already
    are left out, and but for all steps also what does not pass for them alone.
    """
    others = [(step, tuple(reason for reason in step.reasons if reason not in told)) for step in hop.steps]
    shown = [
        replace(step, reasons=reasons)
        for step, reasons in others
        if all_steps or (step.verdict is not Verdict.PASS and (reasons or not step.reasons))
    ]
    shown.sort(key=lambda step: step.verdict is Verdict.PASS)
    for _, group in groupby(shown, key=_alike):
        steps = list(group)
        yield steps[0].verdict, "; ".join(dict.fromkeys(plain(step.title) for step in steps)), tuple(_step(steps))


def _alike(step: Step) -> tuple[object, ...]:
    caller = step.request.caller.arn if step.request else step.title
    return step.verdict, step.reasons, step.repairs, step.told, caller


def _step(steps: Sequence[Step]) -> Iterator[Detail]:
    first = steps[0]
    asked: dict[str, list[str]] = {}
    for request in filter(None, (step.request for step in steps)):
        asked.setdefault(request.resource, []).append(request.action)
    for resource, actions in asked.items():
        yield "asks", f"{', '.join(map(plain, actions))} on {plain(resource)}"
    if first.request:
        yield "as", principal_name(first.request.caller.arn)
    if first.told:
        yield "found", plain(first.told)
    yield from ((_EFFECTS[reason.effect], reason_words(reason)) for reason in first.reasons)
    if first.repairs:
        yield "repair", ", ".join(map(plain, first.repairs))


def reason_words(reason: Reason) -> str:
    """Say which statement of which policy in which account says so, or which side lacks, or what is not known."""
    side, policy = _SIDES[reason.side], plain(reason.policy)
    account = f"{plain(reason.account)}: " if reason.account else ""
    statement = "" if reason.statement is None else f", Statement[{reason.statement}]"
    sid = f' "{plain(reason.sid)}"' if reason.sid else ""
    told = _in_words(reason, f"{policy or f'no {side}'}{statement}{sid}")
    named = f" ({side})" if policy and side not in policy else ""
    return f"{account}{told}{named}" + (f"; {plain(reason.text)}" if reason.text else "")


def _in_words(reason: Reason, where: str) -> str:
    if reason.effect is Effect.MISSING:
        return f"nothing in {where} allows it" if reason.policy else f"{where} allows it"
    if reason.effect is Effect.UNKNOWN and reason.keys:
        keys = ", ".join(map(plain, reason.keys))
        why = "".join(f" ({each})" for key, each in UNDOCUMENTED.items() if key in map(str.lower, reason.keys))
        return f"{where} depends on {keys}, {'which is' if len(reason.keys) == 1 else 'which are'} not known{why}"
    return where


def findings_by_severity(deployment: DeploymentProof) -> Iterator[Finding]:
    """Give the findings, the worst first; of the same severity those that were seen first."""

    def weight(finding: Finding) -> tuple[int, bool]:
        return SEVERITIES.index(finding.severity), finding.verdict is Verdict.UNKNOWN

    return iter(sorted(deployment.findings, key=weight))


def findings_together(deployment: DeploymentProof, told: Iterable[Reason] = ()) -> Iterator[tuple[Finding, ...]]:
    """Give them so, those together that could not be ruled out for one and the same reason.

    What could not for nothing but a reason that was ``told`` already is left out.
    """
    groups: dict[object, list[Finding]] = {}
    causes = {f"{reason.policy}: {reason.text}" for reason in told}
    for number, finding in enumerate(findings_by_severity(deployment)):
        unseen = finding.verdict is Verdict.UNKNOWN
        if unseen and causes.issuperset(finding.evidence):
            continue
        groups.setdefault((finding.account, finding.evidence) if unseen else number, []).append(finding)
    return map(tuple, groups.values())


def together_words(findings: Sequence[Finding]) -> str:
    """Give them on one line: what was found, or account and number of what could not be ruled out."""
    if len(findings) == 1:
        return finding_words(findings[0])
    return f"{len(findings)} causes in {plain(findings[0].account)} could not be ruled out"


def unseen_details(findings: Sequence[Finding]) -> Iterator[Detail]:
    """Give why not, and what they are."""
    yield from (("seen", plain(line)) for line in findings[0].evidence)
    yield "causes", ", ".join(plain(finding.id) for finding in findings)
    yield "what", "docs/checks.md says what each of them is, and how it shows"


def finding_mark(finding: Finding) -> str:
    """Give the sign of a finding: what could not be ruled out has another one than what was seen."""
    if finding.verdict is Verdict.UNKNOWN:
        return "?"
    return {Severity.ERROR: "!", Severity.WARNING: "~", Severity.INFO: "="}[finding.severity]


def finding_words(finding: Finding) -> str:
    """Give severity, id, account and what was found, on one line."""
    unseen = "could not be ruled out: " if finding.verdict is Verdict.UNKNOWN else ""
    return f"{finding.severity} {plain(finding.id)} in {plain(finding.account)}: {unseen}{plain(finding.sentence)}"


def finding_details(finding: Finding) -> Iterator[Detail]:
    """Give evidence, fix, symptom, and the changes that repair it."""
    yield from (("seen", plain(line)) for line in finding.evidence)
    if finding.symptom:
        yield "symptom", plain(finding.symptom)
    if finding.fix:
        yield "fix", plain(finding.fix)
    if finding.changes:
        yield "repair", ", ".join(map(plain, finding.changes))


def excess_words(excess: Excess) -> Iterator[str]:
    """Give one line for each grant beyond need."""
    sid = f' "{plain(excess.sid)}"' if excess.sid else ""
    where = f"{plain(excess.account)}: {plain(excess.policy)}, Statement[{excess.statement}]{sid}"
    for grant in excess.grants:
        actions = ", ".join(map(plain, grant.actions))
        own = excess.policy.endswith(f" of role {grant.principal.rpartition('/')[2]}")
        who = "the role" if own else principal_name(grant.principal)
        yield f"{where}: {who} may {actions} on {plain(grant.resource)}"


def proof_summary(proof: Proof) -> str:
    """Count hops and findings: ``Proof: FAIL. 5 of 9 hops pass, …``."""
    hops = Counter(hop.verdict for each in proof.deployments for hop in each.hops)
    told = [f"{hops[Verdict.PASS]} of {hops.total()} hops pass"]
    others = ((Verdict.FAIL, "fail"), (Verdict.UNKNOWN, "unknown"))
    told += [f"{hops[each]} {word}" for each, word in others if hops[each]]
    findings = [finding for each in proof.deployments for finding in each.findings]
    found = Counter(finding.severity for finding in findings if finding.verdict is not Verdict.UNKNOWN)
    told += [_counted(found[severity], str(severity)) for severity in SEVERITIES if found[severity]]
    if unseen := sum(finding.verdict is Verdict.UNKNOWN for finding in findings):
        told.append(f"{unseen} not ruled out")
    return f"Proof: {proof.verdict.upper()}. {', '.join(told)}."


def state_words(proof: Proof) -> str:
    """Say which state is proven."""
    return "after the plan" if proof.planned else "as it is now"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count != 1 and word != 'info' else ''}"


def marks_used(proof: Proof) -> Iterable[str]:
    """Give the marks of the verdicts that the chains show."""
    return {VERDICT_MARKS[hop.verdict] for each in proof.deployments for hop in each.hops}
