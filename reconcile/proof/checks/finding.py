"""From what the checks see to findings: each cause once, and of two that mean the same the more specific one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from reconcile.desired import Deployment
from reconcile.errors import XacctError
from reconcile.proof.checks.catalogue import checks
from reconcile.proof.checks.check import ERROR, Check, Evidence
from reconcile.proof.checks.subject import Subject
from reconcile.proof.values import Finding, Hop, Severity, Verdict
from reconcile.proof.world import World

_BY_WEIGHT = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def findings(
    world: World, deployment: Deployment, hops: tuple[Hop, ...], repairs: Collection[str] | None = None
) -> tuple[Finding, ...]:
    """What the checks find of one deployment, the worst first, then by id.

    ``hops`` is its chain in the same world. ``repairs`` are the ids of the changes that are still to be made; None
    where there is no plan: then every change that would repair a finding is named.
    """
    subject = Subject(world, deployment, hops)
    evidence = {each.id: (each, tuple(_seen(each, subject))) for each in checks()}
    told = _most_specific(evidence)
    found = [one for each, kept in told for one in _findings(each, kept, deployment.name, repairs)]
    return tuple(sorted(found, key=lambda each: _BY_WEIGHT.index(each.severity)))


def _seen(check: Check, subject: Subject) -> Iterable[Evidence]:
    """What the check found; where it could not look, that it could not, if it looks for an error."""
    found: list[Evidence] = []
    try:
        found.extend(check.find(subject))
    except XacctError as error:
        if not found and check.severity is ERROR:
            account = getattr(error, "account", "") or subject.dev.name
            found.append(Evidence(account, str(error), slugs=(), verdict=Verdict.UNKNOWN))
    return found


def _most_specific(
    evidence: dict[str, tuple[Check, tuple[Evidence, ...]]],
) -> Iterable[tuple[Check, tuple[Evidence, ...]]]:
    """Leave out what a more specific check, itself not left out, tells of the same thing."""
    known: dict[str, tuple[Evidence, ...]] = {}

    def kept(id_: str) -> tuple[Evidence, ...]:
        if id_ not in known:
            better = [each.id for each, _ in evidence.values() if id_ in each.rather_than]
            told = {one.about for other in better for one in kept(other) if one.verdict is Verdict.FAIL} - {""}
            known[id_] = tuple(one for one in evidence[id_][1] if one.about not in told)
        return known[id_]

    return [(check, kept(check.id)) for check, _ in evidence.values()]


def _findings(
    check: Check, evidence: Iterable[Evidence], deployment: str, repairs: Collection[str] | None
) -> Iterable[Finding]:
    """One finding for each account, severity and verdict."""
    grouped: dict[tuple[str, Severity, Verdict], Finding] = {}
    for one in evidence:
        severity = one.severity or check.severity
        slugs = check.slugs if one.slugs is None else one.slugs
        changes = [f"{deployment}/{slug}" for slug in slugs]
        changes = [each for each in changes if repairs is None or each in repairs]
        key = (one.account, severity, one.verdict)
        blank = Finding(
            check.id,
            severity,
            one.verdict,
            deployment,
            one.account,
            check.sentence,
            (),
            check.fix,
            check.symptom,
        )
        before = grouped.get(key, blank)
        grouped[key] = replace(
            before,
            evidence=(*before.evidence, *(() if one.line in before.evidence else (one.line,))),
            changes=tuple(dict.fromkeys((*before.changes, *changes))),
        )
    return grouped.values()
