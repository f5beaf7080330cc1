"""Policies of artifact buckets, and trust policies of deploy roles."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from laws import policies
from laws.configs import DEV
from laws.scene import Document, Example, Limit, Scene, Wants
from reconcile import policy
from reconcile.change import Part
from reconcile.trust import nobody

NOBODY = nobody()["Statement"]


def _wanted(wants: Wants) -> list[policies.Statement]:
    return [statement for want in wants for statement in want.value]


def _bucket_policies(wants: Wants) -> st.SearchStrategy[Document]:
    foreign = policies.others(policies.partition_of(wants))
    return st.builds(lambda found: {"policy": found}, policies.documents(_wanted(wants), foreign))


def _trust_policies(wants: Wants) -> st.SearchStrategy[Document]:
    """Also of a role that trusts nobody, and of one to which somebody added trust without taking that out."""
    foreign = [*policies.others(policies.partition_of(wants)), *NOBODY]
    found = policies.documents(_wanted(wants), foreign).map(lambda found: {"policy": found or nobody()})
    return st.one_of(st.none(), st.just({"policy": nobody()}), found, found)


def _trust(document: Document) -> dict[str, Any] | None:
    """What the document says, which is nothing where it only says that the role trusts nobody."""
    found = (document or {}).get("policy")
    return None if found is None or found["Statement"] in (NOBODY, NOBODY[0]) else found


def rest_of_trust(trust: dict[str, Any] | None, part: Part) -> Any:
    """The other statements; the Deny that alone stands for no trust at all is none of others'."""
    kept = policies.rest(trust, part)
    return None if kept is None or kept["Statement"] == NOBODY else kept


def denies_beside_ours(trust: dict[str, Any] | None, part: Part) -> bool:
    """Whether a trust policy holds statements of ours and that Deny, which can only have been put back by hand."""
    return rest_of_trust(trust, part) is None and trust != nobody() and NOBODY[0] in policy.statements(trust)


def _beside_ours(example: Example) -> bool:
    return denies_beside_ours((example.document or {}).get("policy"), example.part)


BUCKET_POLICY = Scene(
    documents=_bucket_policies,
    rest=lambda document, part: policies.rest((document or {}).get("policy"), part),
    meaning=lambda document: policies.meaning((document or {}).get("policy")),
)
_TRUST = {"Sid": "XacctTrust", "Effect": "Allow", "Principal": {"AWS": DEV}, "Action": "sts:AssumeRole"}
NO_EMPTY_TRUST = "IAM takes no empty trust policy"

TRUST_POLICY = Scene(
    documents=_trust_policies,
    rest=lambda document, part: rest_of_trust((document or {}).get("policy"), part),
    meaning=lambda document: policies.meaning(_trust(document)),
    limits=[
        Limit(
            NO_EMPTY_TRUST,
            _beside_ours,
            Example({"policy": {"Statement": [*NOBODY, _TRUST]}}, Part("trust", ("XacctTrust",)), value=None),
        )
    ],
)
