"""Every identity policy of a role: what it is granted, wherever it is written."""

from __future__ import annotations

from typing import Any

from reconcile.reads import Reads, found

_NO_ROLE = ("NoSuchEntity",)


def identity_policies(reads: Reads, account: str, role: str) -> dict[str, Any] | None:
    """What is attached to a role and written into it; None where there is no such role.

    ``{"attached": {policy ARN: {"document", "versions"}}, "inline": {name: document}}``; ``versions`` are the ids
    of a managed policy's versions, oldest first, the default one last. All calls that can be are made at once.
    """
    attached = reads.start(account, "iam", "list_attached_role_policies", RoleName=role)
    named = reads.start(account, "iam", "list_role_policies", RoleName=role)
    managed, inline = found(attached, *_NO_ROLE), found(named, *_NO_ROLE)
    if managed is None or inline is None:
        return None
    arns = [entry["PolicyArn"] for entry in managed["AttachedPolicies"]]
    for arn in arns:
        reads.start(account, "iam", "list_policy_versions", PolicyArn=arn)
    asked = {
        name: reads.start(account, "iam", "get_role_policy", RoleName=role, PolicyName=name)
        for name in inline["PolicyNames"]
    }
    read = ((arn, managed_policy(reads, account, arn)) for arn in arns)
    return {
        "attached": {arn: policy for arn, policy in read if policy is not None},  # None: it is gone by now
        "inline": {name: answer.result()["PolicyDocument"] for name, answer in asked.items()},
    }


def managed_policy(reads: Reads, account: str, arn: str) -> dict[str, Any] | None:
    """A managed policy's default document and the ids of its versions, as above; None where there is none."""
    listed = found(reads.start(account, "iam", "list_policy_versions", PolicyArn=arn), "NoSuchEntity")
    if listed is None:
        return None
    versions = sorted(listed["Versions"], key=lambda each: (each["IsDefaultVersion"], int(each["VersionId"][1:])))
    ids = [each["VersionId"] for each in versions]
    answer = reads(account, "iam", "get_policy_version", PolicyArn=arn, VersionId=ids[-1])
    return {"document": answer["PolicyVersion"]["Document"], "versions": ids}
