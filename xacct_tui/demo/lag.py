"""Eventual consistency as data: what is not seen yet, and for how many looks. Deterministic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xacct_tui.demo.call import Call, Response

STALE_READS = {
    "kms:GetKeyPolicy": 1,
    "iam:GetRole": 1,
    "iam:ListAttachedRolePolicies": 1,
    "s3:GetBucketPolicy": 1,
    "codepipeline:GetPipeline": 1,
}
"""Reads that are known to lag behind a write, and how many of them do."""


@dataclass(frozen=True, slots=True)
class Lag:
    """How far what is seen lies behind what is written.

    A role is invisible as a principal to the first ``new_role`` validations after its creation. After a write, the
    first ``reads[call]`` reads of what was written answer as that read last did, if it was made before at all.
    """

    new_role: int = 1
    reads: Mapping[str, int] = field(default_factory=lambda: dict(STALE_READS))


NO_LAG = Lag(new_role=0, reads={})

_READ_BY = {
    "kms:PutKeyPolicy": ("kms:GetKeyPolicy",),
    "iam:CreateRole": ("iam:GetRole",),
    "iam:DeleteRole": ("iam:GetRole",),
    "iam:UpdateAssumeRolePolicy": ("iam:GetRole",),
    "iam:AttachRolePolicy": ("iam:ListAttachedRolePolicies",),
    "iam:DetachRolePolicy": ("iam:ListAttachedRolePolicies",),
    "iam:PutRolePolicy": ("iam:GetRolePolicy", "iam:ListRolePolicies"),
    "iam:DeleteRolePolicy": ("iam:GetRolePolicy", "iam:ListRolePolicies"),
    "s3:PutBucketPolicy": ("s3:GetBucketPolicy",),
    "s3:DeleteBucketPolicy": ("s3:GetBucketPolicy",),
    "s3:PutBucketNotificationConfiguration": ("s3:GetBucketNotificationConfiguration",),
    "s3:PutBucketVersioning": ("s3:GetBucketVersioning",),
    "codepipeline:CreatePipeline": ("codepipeline:GetPipeline",),
    "codepipeline:UpdatePipeline": ("codepipeline:GetPipeline",),
}


class Staleness:
    """The answers that reads gave last, and how many reads still get them."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, ...], Response] = {}
        self._owed: dict[tuple[str, ...], int] = {}

    def stale(self, call: Call) -> Response | None:
        """The outdated answer, while one is owed."""
        key = (call.account, call.name, _subject(call))
        if self._owed.get(key, 0) < 1 or key not in self._last:
            return None
        self._owed[key] -= 1
        return self._last[key]

    def note(self, call: Call, response: Response, lag: Lag) -> None:
        """Remember a read's answer; after a write that was made, owe outdated answers to its reads."""
        subject = _subject(call)
        if call.name in lag.reads:
            self._last[call.account, call.name, subject] = response
        if call.name in _READ_BY and response.status < 300:  # noqa: PLR2004  the 2xx answers
            for read in _READ_BY[call.name]:
                self._owed[call.account, read, subject] = lag.reads.get(read, 0)


def _subject(call: Call) -> str:
    """What the call is about: a role, a bucket, a key, a pipeline."""
    parameters = call.parameters
    if call.service == "codepipeline":
        pipeline = parameters.get("pipeline")
        return str(pipeline.get("name") if isinstance(pipeline, dict) else parameters.get("name", ""))
    subject = parameters.get("RoleName") or parameters.get("Bucket") or parameters.get("KeyId") or ""
    return str(subject).rpartition("/")[2]
