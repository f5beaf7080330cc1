"""Rolling back says what it brings with it before it asks, and passes over nothing that is in doubt."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import reconcile
from checkpoint import SCENARIOS
from library import connect
from reconcile import Clients, Config, Entry, Journal, Result
from xacct_tui.demo.accounts import EmbeddedAccounts

CONFIG = Path(__file__).parents[2] / "config" / "article.toml"
PIPELINE = "crossaccountdeploy"
EDIT = "website/deploy-action-role"
TRUST = "website/trust-policy"
Library = tuple[Config, Clients, Journal]


@pytest.fixture
def library(accounts: EmbeddedAccounts) -> Iterator[Library]:
    """After an apply of all, from half-done."""
    SCENARIOS["half-done"](accounts)
    config = reconcile.load(CONFIG)
    with connect(config) as clients, reconcile.open_journal(config) as journal:
        plan = reconcile.plan(config, reconcile.read(config, clients))
        reconcile.apply(plan.pending, plan, clients, journal, pause=lambda _: None)
        yield config, clients, journal


def _statuses(accounts: EmbeddedAccounts) -> dict[str, str]:
    client = accounts.client("dev", "codepipeline")
    listed = client.list_pipeline_executions(pipelineName=PIPELINE)["pipelineExecutionSummaries"]
    return {each["pipelineExecutionId"]: each["status"] for each in listed}


@pytest.mark.usefixtures("library")
def test_an_execution_in_progress_is_announced_and_wants_a_word(accounts: EmbeddedAccounts, forker: Any) -> None:
    execution = accounts.execution(PIPELINE, "InProgress")
    effect = f"stops execution {execution}, which is in progress"

    code, shown = forker.run(CONFIG, "--rollback", EDIT, "--dry-run")
    assert (code, effect in shown) == (0, True)

    code, refused = forker.run(CONFIG, "--rollback", EDIT, "--yes")
    assert (code, "add --allow-effects" in refused, effect in refused) == (1, True, True)
    assert _statuses(accounts)[execution] == "InProgress"

    assert forker.run(CONFIG, "--rollback", EDIT, "--yes", "--allow-effects")[0] == 0
    assert _statuses(accounts)[execution] != "InProgress"


@pytest.mark.usefixtures("library")
def test_without_an_execution_no_word_is_wanted(forker: Any) -> None:
    assert forker.run(CONFIG, "--rollback", EDIT, "--yes")[0] == 0


def test_an_execution_that_nobody_was_told_of_is_not_stopped(accounts: EmbeddedAccounts, library: Library) -> None:
    _, clients, journal = library
    entries = [entry for entry in journal.entries() if entry.change.id == EDIT]
    assert [change.effects for change in reconcile.reversals(entries, clients)] == [()]
    execution = accounts.execution(PIPELINE, "InProgress")

    (outcome,) = reconcile.rollback(entries, clients, journal, pause=lambda _: None)

    assert outcome.result is Result.REFUSED
    assert execution in outcome.detail
    assert _statuses(accounts)[execution] == "InProgress"


def test_what_cannot_be_looked_at_says_so(accounts: EmbeddedAccounts, library: Library) -> None:
    _, clients, journal = library
    accounts.faults.deny("codepipeline:GetPipeline")
    entries = [entry for entry in journal.entries() if entry.change.id == EDIT]

    (change,) = reconcile.reversals(entries, clients)

    assert "could not be looked at" in change.notes[0]


@pytest.mark.parametrize("state", ["begun", "in-doubt"])
def test_what_is_in_doubt_is_settled_before_it_is_rolled_back(library: Library, state: str) -> None:
    config, clients, journal = library
    entry = _in_doubt(journal, EDIT, state)

    outcomes = reconcile.rollback([entry], clients, journal, pause=lambda _: None)

    assert [outcome.result for outcome in outcomes] == [Result.APPLIED]
    plan = reconcile.plan(config, reconcile.read(config, clients))
    assert [change.id for change in plan.pending] == [EDIT]


def test_what_stays_in_doubt_is_refused_by_name(accounts: EmbeddedAccounts, library: Library, forker: Any) -> None:
    """Somebody else wrote what was neither there nor to be there; what it rests on stays too."""
    _, _, journal = library
    entry = _in_doubt(journal, TRUST, "begun")
    statement = {**entry.change.after[0], "Principal": {"AWS": "arn:aws:iam::222222222222:role/Admin"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    accounts.client("prod", "iam").update_assume_role_policy(RoleName="prods3role", PolicyDocument=document)

    code, printed = forker.run(CONFIG, "--rollback", entry.run, "--yes")

    assert code == 1
    assert f"in doubt, and not rolled back before it is known what they did:\nxacct-tui:   {TRUST}" in printed
    assert f"refused      {TRUST}" in printed
    assert f"{TRUST} rests on it" in printed
    (still,) = [each for each in journal.entries() if each.id == entry.id]
    assert still.state == "in-doubt"


def _in_doubt(journal: Journal, change: str, state: str) -> Entry:
    """The entry of a change, its end not seen."""
    number = next(entry.id for entry in journal.entries() if entry.change.id == change)
    journal.end(number, state)
    return next(entry for entry in journal.entries() if entry.id == number)
