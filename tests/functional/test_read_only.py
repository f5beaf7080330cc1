"""A read-only run cannot write: its clients refuse, whoever asks them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import xform_name

import reconcile
from checkpoint import SCENARIOS
from reconcile import Result
from reconcile.errors import ReadOnly
from reconcile.kinds import kinds
from reconcile.propagation import Writes
from reconcile.reads import Reads
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.call import Recorded

READS = ("Get", "List", "Describe", "Head")


def _writes(accounts: EmbeddedAccounts) -> list[Recorded]:
    return [call for call in accounts.calls if not call.operation.startswith(READS)]


def test_no_call_of_a_whole_run_is_let_through(accounts: EmbeddedAccounts, work: Any) -> None:
    """Everything that making and taking away the article's set-up writes, asked of read-only clients."""
    world = work()
    world.apply()
    world.roll_back()
    calls = {call.name: call for call in _writes(accounts)}
    assert len(calls) > 25
    clients = work(read_only=True).clients
    accounts.calls.clear()

    for call in calls.values():
        with pytest.raises(ReadOnly, match=call.name):
            clients.call(call.account, call.service, xform_name(call.operation), **call.parameters)

    assert accounts.calls == []


@pytest.mark.parametrize("setting", ["an option", "the TOML"])
def test_no_kind_writes(accounts: EmbeddedAccounts, work: Any, setting: str) -> None:
    SCENARIOS["half-done"](accounts)
    options = {"read_only": True} if setting == "an option" else {"edit": lambda text: "read_only = true\n" + text}
    world = work(**options)
    changes = world.plan().pending
    assert {"role", "role-policy", "key-policy", "bucket-policy", "pipeline"} <= {each.address.kind for each in changes}
    accounts.calls.clear()

    for change in changes:
        kind = kinds()[change.address.kind]
        document = kind.read(Reads(world.clients), change.address)
        after = kind.put(document, change.part, change.after)
        with pytest.raises(ReadOnly):
            kind.write(Writes(world.clients), change.address, document, after, {})

    assert _writes(accounts) == []


def test_applying_and_rolling_back_are_refused_and_not_journaled(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["half-done"](accounts)
    writing = work()
    writing.apply("website/deploy-role")
    (entry,) = writing.journal.entries()
    world = work(read_only=True)
    plan = world.plan()
    accounts.calls.clear()

    applied = world.outcomes()
    undone = reconcile.rollback([entry], world.clients, world.journal)

    assert {outcome.result for outcome in applied} == {Result.REFUSED, Result.NOT_RUN}
    assert [(outcome.result, outcome.detail) for outcome in undone] == [
        (Result.REFUSED, "this run is read-only: nothing is written")
    ]
    assert world.journal.entries() == (entry,)
    assert _writes(accounts) == []
    assert world.plan().pending == plan.pending
