"""R: what the organization forbids its accounts, whatever their own policies say."""

from __future__ import annotations

from collections.abc import Iterator

from reconcile.policy.request import Effect, Side
from reconcile.proof import places
from reconcile.proof.checks.check import ERROR, Evidence, check
from reconcile.proof.checks.lacks import Lack, lacks, place, statement_of, where, who
from reconcile.proof.checks.statements import written
from reconcile.proof.checks.subject import Subject

_EXPLICIT = "Access Denied, with an explicit deny in a service control policy (or resource control policy)"
_REGION = "aws:requestedregion"
_ENCRYPTION = "s3:x-amz-server-side-encryption"


@check(
    "R12",
    ERROR,
    "A policy of the organization forbids what the deployment needs: a service or resource control policy",
    fix="have the pipeline's roles exempted from it, with a condition on aws:PrincipalArn; only the organization can",
    symptom=f"<service role> is not authorized to perform AssumeRole on role <role>; or: {_EXPLICIT}",
)
def forbidden(subject: Subject) -> Iterator[Evidence]:
    """Whatever such a policy denies, or does not allow, or nobody knows because it was not read."""
    yield from _told(subject, "")


@check(
    "R13",
    ERROR,
    "A policy of the organization forbids the region that the deployment works in",
    fix="have the region allowed, or the pipeline's roles exempted",
    symptom=_EXPLICIT,
)
def region_forbidden(subject: Subject) -> Iterator[Evidence]:
    """A statement with a condition on aws:RequestedRegion."""
    yield from _told(subject, _REGION)


@check(
    "R14",
    ERROR,
    "A policy of the organization forbids uploads that do not ask for encryption; the bucket's default does not count",
    fix="set KMSEncryptionKeyARN of the deploy action, so that it asks, or have the deploy role exempted",
    symptom=f"s3:PutObject: {_EXPLICIT}",
)
def header_demanded(subject: Subject) -> Iterator[Evidence]:
    """A statement with a condition on the headers of an upload's encryption."""
    yield from _told(subject, _ENCRYPTION)


def _told(subject: Subject, about: str) -> Iterator[Evidence]:
    """One line for each statement whose conditions are about this; for each policy where it is not one statement."""
    grouped: dict[tuple[object, ...], list[Lack]] = {}
    for lack in lacks(subject, lambda lack: lack.reason.side in (Side.SCP, Side.RCP)):
        if _about(subject, lack) == about:
            grouped.setdefault(place(lack.reason), []).append(lack)
    for group in grouped.values():
        first, reason = group[0], group[0].reason
        asked = dict.fromkeys(f"{who(lack.request)} {lack.request.action}" for lack in group)
        verb = {Effect.DENIES: "denies", Effect.MISSING: "does not allow"}.get(reason.effect, "may deny")
        unread = reason.text if reason.statement is None else ""
        line = unread or f"{verb} {', '.join(asked)}"
        account = subject.world.account(reason.account)
        yield Evidence(account, f"{where(reason)}: {line}", verdict=first.verdict)


def _about(subject: Subject, lack: Lack) -> str:
    """What the statement's conditions are about: the region, the encryption, or something else."""
    on_caller = lack.reason.side is Side.SCP
    number = places.account_id(lack.request.caller.arn) if on_caller else lack.request.owner
    levels = subject.levels(subject.world, "scp" if on_caller else "rcp", number)
    statement = statement_of(lack, written(*(each for level in levels for each in level)))
    keys = [key for _, key, _ in statement.conditions] if statement else []
    return next((about for about in (_REGION, _ENCRYPTION) for key in keys if key.startswith(about)), "")


CHECKS = (forbidden, region_forbidden, header_demanded)
