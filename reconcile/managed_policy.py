"""Writing customer managed policies: versions instead of documents, five at the most, never reused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconcile import policy, statement_parts
from reconcile.change import Address
from reconcile.errors import AwsError, Blocked
from reconcile.ownership import creation_tags, refuse_foreign, tag_list
from reconcile.propagation import Writes

VERSIONS = 5
"""As many as AWS keeps of a managed policy."""


def create_policy(writes: Writes, address: Address, document: dict[str, Any], tags: Mapping[str, str]) -> None:
    """Make the policy at the path ``/``, tagged as the tool's own."""
    writes(
        address.account,
        "iam",
        "create_policy",
        PolicyName=address.name,
        PolicyDocument=statement_parts.text(document),
        Tags=tag_list(creation_tags(address.resource, tags)),
    )


def make_default(writes: Writes, account: str, arn: str, document: dict[str, Any]) -> str:
    """Make this document the one in force: an existing version of it if there is one, else a new version.

    Choosing an old version again is how a roll-back leaves nothing behind. With five versions the oldest that is not
    in force has to go; the remark says which.
    """
    listed = writes.read(account, "iam", "list_policy_versions", PolicyArn=arn)["Versions"]
    for version in listed:
        if not version["IsDefaultVersion"] and _says(writes, account, arn, version["VersionId"], document):
            writes(account, "iam", "set_default_policy_version", PolicyArn=arn, VersionId=version["VersionId"])
            return f"version {version['VersionId']} of the policy, which says this, is in force again"
    remark = _make_room(writes, account, arn, listed)
    text = statement_parts.text(document)
    writes(account, "iam", "create_policy_version", PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)
    return remark


def delete_policy(writes: Writes, address: Address, arn: str, *, reattach: Mapping[str, str] | None) -> None:
    """Delete a policy that the tool made, with all its versions.

    Raises Blocked where it is not the tool's own, or somebody attached it elsewhere; ``reattach`` is then put back,
    so that nothing has changed.
    """
    found = writes.read(address.account, "iam", "get_policy", PolicyArn=arn)["Policy"]
    try:
        refuse_foreign(address.resource, found.get("Tags", []))
        for version in writes.read(address.account, "iam", "list_policy_versions", PolicyArn=arn)["Versions"]:
            if not version["IsDefaultVersion"]:
                _delete_version(writes, address.account, arn, version["VersionId"])
        writes(address.account, "iam", "delete_policy", PolicyArn=arn)
    except (AwsError, Blocked) as error:
        if reattach:
            writes(address.account, "iam", "attach_role_policy", **reattach)
        if isinstance(error, AwsError) and error.code == "DeleteConflict":
            raise Blocked(f"policy {address.name} is attached elsewhere: it stays") from error
        raise


def _make_room(writes: Writes, account: str, arn: str, listed: list[dict[str, Any]]) -> str:
    if len(listed) < VERSIONS:
        return ""
    oldest = min((each["VersionId"] for each in listed if not each["IsDefaultVersion"]), key=lambda name: int(name[1:]))
    _delete_version(writes, account, arn, oldest)
    return f"version {oldest} of the policy was deleted to make room: AWS keeps {VERSIONS}"


def _delete_version(writes: Writes, account: str, arn: str, version: str) -> None:
    writes(account, "iam", "delete_policy_version", PolicyArn=arn, VersionId=version)


def _says(writes: Writes, account: str, arn: str, version: str, document: dict[str, Any]) -> bool:
    answer = writes.read(account, "iam", "get_policy_version", PolicyArn=arn, VersionId=version)
    return same_text(answer["PolicyVersion"]["Document"], document)


def same_text(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two documents mean the same and name their statements the same: Sids tell whose they are."""
    named = [sorted(str(each.get("Sid", "")) for each in policy.statements(text)) for text in (one, other)]
    return named[0] == named[1] and policy.equal(one, other)
