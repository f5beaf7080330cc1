"""The checks, on the documents of the article's complete set-up: one cause at a time, seen as what it is alone."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from pprint import pformat
from typing import Any

import pytest

import reconcile
from cases.checks import access, artifact_bucket, keys, output, starting
from cases.checks.case import CASES, DEPLOY_ID, KEY, SERVICE_ID, Case, Found, Setup
from reconcile.change import Address
from reconcile.proof.checks import checks, findings
from reconcile.proof.looking import for_proof
from reconcile.proof.proving import hops
from reconcile.proof.values import Finding
from reconcile.proof.world import World
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.lag import NO_LAG
from xacct_tui.demo.scenarios import SCENARIOS

TABLES = (access, artifact_bucket, keys, output, starting)
"""They enter their cases when they are imported."""

CONFIG = Path(__file__).parents[2] / "config" / "article.toml"
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


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> reconcile.Config:
    path = tmp_path_factory.mktemp("config") / "xacct.toml"
    path.write_text(CONFIG.read_text() + '\n[proof]\nassume = ["scp", "rcp"]\n')
    return reconcile.load(path)


@pytest.fixture(scope="module")
def done(embedded_accounts: EmbeddedAccounts, config: reconcile.Config) -> Callable[[], Setup]:
    """The documents of the article's complete set-up, anew each time; the ids that AWS makes up are always the same."""
    embedded_accounts.reset()
    embedded_accounts.lag = NO_LAG
    SCENARIOS["done"](embedded_accounts)
    with pytest.MonkeyPatch.context() as environment:
        for name, value in embedded_accounts.environment().items():
            environment.setenv(name, value)
        with reconcile.connect(config) as clients:
            live = reconcile.read(config, clients, further=for_proof).documents
    documents = {address: renamed(document, live) for address, document in live.items()}
    return lambda: Setup(copy.deepcopy(documents))


def renamed(document: Any, live: Mapping[Address, Any]) -> Any:
    text = json.dumps(document)
    for address, found in live.items():
        if address.kind == "key":
            text = text.replace(found["arn"], KEY)
        if address.kind == "role-id" and address.name in (doc.SERVICE_ROLE, doc.DEPLOY_ROLE):
            text = text.replace(found["id"], SERVICE_ID if address.name == doc.SERVICE_ROLE else DEPLOY_ID)
    return json.loads(text)


def found_in(config: reconcile.Config, setup: Setup) -> list[Finding]:
    world, deployment = World(config, setup.documents), config.deployments["website"]
    return list(findings(world, deployment, hops(world, deployment)))


def told(finding: Finding) -> Found:
    slugs = tuple(each.removeprefix("website/") for each in finding.changes)
    return Found(finding.id, finding.account, finding.evidence, slugs, str(finding.verdict), str(finding.severity))


def as_severe_as_its_check(expected: Found) -> Found:
    severity = expected.severity or next(str(each.severity) for each in checks() if each.id == expected.id)
    return Found(expected.id, expected.account, expected.evidence, expected.slugs, expected.verdict, severity)


def test_the_article_has_no_trouble(config: reconcile.Config, done: Callable[[], Setup]) -> None:
    assert [told(each) for each in found_in(config, done())] == HEALTHY


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.make.__name__)
def test_a_cause_is_found_as_what_it_is(config: reconcile.Config, done: Callable[[], Setup], case: Case) -> None:
    setup = done()
    case.make(setup)
    found = [told(each) for each in found_in(config, setup)]
    expected = map(as_severe_as_its_check, case.found)
    healthy = {each.id for each in HEALTHY}
    assert by_id(each for each in found if each.id not in healthy) == by_id(expected)


def by_id(found: Iterable[Found]) -> str:
    """As a text, so that what differs is seen."""
    return "\n".join(pformat(each, width=120) for each in sorted(found, key=lambda each: (each.id, each.account)))


def test_each_check_has_a_case() -> None:
    seen = {found.id for case in CASES for found in case.found} | {found.id for found in HEALTHY}
    assert seen == {each.id for each in checks()}
