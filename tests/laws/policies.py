"""Policy documents as accounts have them: other people's statements, ours in many spellings, all mixed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import strategies as st

from laws.configs import DEV, PROD
from laws.scene import Wants
from reconcile import policy
from reconcile.change import Part

Statement = dict[str, Any]

VERSIONS = st.sampled_from([{"Version": "2012-10-17"}, {"Version": "2012-10-17"}, {"Version": "2008-10-17"}, {}])
IDS = st.sampled_from([{}, {"Id": "key-consolepolicy-3"}])


def partition_of(wants: Wants) -> str:
    return "aws-cn" if wants[0].address.region.startswith("cn-") else "aws"


def others(partition: str) -> list[Statement]:
    """Statements of other people, as resource and trust policies have them."""
    arn = f"arn:{partition}"
    bucket = f"{arn}:s3:::artifacts-of-all"
    return [
        {
            "Sid": "DenyInsecureConnections",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [f"{bucket}/*", bucket],
            "Condition": {"Bool": {"aws:SecureTransport": False}},
        },
        {
            "Sid": "",
            "Effect": "Allow",
            "Principal": {"AWS": PROD},
            "Action": ["s3:Get*", "s3:Put*"],
            "Resource": f"{bucket}/*",
        },
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"{arn}:iam::{PROD}:root"},
            "Action": "s3:ListBucket",
            "Resource": bucket,
            "Condition": {},
        },
        {
            "Sid": "NotTheAuditors",
            "Effect": "Deny",
            "NotPrincipal": {"AWS": [f"{arn}:iam::{DEV}:role/Audit", DEV]},
            "NotAction": ["s3:Get*"],
            "NotResource": [f"{bucket}/public/*"],
        },
        {
            "Sid": "Dead",
            "Effect": "Allow",
            "Principal": {"AWS": ["AROAEXAMPLEEXAMPLE01", f"{arn}:iam::{DEV}:role/NightlyReport"]},
            "Action": "sts:AssumeRole",
        },
        {
            "Effect": "Allow",
            "Principal": {"AWS": "AIDAEXAMPLEEXAMPLE01"},
            "Action": "S3:GetObject",
            "Resource": "*",
        },
        {
            "Sid": "Homes",
            "Effect": "Allow",
            "Principal": {"Service": ["cloudtrail.amazonaws.com"], "AWS": "*"},
            "Action": "s3:PutObject",
            "Resource": [f"{bucket}/${{aws:username}}/*"],
            "Condition": {"StringLike": {"aws:PrincipalOrgID": ["o-1"]}},
        },
        {
            "Sid": "XacctArtifactObjects00000000",
            "Effect": "Allow",
            "Principal": {"AWS": "333333333333"},
            "Action": "s3:GetObject",
            "Resource": f"{bucket}/*",
        },
        {
            "Sid": "Novel",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": "*",
            "Novelty": {"kept": [1]},
        },
    ]


def identity_others(partition: str) -> list[Statement]:
    """The same, as the policies of a role have them."""
    kept = [{k: v for k, v in each.items() if "Principal" not in k} for each in others(partition)]
    return [{"Resource": "*", **each} if "NotResource" not in each else each for each in kept]


@st.composite
def ours(draw: st.DrawFn, wanted: Iterable[Statement]) -> list[Statement]:
    """Some of the wanted statements: as they are, as AWS or a person spells them, or changed by somebody."""
    found = []
    for statement in {each["Sid"]: each for each in wanted}.values():
        how = draw(st.sampled_from(["absent", "as it is", "respelled", "changed"]))
        if how == "changed":
            condition = {"StringEquals": {"aws:SourceVpc": ["vpc-2", "vpc-1"]}}
            found.append({**statement, "Action": ["sts:TagSession", "s3:GetObject"], "Condition": condition})
        elif how != "absent":
            found.append(respelled(statement) if how == "respelled" else dict(statement))
    return found


def respelled(statement: Statement) -> Statement:
    again = {key: value[::-1] if isinstance(value, list) else value for key, value in statement.items()}
    again["Action"] = [again["Action"]] if isinstance(again["Action"], str) else [*again["Action"], again["Action"][0]]
    if isinstance(name := statement.get("Principal", {}).get("AWS"), str):
        again["Principal"] = {"AWS": [re.sub(r"arn:[\w-]+:iam::(\d+):root", r"\1", name)]}
    return {"Condition": {}, **again}


@st.composite
def documents(draw: st.DrawFn, wanted: Sequence[Statement], foreign: Sequence[Statement]) -> dict[str, Any] | None:
    """A policy document, or None where no statement came together."""
    indexes = st.lists(st.integers(0, len(foreign) - 1), max_size=3, unique=True) if foreign else st.just([])
    found = draw(st.permutations([*(foreign[index] for index in draw(indexes)), *draw(ours(wanted))]))
    return draw(assembled(found)) if found else None


@st.composite
def assembled(draw: st.DrawFn, found: Sequence[Statement]) -> dict[str, Any]:
    """A lone statement may stand without its list."""
    listed = found[0] if len(found) == 1 and draw(st.booleans()) else list(found)
    return {**draw(VERSIONS), **draw(IDS), "Statement": listed}


def rest(document: dict[str, Any] | None, part: Part) -> Any:
    """The other statements literally, in their order, with what the document says of them all."""
    kept = [each for each in policy.statements(document) if each.get("Sid") not in part.of]
    return {**(document or {}), "Statement": kept} if kept else None


def meaning(document: dict[str, Any] | None) -> Any:
    """Every statement with its Sid, in whatever order and spelling; the Version where it makes a difference."""
    partition = next(iter(re.findall(r"arn:(aws[\w-]*):", json.dumps(document))), "aws")
    normal = [policy.normal_statement(each, partition=partition) for each in policy.statements(document)]
    found = sorted(json.dumps(each, sort_keys=True) for each in normal)
    version = (document or {}).get("Version", "2008-10-17")
    return found, version if any("${aws:" in each for each in found) else ""
