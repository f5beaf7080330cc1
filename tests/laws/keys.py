"""Key policies: the console's statements in every state that people leave them in, beside everybody else's."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from laws import policies
from laws.configs import DEV, PROD
from laws.scene import Document, Example, Limit, Scene, Wants
from reconcile import policy
from reconcile.change import Part

ADMINISTRATORS = "Allow access for Key Administrators"
USE = "Allow use of the key"
GRANTS = "Allow attachment of persistent resources"
GROUPS = {"admins": (ADMINISTRATORS,), "users": (USE, GRANTS), "sharing": (USE, GRANTS)}

_VERBS = ("Create", "Describe", "Enable", "List", "Put", "Update", "Revoke", "Disable", "Get", "Delete")
_NAMES = ("TagResource", "UntagResource", "ScheduleKeyDeletion", "CancelKeyDeletion")
CONSOLE: dict[str, policies.Statement] = {
    ADMINISTRATORS: {"Action": [*(f"kms:{verb}*" for verb in _VERBS), *(f"kms:{name}" for name in _NAMES)]},
    USE: {"Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]},
    GRANTS: {
        "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
        "Condition": {"Bool": {"kms:GrantIsForAWSResource": True}},
    },
}
"""The console's statements, without those they are for."""
CHANGES: list[policies.Statement] = [
    {},
    {},
    {"Action": ["kms:DescribeKey"]},
    {"Action": "kms:*"},
    {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
    {"Effect": "Deny"},
]
"""What people do to them."""


def _sids(part: Part) -> tuple[str, ...]:
    groups = GROUPS.get(part.name, ())
    return (*groups, *(f"{group} (xacct-tui)" for group in groups))


@st.composite
def _console(draw: st.DrawFn, sid: str, principals: list[str]) -> policies.Statement:
    """A statement of the console, or of ours beside it, with some of the wanted and some other principals."""
    named = draw(st.lists(st.sampled_from(principals), min_size=1, max_size=4, unique=True))
    group = sid.removesuffix(" (xacct-tui)")
    statement = {"Sid": sid, "Effect": "Allow", **CONSOLE[group], "Resource": "*", **draw(st.sampled_from(CHANGES))}
    how = draw(st.sampled_from(["list", "list", "alone", "with a service", "everyone", "not"]))
    if how == "not":
        return {**statement, "NotPrincipal": {"AWS": named}}
    principal: Any = {"AWS": named[0] if how == "alone" else named}
    if how == "with a service":
        principal["Service"] = "s3.amazonaws.com"
    return {**statement, "Principal": "*" if how == "everyone" else principal}


@st.composite
def _key_policies(draw: st.DrawFn, wants: Wants) -> Document:
    if draw(st.integers(0, 5)) == 0:
        return None
    partition = policies.partition_of(wants)
    wanted = sorted({name for want in wants if want.part.name in GROUPS for name in want.part.of})
    foreign = [PROD, DEV, "AROAEXAMPLEEXAMPLE01", f"arn:{partition}:iam::{DEV}:role/Audit"]
    sids = [*CONSOLE, *(f"{group} (xacct-tui)" for group in CONSOLE)]
    chosen = draw(st.lists(st.sampled_from(sids), max_size=4, unique=True))
    console = [draw(_console(sid, [*wanted, *foreign])) for sid in chosen]
    statements = [each for want in wants if want.part.name == "statements" for each in want.value]
    root = {"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    root["Principal"] = {"AWS": f"arn:{partition}:iam::{DEV}:root"}
    document = draw(policies.documents([*statements, root], policies.others(partition)))
    found = [*console, *policy.statements(document)]
    return {"policy": draw(policies.assembled(found)) if found else None, "key": "key-id"}


def _is(name: str, principal: str) -> bool:
    """An account's id is the same as the ARN of its root."""
    return name == principal or (principal.endswith(f"::{name}:root") and name.isdigit())


def _without(statement: policies.Statement, part: Part) -> policies.Statement | None:
    """The statement without the part's principals, None where nobody is left; principals by type, in order."""
    principal = statement.get("Principal", {})
    by_type = {"AWS": principal} if isinstance(principal, str) else principal
    kept = {
        kind: sorted(
            name
            for name in ([names] if isinstance(names, str) else names)
            if not (kind == "AWS" and any(_is(name, each) for each in part.of))
        )
        for kind, names in by_type.items()
    }
    left = {kind: names for kind, names in kept.items() if names}
    return {**statement, "Principal": left} if left else None


def _rest(document: Document, part: Part) -> Any:
    found = (document or {}).get("policy")
    if part.name == "statements":
        return policies.rest(found, part)
    kept = []
    for statement in policy.statements(found):
        edited = statement.get("Sid") in _sids(part) and statement["Effect"] == "Allow" and "Principal" in statement
        if left := _without(statement, part) if edited else statement:
            kept.append(left)
    return {**(found or {}), "Statement": kept} if kept else None


def _refuses(example: Example) -> bool:
    """A principal that is named in a Deny or a NotPrincipal is granted nothing by it."""
    if example.part.name == "statements":
        return False
    wanted = {sid for sids in (example.value or {}).values() for sid in sids}
    return any(
        statement.get("Sid") in wanted and (statement["Effect"] == "Deny" or "NotPrincipal" in statement)
        for statement in policy.statements((example.document or {}).get("policy"))
    )


def _takes_a_changed_statement(example: Example) -> bool:
    """Whether a statement that is not as the console writes it loses everyone it is for."""
    if example.part.name == "statements":
        return False
    for statement in policy.statements((example.document or {}).get("policy")):
        sid = statement.get("Sid", "")
        if sid not in _sids(example.part) or "Principal" not in statement or _without(statement, example.part):
            continue
        plain = {key: each for key, each in statement.items() if key != "Principal"}
        console = {"Sid": sid, "Effect": "Allow", "Resource": "*", **CONSOLE[sid.removesuffix(" (xacct-tui)")]}
        if policy.normal_statement(plain) != policy.normal_statement(console):
            return not any(sid in sids for sids in (example.value or {}).values())
    return False


_RELEASE = f"arn:aws:iam::{DEV}:role/Release"
_NARROWED = {
    "Sid": USE,
    "Effect": "Allow",
    "Principal": {"AWS": _RELEASE},
    "Action": "kms:Decrypt",
    "Resource": "*",
}

KEY_POLICY = Scene(
    documents=_key_policies,
    rest=_rest,
    meaning=lambda document: policies.meaning((document or {}).get("policy")),
    refuses=_refuses,
    limits=[
        Limit(
            "a statement has to name somebody, so it goes with its last principal",
            _takes_a_changed_statement,
            Example({"policy": {"Statement": [_NARROWED]}}, Part("users", (_RELEASE,)), value=None),
        ),
    ],
)
