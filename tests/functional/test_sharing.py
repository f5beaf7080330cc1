"""Deployments that share roles and policies: each one's change alone, and what other people's work it meets."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import reconcile
from checkpoint import SCENARIOS
from library import connect
from reconcile import Action, Clients, Config, Journal, Plan, Result
from reconcile.kinds import kinds
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts

SHARED = """
[accounts]
dev = { id = "111111111111", region = "us-east-1", profile = "dev" }
prod = { id = "222222222222", region = "us-east-1", profile = "prod" }

[deployments.website]
pipeline = "website"
service_role = { name = "pipelines" }
source = { bucket = "codepipeline-input-bucket", object_key = "website.zip" }
artifacts = { bucket = "codepipeline-us-east-1-0123456789" }
output = { bucket = "codepipeline-output-website" }

[deployments.manual]
pipeline = "manual"
service_role = { name = "pipelines" }
source = { bucket = "codepipeline-input-bucket", object_key = "manual.zip" }
artifacts = { bucket = "codepipeline-us-east-1-0123456789" }
output = { bucket = "codepipeline-output-manual" }
"""


class World:
    """The embedded accounts, and the library at work on them."""

    def __init__(self, accounts: EmbeddedAccounts, clients: Clients, journal: Journal, config: Config) -> None:
        self.accounts, self.clients, self.journal, self.config = accounts, clients, journal, config

    def plan(self) -> Plan:
        return reconcile.plan(self.config, reconcile.read(self.config, self.clients))

    def apply(self, *ids: str) -> dict[str, tuple[Result, str]]:
        plan = self.plan()
        changes = [plan[each] for each in ids] or plan.pending
        outcomes = reconcile.apply(changes, plan, self.clients, self.journal, pause=lambda _: None)
        return {outcome.change.id: (outcome.result, outcome.detail) for outcome in outcomes}

    def roll_back(self, *ids: str) -> dict[str, tuple[Result, str]]:
        entries = [each for each in self.journal.entries() if each.undoes is None and not each.undone]
        chosen = [each for each in entries if not ids or each.change.id in ids]
        outcomes = reconcile.rollback(chosen, self.clients, self.journal, pause=lambda _: None)
        return {outcome.change.id: (outcome.result, outcome.detail) for outcome in outcomes}

    def pending(self) -> set[str]:
        return {change.id for change in self.plan().changes if change.action is not Action.NONE}


@pytest.fixture
def shared(accounts: EmbeddedAccounts, tmp_path: Path) -> Iterator[World]:
    (tmp_path / "xacct.toml").write_text(SHARED)
    config = reconcile.load(tmp_path / "xacct.toml")
    with connect(config) as clients, reconcile.open_journal(config) as journal:
        yield World(accounts, clients, journal, config)


@pytest.fixture
def article(accounts: EmbeddedAccounts) -> Iterator[World]:
    config = reconcile.load(Path(__file__).parents[2] / "config" / "article.toml")
    with connect(config) as clients, reconcile.open_journal(config) as journal:
        yield World(accounts, clients, journal, config)


def test_a_change_planned_on_another_one_of_its_document_requires_that_one(shared: World) -> None:
    first, second = "website/output-access", "manual/output-access"

    assert first in shared.plan()[second].requires
    result, detail = shared.apply(second)[second]

    assert result is Result.REFUSED
    assert first in detail


def test_what_one_deployment_adds_to_a_shared_policy_leaves_alone(shared: World) -> None:
    shared.apply()
    assert shared.pending() == set()

    assert shared.roll_back("manual/output-access")["manual/output-access"][0] is Result.APPLIED

    assert shared.pending() == {"manual/output-access"}


def test_a_policy_that_another_deployment_writes_in_is_not_taken_away(shared: World) -> None:
    """The second one joined in a run of its own: nothing in the journal ties the two together."""
    shared.apply(*[change.id for change in shared.plan().pending if change.deployment == "website"])
    shared.apply()

    result, detail = shared.roll_back("website/output-access")["website/output-access"]

    assert result is Result.REFUSED
    assert "others rely on it" in detail
    assert shared.pending() == set()


def test_a_role_that_trusts_nobody_and_somebody_is_for_a_person_to_decide(article: World) -> None:
    SCENARIOS["half-done"](article.accounts)
    article.apply("website/deploy-role")
    iam = article.accounts.client("prod", "iam")
    trust = iam.get_role(RoleName=doc.DEPLOY_ROLE)["Role"]["AssumeRolePolicyDocument"]
    auditor = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{doc.DEV}:root"}, "Action": "sts:AssumeRole"}
    trust["Statement"].append(auditor)
    iam.update_assume_role_policy(RoleName=doc.DEPLOY_ROLE, PolicyDocument=json.dumps(trust))

    change = article.plan()["website/trust-policy"]

    assert change.action is Action.BLOCKED
    assert "XacctTrustsNobody" in change.reason


def test_a_rule_of_ours_that_was_disabled_is_disabled_again(article: World) -> None:
    article.apply()
    events = article.accounts.client("dev", "events")
    name = f"xacct-{doc.PIPELINE}"
    events.disable_rule(Name=name)

    assert article.apply("website/trigger")["website/trigger"][0] is Result.APPLIED
    assert events.describe_rule(Name=name)["State"] == "ENABLED"
    latest = max(article.journal.entries(), key=lambda entry: entry.id)
    reconcile.rollback([latest], article.clients, article.journal, pause=lambda _: None)

    assert events.describe_rule(Name=name)["State"] == "DISABLED"


def test_a_rule_that_only_has_the_name_of_ours_is_not_written_over(article: World) -> None:
    events = article.accounts.client("dev", "events")
    name = f"xacct-{doc.PIPELINE}"
    events.put_rule(Name=name, EventPattern='{"source": ["aws.ec2"]}', State="ENABLED")

    article.apply()

    assert json.loads(events.describe_rule(Name=name)["EventPattern"]) == {"source": ["aws.ec2"]}
    assert article.pending() == {"website/trigger"}


def test_pipelines_whose_names_begin_alike_have_rules_of_their_own(tmp_path: Path) -> None:
    long = "a" * 90
    (tmp_path / "xacct.toml").write_text(SHARED.replace('"website"', f'"{long}1"').replace('"manual"', f'"{long}2"'))
    config = reconcile.load(tmp_path / "xacct.toml")

    wants = [want for each in config.deployments.values() for want in kinds()["trigger"].wants(config, each)]
    names = {want.part.of[0] for want in wants}

    assert len(names) == 2
    assert max(map(len, names)) <= 64
