"""Policies of artifact buckets, and trust policies of deploy roles."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from laws import policies
from laws.scene import Document, Scene, Wants
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


def _trust_rest(document: Document, part: Part) -> Any:
    return policies.rest(_trust(document), part)


BUCKET_POLICY = Scene(
    documents=_bucket_policies,
    rest=lambda document, part: policies.rest((document or {}).get("policy"), part),
    meaning=lambda document: policies.meaning((document or {}).get("policy")),
)
TRUST_POLICY = Scene(
    documents=_trust_policies, rest=_trust_rest, meaning=lambda document: policies.meaning(_trust(document))
)
