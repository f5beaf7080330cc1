"""From what the checks see to findings: each cause once, and of two that mean the same the more specific one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reconcile.desired import Deployment
from reconcile.errors import XacctError
from reconcile.proof import organization
from reconcile.proof.checks.catalogue import checks
from reconcile.proof.checks.check import ERROR, Check, Evidence
from reconcile.proof.checks.subject import Levels, Subject
from reconcile.proof.judging import Mending
from reconcile.proof.values import Finding, Hop, Severity, Verdict
from reconcile.proof.world import World

_BY_WEIGHT = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def findings(
    world: World,
    deployment: Deployment,
    hops: tuple[Hop, ...],
    mending: Mending,
    levels: Levels = organization.levels,
) -> tuple[Finding, ...]:
    """What the checks find of one deployment, the worst first, then by id.

    ``hops`` is its chain in the same world; ``mending`` gives the ids of the changes that are still to be made.
    """
    subject = Subject(world, deployment, hops, levels)
    evidence = {each.id: (each, tuple(_seen(each, subject))) for each in checks()}
    told = _most_specific(evidence)
    found = [one for each, kept in told for one in _findings(each, kept, deployment.name, mending)]
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
    """Leave out what a more specific check tells of the same thing, and what is unknown by a cause that is told."""
    causes = [one.cause for _, found in evidence.values() for one in found if one.cause]

    def is_told(check: Check, one: Evidence) -> bool:
        if one.verdict is Verdict.UNKNOWN and any(cause in one.line for cause in causes):
            return True
        better = (found for other, found in evidence.values() if check.id in other.rather_than)
        return bool(one.about) and any(
            other.about == one.about and (other.verdict is Verdict.FAIL or one.verdict is Verdict.UNKNOWN)
            for found in better
            for other in found
        )

    return [(check, tuple(one for one in found if not is_told(check, one))) for check, found in evidence.values()]


def _findings(check: Check, evidence: Iterable[Evidence], deployment: str, mending: Mending) -> Iterable[Finding]:
    """One finding for each account, severity and verdict."""
    grouped: dict[tuple[str, Severity, Verdict], Finding] = {}
    for one in evidence:
        severity = one.severity or check.severity
        slugs = check.slugs if one.slugs is None else one.slugs
        changes = (each for slug in slugs for each in mending(slug))
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
