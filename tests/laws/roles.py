"""Roles with all that hangs on them, and the policies that they are to have."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from laws import policies
from laws.configs import DEV
from laws.resource_policies import NO_EMPTY_TRUST, NOBODY, denies_beside_ours, rest_of_trust
from laws.scene import Document, Example, Limit, Scene, Wants
from reconcile.change import Part
from reconcile.trust import nobody

BASE = "xacct-pipeline-base"
ATTACHED = st.sampled_from([{}, {}, {f"arn:aws:iam::{DEV}:policy/theirs": {"document": {}, "versions": ["v1"]}}])
INLINE = st.sampled_from([{}, {}, {"theirs": {"Version": "2012-10-17", "Statement": []}}])


@st.composite
def _roles(draw: st.DrawFn, wants: Wants) -> Document:
    if draw(st.integers(0, 4)) == 0:
        return None
    partition = policies.partition_of(wants)
    values = [want.value for want in wants]
    trust = [statement for value in values for statement in value.get("trust", [])]
    base = [statement for value in values for statement in value.get("policy", [])]
    trusted = draw(policies.documents(trust, draw(st.sampled_from([[], policies.others(partition), NOBODY]))))
    foreign = draw(st.sampled_from([[], policies.identity_others(partition)]))
    written = draw(policies.documents(base, foreign)) if base else None
    return {
        "arn": f"arn:{partition}:iam::{DEV}:role/path/name",
        "path": draw(st.sampled_from(["/", "/service-role/"])),
        "permissions_boundary": draw(st.sampled_from([None, f"arn:{partition}:iam::aws:policy/PowerUserAccess"])),
        "trust": trusted or nobody(),
        "attached": draw(ATTACHED),
        "inline": {**draw(INLINE), **({BASE: written} if written else {})},
    }


def _role_rest(document: Document, part: Part) -> Any:
    if document is None:
        return ()
    found = (
        rest_of_trust(document["trust"], part),
        policies.rest(document["inline"].get(BASE), part),
        {name: text for name, text in document["inline"].items() if name != BASE},
        document["attached"],
    )
    return found if any(found) else ()


def _role_meaning(document: Document) -> Any:
    """The ARN follows from name and path."""
    if document is None:
        return None
    inline = {name: policies.meaning(text) for name, text in document["inline"].items()}
    kept = {key: document[key] for key in ("path", "permissions_boundary", "attached")}
    return {**kept, "inline": inline, "trust": policies.meaning(document["trust"])}


@st.composite
def _role_policies(draw: st.DrawFn, wants: Wants) -> Document:
    partition = policies.partition_of(wants)
    statements = [statement for want in wants for statement in want.value["statements"]]
    foreign = draw(st.sampled_from([[], policies.identity_others(partition)]))
    document = draw(policies.documents(statements, foreign)) if draw(st.booleans()) else None
    beside = draw(policies.documents(statements, policies.identity_others(partition)))
    return {
        "arn": f"arn:{partition}:iam::{DEV}:policy/path/{wants[0].address.name}",
        "document": document,
        "versions": ["v3", "v7"] if document else [],
        "attached": bool(document) and draw(st.booleans()),
        "beside": beside or {"Version": "2012-10-17", "Statement": []},
    }


def _role_policy_rest(document: Document, part: Part) -> Any:
    assert document is not None
    return policies.rest(document["document"], part), document["beside"]


def _role_policy_meaning(document: Document) -> Any:
    """A version's number is its place in history: AWS gives none twice."""
    assert document is not None
    return policies.meaning(document["document"]), document["attached"], document["beside"]


def _holds_others(example: Example) -> bool:
    assert example.document is not None
    return example.value is None and bool(policies.rest(example.document["document"], example.part))


def _says_nothing(example: Example) -> bool:
    assert example.document is not None
    others = policies.rest(example.document["document"], example.part)
    return example.value is not None and not example.value["statements"] and not others


def _beside_ours(example: Example) -> bool:
    return example.document is not None and denies_beside_ours(example.document["trust"], example.part)


_SERVICE = {"Sid": "XacctService", "Effect": "Allow", "Principal": {"Service": "s"}, "Action": "sts:AssumeRole"}
_BESIDE_OURS = Example(
    {
        "arn": f"arn:aws:iam::{DEV}:role/name",
        "path": "/",
        "permissions_boundary": None,
        "trust": {"Version": "2012-10-17", "Statement": [*NOBODY, _SERVICE]},
        "attached": {},
        "inline": {},
    },
    Part("service-role", ("XacctService",)),
    value={"path": "/", "permissions_boundary": None, "trust": None, "policy": None},
)

ROLE = Scene(
    documents=_roles,
    rest=_role_rest,
    meaning=_role_meaning,
    refuses=lambda example: example.value is None and bool(_role_rest(example.document, example.part)),
    limits=[Limit(NO_EMPTY_TRUST, _beside_ours, _BESIDE_OURS)],
)
ROLE_POLICY = Scene(
    documents=_role_policies,
    rest=_role_policy_rest,
    meaning=_role_policy_meaning,
    refuses=lambda example: _holds_others(example) or _says_nothing(example),
    apart=lambda _one, _other: False,
)
