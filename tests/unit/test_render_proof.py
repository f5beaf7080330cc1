"""Proofs as text and JSON: what is shown of a proof that holds something of each sort."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

import made_up_proof as made_up
from reconcile.change import Plan
from reconcile.proof.values import DeploymentProof, Finding, Proof, Severity, Verdict
from screens.made_up import CHANGES
from xacct_tui.exit_codes import check_code, proof_code
from xacct_tui.render.lanes import lanes
from xacct_tui.render.plain import plain
from xacct_tui.render.proof_json import check_to_json, proof_to_json
from xacct_tui.render.proof_text import proof_text
from xacct_tui.render.proof_words import reason_words
from xacct_tui.render.text import plan_text

FOLDER = Path(__file__).parents[1] / "cases" / "render"
HOSTILE = tomllib.loads((FOLDER / "hostile.toml").read_text(encoding="utf-8"))["texts"]
PROOFS = {"failing": made_up.PROOF, "planned": made_up.PLANNED}
PLAN = Plan("2026-11-25T09:00:00Z", "sha", made_up.ACCOUNTS, CHANGES)
PROVEN = {each.change: each for each in made_up.PROVEN}


@pytest.mark.parametrize("name", PROOFS)
def test_a_proof_as_text(name):
    shown = proof_text(PROOFS[name], colour=False, width=80)
    assert shown == (FOLDER / "proofs" / f"{name}.txt").read_text(encoding="utf-8")


def test_why_a_header_is_not_known_is_told():
    told = reason_words(replace(made_up.UNKNOWN, keys=("s3:x-amz-ACL",)))
    assert "depends on s3:x-amz-ACL, which is not known (AWS does not say which ACL" in told


def test_a_policy_that_could_not_be_read_is_told_once_for_all_hops_that_depend_on_it():
    shown = proof_text(made_up.UNREAD_BY_ALL, colour=False, width=200)
    assert "2 hops depend on what could not be read" in shown
    assert shown.count(made_up.UNREAD.text) == 1
    assert "read it" not in shown  # nothing else is to be told of it
    assert "aws:SourceVpce, aws:SourceIp" in shown
    assert "R17" not in shown
    assert json.dumps(proof_to_json(made_up.UNREAD_BY_ALL, "0.1.0")).count(made_up.UNREAD.text) == 3


@pytest.mark.parametrize("width", [40, 80, 200])
def test_colour_says_nothing_that_the_text_does_not(width):
    coloured, bare = (proof_text(made_up.PROOF, colour=colour, width=width) for colour in (True, False))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == bare


def test_only_what_cannot_be_broken_is_wider_than_the_terminal():
    wide = [line for line in proof_text(made_up.PROOF, colour=False, width=80).splitlines() if len(line) > 80]
    assert all(re.fullmatch(r" +arn:\S+", line) for line in wide)


def test_every_hop_is_one_line_with_its_accounts_mark_and_word():
    lines = proof_text(made_up.PROOF, colour=False, width=200).splitlines()
    for hop in made_up.HOPS:
        (line,) = [each for each in lines if each.endswith(f"  {hop.title}") and hop.verdict.upper() in each]
        ends = {"dev": 2, "prod": 11}
        assert line[ends[hop.source_account]] == line[ends[hop.target_account]] == "o"
        arrow = ">" if ends[hop.source_account] < ends[hop.target_account] else "<"
        assert (arrow in line) is (hop.source_account != hop.target_account)


def test_of_many_accounts_each_hop_names_its_two():
    hops = [
        replace(hop, source_account=f"a{at}", target_account="a\x1b[31m" * 9) for at, hop in enumerate(made_up.HOPS)
    ]
    picture = lanes(hops)
    assert len({len(drawn) for drawn in picture.drawn}) == 1
    assert picture.drawn[0].startswith(r"a0 > a\x1b[31ma\x1b[…")
    assert lanes([]).drawn == ()


def test_the_json_holds_the_whole_proof():
    document = proof_to_json(made_up.PROOF, "0.1.0", PROVEN)
    assert json.loads(json.dumps(document)) == document
    assert (document["format_version"], document["verdict"], document["planned"]) == ("1.0", "fail", False)
    hop = document["deployments"][0]["hops"][2]
    assert (hop["id"], hop["verdict"], hop["source_account"], hop["target_account"]) == (
        "read-artifact",
        "fail",
        "prod",
        "dev",
    )
    first = hop["steps"][0]
    assert first["request"]["context"] == {"aws:multifactorauthpresent": None, "aws:securetransport": ["true"]}
    assert first["reasons"][0]["account"] == "dev"
    assert first["repairs"] == ["website/artifact-statements"]
    assert document["deployments"][0]["hops"][4]["steps"][0]["reasons"][0]["statement"] == 2
    assert document["changes"][2] == {
        "id": "website/pipeline",
        "mends": [],
        "breaks": ["website/upload", "website/assume-deploy-role"],
        "excess": [],
    }
    told = {text for text in texts(made_up.PROOF) if text not in made_up.FINDINGS[0].deployment}
    assert told <= set(texts(document)), told - set(texts(document))


def texts(value: Any) -> list[str]:
    """Every text that is anywhere in a value."""
    if is_dataclass(value):
        return [text for field in fields(value) for text in texts(getattr(value, field.name))]
    if isinstance(value, dict):
        return [text for each in value.items() for text in texts(each)]
    if isinstance(value, tuple | list):
        return [text for each in value for text in texts(each)]
    return [str(value)] if isinstance(value, str | Enum) else []


def test_a_check_is_one_document_and_tells_what_each_change_does():
    document = check_to_json(PLAN, made_up.PROOF, "0.1.0", PROVEN)
    effects = {change["id"]: change["proof"] for change in document["plan"]["changes"]}
    assert effects["website/pipeline"]["breaks"] == ["website/upload", "website/assume-deploy-role"]
    assert effects["website/key"] == {"mends": [], "breaks": [], "excess": []}
    assert effects["website/assume-policy"]["excess"][0]["grants"][0]["actions"][0] == "s3:DeleteObject"
    assert document["proof"]["verdict"] == "fail"
    assert [(each["deployment"], each["id"]) for each in document["findings"]] == [
        ("website", finding.id) for finding in made_up.FINDINGS
    ]


def test_a_change_that_breaks_what_passes_says_so_first():
    shown = plan_text(PLAN, colour=False, width=120, proven=PROVEN)
    _, _, below = shown.partition("~ website/pipeline ")
    assert "BREAKS" in below.splitlines()[1]
    assert "website/upload, website/assume-deploy-role" in below.splitlines()[1]
    assert "too much beyond need, arn:aws:iam::222222222222:role/prods3role may s3:DeleteObject" in shown
    assert "BREAKS" not in plan_text(PLAN, colour=False, width=120)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_does_nothing_to_a_terminal(text):
    shown = proof_text(made_up.spoilt(made_up.PROOF, text), colour=False, width=100)
    assert [character for character in shown if character != "\n" and plain(character) != character] == []


def proof(severity: Severity | None = None, verdict: Verdict = Verdict.FAIL, *, hops: bool = True) -> Proof:
    found = (Finding("X1", severity, verdict, "d", "dev", "", (), "", ""),) if severity else ()
    chain = made_up.HEALTHY.deployments[0].hops if hops else made_up.HOPS
    return replace(made_up.HEALTHY, deployments=(DeploymentProof("d", chain, found),))


SYNCED = replace(PLAN, changes=())
UNKNOWN_HOP = replace(made_up.HEALTHY, deployments=(DeploymentProof("d", (made_up.HOPS[3],)),))
CODES = [
    ("all well", SYNCED, proof(), "error", 0),
    ("pending", PLAN, proof(), "error", 2),
    ("a failing hop", SYNCED, proof(hops=False), "error", 2),
    ("an unknown hop", SYNCED, UNKNOWN_HOP, "error", 3),
    ("an error", SYNCED, proof(Severity.ERROR), "error", 2),
    ("an error that could not be ruled out", SYNCED, proof(Severity.ERROR, Verdict.UNKNOWN), "info", 3),
    ("a warning, and errors count", SYNCED, proof(Severity.WARNING), "error", 0),
    ("a warning, and warnings count", SYNCED, proof(Severity.WARNING), "warning", 2),
    ("an info, and warnings count", SYNCED, proof(Severity.INFO), "warning", 0),
    ("an info, and all count", SYNCED, proof(Severity.INFO), "info", 2),
]


@pytest.mark.parametrize(
    ("plan", "proven", "fail_on", "code"), [row[1:] for row in CODES], ids=[row[0] for row in CODES]
)
def test_the_exit_code_of_a_check(plan, proven, fail_on, code):
    assert check_code(plan, proven, Severity(fail_on)) == code


def test_the_exit_code_of_a_proof():
    assert [proof_code(each) for each in (made_up.HEALTHY, made_up.PROOF, UNKNOWN_HOP)] == [0, 2, 3]
