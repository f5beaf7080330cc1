"""What each change of a plan does to the chain, on the embedded accounts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import reconcile
from reconcile import Action, Plan
from reconcile.change import Change
from reconcile.proof.values import ProvenChange
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.scenarios import SCENARIOS


@pytest.fixture
def proven(accounts: EmbeddedAccounts, work: Any) -> Any:
    """Bring the accounts into a scenario, and prove the changes of its plan as ``edit`` leaves it."""

    def prove(scenario: str, preset: str = "article", edit: Any = lambda plan: plan) -> dict[str, ProvenChange]:
        SCENARIOS[scenario](accounts)
        world = work(preset)
        live = reconcile.read(world.config, world.clients, further=reconcile.for_proof)
        plan = edit(reconcile.plan(world.config, live))
        return {each.change: each for each in reconcile.proven_changes(world.config, live, plan)}

    return prove


def test_each_change_of_a_half_done_set_up_mends_its_hop_and_breaks_none(proven: Any) -> None:
    found = proven("half-done")
    assert {name: each.mends for name, each in found.items() if each.mends} == {
        "website/key-users": ("website/write-artifact",),
        "website/deploy-action-role": ("website/assume-deploy-role",),
        "website/output-access": ("website/write-output",),
        "website/artifact-access": ("website/decrypt-artifact",),
    }
    assert [each.breaks for each in found.values() if each.breaks] == []


def test_where_all_is_in_sync_there_is_nothing_to_tell(proven: Any) -> None:
    assert proven("done") == {}


def _without_versions(plan: Plan) -> Plan:
    def suspended(change: Change) -> Change:
        return replace(change, action=Action.UPDATE, after=False) if change.slug == "input-versioning" else change

    return replace(plan, changes=tuple(map(suspended, plan.changes)))


def test_a_change_that_takes_away_what_is_needed_breaks_the_hop(proven: Any) -> None:
    found = proven("done", edit=_without_versions)
    assert found["website/input-versioning"].breaks == ("website/read-source",)
