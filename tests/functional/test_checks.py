"""The checks, on the documents of the article's complete set-up: one cause at a time, seen as what it is alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from pprint import pformat

import pytest

import reconcile
from cases.checks import access, artifact_bucket, keys, output, starting
from cases.checks.case import CASES, KEY, Case, Found, Setup, deny
from reconcile.errors import AwsError
from reconcile.policy.evaluation import evaluate
from reconcile.policy.request import CallerType, HeldPolicy, Policies, Side
from reconcile.proof.chain import chain
from reconcile.proof.checks import checks, findings, left_out
from reconcile.proof.checks.page import page
from reconcile.proof.judging import judged
from reconcile.proof.values import Finding, Hop, Severity, Step, Verdict
from reconcile.proof.world import World
from xacct_tui.demo import article_documents as doc

TABLES = (access, artifact_bucket, keys, output, starting)
"""They enter their cases when they are imported."""

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"
HEALTHY = [
    Found(
        "B6",
        "dev",
        (f"policy of bucket {doc.ARTIFACTS}, DenyInsecureConnections: arn:aws:s3:::{doc.ARTIFACTS}/*",),
        severity="info",
    ),
    Found("S5", "dev", (f"rule {doc.RULE}: no errorCode in its pattern",), severity="info"),
]
"""What is true of the article's own set-up; it is no trouble."""


def hops(world: World) -> tuple[Hop, ...]:
    return tuple(map(judged, chain(world, world.config.deployments["website"])))


def found_in(assuming: reconcile.Config, setup: Setup) -> list[Finding]:
    world, deployment = World(assuming, setup.documents), assuming.deployments["website"]
    return list(findings(world, deployment, hops(world), lambda slug: (f"website/{slug}",)))


def told(finding: Finding) -> Found:
    slugs = tuple(each.removeprefix("website/") for each in finding.changes)
    return Found(finding.id, finding.account, finding.evidence, slugs, str(finding.verdict), str(finding.severity))


def as_severe_as_its_check(expected: Found) -> Found:
    severity = expected.severity or next(str(each.severity) for each in checks() if each.id == expected.id)
    return Found(expected.id, expected.account, expected.evidence, expected.slugs, expected.verdict, severity)


def test_the_article_has_no_trouble(assuming: reconcile.Config, done: Callable[[], Setup]) -> None:
    assert [told(each) for each in found_in(assuming, done())] == HEALTHY


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.make.__name__)
def test_a_cause_is_found_as_what_it_is(assuming: reconcile.Config, done: Callable[[], Setup], case: Case) -> None:
    setup = done()
    case.make(setup)
    found = [told(each) for each in found_in(assuming, setup)]
    expected = map(as_severe_as_its_check, case.found)
    healthy = {each.id for each in HEALTHY}
    assert by_id(each for each in found if each.id not in healthy) == by_id(expected)


def by_id(found: Iterable[Found]) -> str:
    """As a text, so that what differs is seen."""
    return "\n".join(pformat(each, width=120) for each in sorted(found, key=lambda each: (each.id, each.account)))


def test_each_check_has_a_case() -> None:
    seen = {found.id for case in CASES for found in case.found} | {found.id for found in HEALTHY} | set(FORBIDDING)
    assert seen == {each.id for each in checks()}


def test_the_page_of_all_checks_is_of_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_each_known_cause_is_checked_or_left_out_with_a_reason() -> None:
    known = {"K": 20, "R": 21, "B": 12, "D": 12, "S": 8, "P": 5}
    ids = [each.id for each in checks()] + list(left_out())
    assert sorted(ids) == sorted(f"{letter}{number + 1}" for letter, count in known.items() for number in range(count))


FORBIDDING = {
    "R12": deny("sts:AssumeRole", "*", ""),
    "R13": deny("*", "*", "", Condition={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}),
    "R14": deny("s3:PutObject", "*", "", Condition={"Null": {"s3:x-amz-server-side-encryption": "true"}}),
}
HIT = {
    "R12": [("dev", f"{doc.SERVICE_ROLE} sts:AssumeRole")],
    "R13": [("dev", "s3:PutObject"), ("prod", "prods3role s3:PutObject")],
    "R14": [("prod", "prods3role s3:PutObject")],
}


@pytest.mark.parametrize("id_", FORBIDDING)
def test_what_the_organization_forbids(assuming: reconcile.Config, done: Callable[[], Setup], id_: str) -> None:
    """The chain's own requests, decided under one policy on the organization's root."""
    world, deployment = World(assuming, done().documents), assuming.deployments["website"]
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}

    def levels(_world: World, sort: str, number: str) -> tuple[tuple[HeldPolicy, ...], ...]:
        document = {"Version": "2012-10-17", "Statement": [everything, FORBIDDING[id_]]}
        return ((HeldPolicy(world.account(number), "root.json", document),),) if sort == "scp" else ()

    def limited(step: Step) -> Step:
        if step.request is None or step.request.caller.type is not CallerType.ROLE:
            return step
        account = step.request.caller.arn.split(":")[4]
        decision = evaluate(step.request, Policies(scps=levels(world, "scp", account)))
        reasons = tuple(each for each in decision.reasons if each.side is Side.SCP)
        return replace(step, verdict=Verdict.FAIL if reasons else Verdict.PASS, reasons=reasons)

    limited_chain = tuple(replace(hop, steps=tuple(map(limited, hop.steps))) for hop in hops(world))
    found = findings(world, deployment, limited_chain, lambda _slug: (), levels)
    errors = [each for each in found if each.severity is Severity.ERROR]
    assert [(each.id, each.account) for each in errors] == [(id_, account) for account, _ in HIT[id_]]
    for finding, (_, what) in zip(errors, HIT[id_], strict=True):
        (line,) = finding.evidence
        assert line.startswith("root.json, Statement[1]: denies ")
        assert what in line


def test_what_nobody_read_is_unknown(assuming: reconcile.Config, done: Callable[[], Setup]) -> None:
    """Only for what would be an error, and never as something that was seen."""
    setup = done()
    setup.put("key-policy", doc.KEY_ALIAS, AwsError("dev", "kms:GetKeyPolicy", "AccessDenied", "not allowed"))
    found = [each for each in found_in(assuming, setup) if each.severity is not Severity.INFO]
    assert {each.verdict for each in found} == {Verdict.UNKNOWN}
    assert {each.severity for each in found} == {Severity.ERROR}
    assert {each.id for each in found} == {"K4", "K7", "R6"}
    assert all("kms:GetKeyPolicy" in line for each in found for line in each.evidence)


def test_no_document_is_missed_as_if_it_were_wrong(assuming: reconcile.Config, done: Callable[[], Setup]) -> None:
    """Each in turn is kept from us: what could be an error is unknown then, and nothing is seen that is not there."""
    for address in done().documents:
        setup = done()
        setup.documents[address] = AwsError(address.account, "any:Call", "AccessDenied", "not allowed")
        found = [each for each in found_in(assuming, setup) if each.severity is not Severity.INFO]
        assert {each.verdict for each in found} <= {Verdict.UNKNOWN}, (address, found)


def test_whatever_is_gone_is_told(assuming: reconcile.Config, done: Callable[[], Setup]) -> None:
    """Each in turn does not exist: what its loss means is found, and nothing is unknown by it."""
    for address in done().documents:
        setup = done()
        setup.documents[address] = None
        if address.kind in ("key", "key-policy"):  # the pipeline names it by its ARN, and so it is looked for
            setup.documents[replace(address, resource=f"kms:key/{KEY}")] = None
        assert Verdict.UNKNOWN not in {each.verdict for each in found_in(assuming, setup)}, address
