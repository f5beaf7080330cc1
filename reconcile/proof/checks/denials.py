"""B: what bucket policies deny whatever else is allowed: uploads without encryption, calls from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator

from reconcile.policy.request import Side
from reconcile.proof.checks.check import ERROR, Evidence, check
from reconcile.proof.checks.lacks import Lack, beside, lacks, statement_of, told, who
from reconcile.proof.checks.statements import Written
from reconcile.proof.checks.subject import Subject
from reconcile.proof.values import worst

_ENCRYPTION = "s3:x-amz-server-side-encryption"
_NETWORK = ("aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip")


@check(
    "B5",
    ERROR,
    "The artifact bucket refuses uploads that are not encrypted as its policy wants, and this pipeline's are not",
    fix="let the pipeline use the key that the policy asks for, or change the condition",
    symptom="Access Denied on PutObject, with an explicit deny in a resource-based policy",
    slugs=("pipeline-key",),
    rather_than=("B1", "B4"),
)
def encryption_refused(subject: Subject) -> Iterator[Evidence]:
    """A Deny of an upload by a statement with a condition on the encryption."""
    yield from told(
        subject, lacks(subject, lambda lack: _denied_by(subject, lack, _ENCRYPTION) and _of_upload(subject, lack))
    )


def _of_upload(subject: Subject, lack: Lack) -> bool:
    return lack.request.action == "s3:PutObject" and subject.is_artifact(lack.request.resource)


def _denied_by(subject: Subject, lack: Lack, *keys: str) -> bool:
    """Whether a bucket policy's Deny with a condition on such a key hits the request, or may."""
    if lack.reason.side is not Side.RESOURCE or not lack.request.action.startswith("s3:"):
        return False
    statement = statement_of(lack, beside(subject, lack))
    return (
        statement is not None
        and not statement.allows
        and any(key.startswith(keys) for _, key, _ in statement.conditions)
    )


@check(
    "B11",
    ERROR,
    "A bucket policy denies what does not come from a VPC or an address range, and CodePipeline's calls do not",
    fix="exempt the pipeline's roles from that Deny, with a condition on aws:PrincipalArn",
    symptom="Access Denied, with an explicit deny in a resource-based policy",
    rather_than=("B1", "B3", "B4", "D9"),
)
def only_from_the_network(subject: Subject) -> Iterator[Evidence]:
    """A Deny on the network a call comes from."""
    hit: dict[Written, list[Lack]] = {}
    for lack in lacks(subject, lambda lack: _denied_by(subject, lack, *_NETWORK)):
        if statement := statement_of(lack, beside(subject, lack)):
            hit.setdefault(statement, []).append(lack)
    for statement, found in hit.items():
        hit_ones = ", ".join(dict.fromkeys(who(lack.request) for lack in found))
        verdict = worst(lack.verdict for lack in found)
        line = f"{statement.place}: hits {hit_ones}, by the Condition {json.dumps(statement.raw['Condition'])}"
        yield Evidence(subject.world.account(statement.policy.account), line, found[0].about, verdict=verdict)


CHECKS = (encryption_refused, only_from_the_network)
