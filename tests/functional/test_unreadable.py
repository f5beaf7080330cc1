"""Each call that a plan makes, refused in turn: told as unreadable, and nothing made because it was not seen."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from checkpoint import SCENARIOS
from reconcile import Action
from xacct_tui import cli
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.exit_codes import plan_code
from xacct_tui.terminal import Terminal

CONFIG = Path(__file__).parents[2] / "config" / "article.toml"
_TOLD_OTHERWISE = {
    "sts:GetCallerIdentity": "which needs no permission, and does without",
    "codepipeline:ListPipelineExecutions": "an update is then said to stop an execution, if one is in progress",
}
"""Calls without which everything can still be compared."""


def _key_of_somebody_else(accounts: EmbeddedAccounts) -> None:
    """Nothing of the article is there, and a key that its tags tell apart from one of ours."""
    accounts.client("dev", "kms").create_key()


STATES: dict[str, Callable[[EmbeddedAccounts], None]] = {
    "done": SCENARIOS["done"],
    "half-done": SCENARIOS["half-done"],
    "another's key": _key_of_somebody_else,
}


@pytest.mark.parametrize("state", STATES)
def test_no_call_that_is_refused_makes_anything_be_made(accounts: EmbeddedAccounts, work: Any, state: str) -> None:
    STATES[state](accounts)
    accounts.calls.clear()
    world = work(fresh=True)
    wanted = {change.id for change in world.plan().pending}
    calls = {call.name for call in accounts.calls}

    assert len(calls) > 10
    for call in sorted(calls):
        assert list(_wrong(work(fresh=True) if call.startswith("sts:") else world, call, wanted)) == [], call


def _wrong(world: Any, call: str, wanted: set[str]) -> Iterator[str]:
    """What a plan gets wrong while this call is refused in both accounts."""
    world.accounts.faults.deny(call)
    plan = world.plan()
    world.accounts.faults.clear()
    unreadable = [change for change in plan.changes if change.action is Action.UNREADABLE]
    pending = {change.id for change in plan.pending}
    if not pending <= wanted:
        yield f"would make {sorted(pending - wanted)}"
    if bool(unreadable) is (call in _TOLD_OTHERWISE):
        yield f"tells {[change.id for change in unreadable]} as unreadable"
    yield from (f"{change.id}: {change.reason}" for change in unreadable if not _is_clear(change.reason, call))
    if unreadable and plan_code(plan) != (2 if pending else 3):
        yield f"exits {plan_code(plan)}"


def _is_clear(reason: str, call: str) -> bool:
    named = call in reason or call.partition(":")[2] in reason
    refused = "AccessDenied" in reason or "not authorized" in reason
    return "\n" not in reason and refused and named


def test_executions_that_may_not_be_listed_are_an_effect(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["half-done"](accounts)
    accounts.faults.deny("codepipeline:ListPipelineExecutions")

    assert work().plan()["website/deploy-action-role"].effects == (
        "stops an execution, if one is in progress (they may not be listed)",
    )


def test_a_caller_that_is_not_told_keeps_from_writing_only(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["half-done"](accounts)
    accounts.faults.deny("sts:GetCallerIdentity", account="prod")
    world = work(fresh=True)

    assert "AccessDenied" not in {change.reason for change in world.plan().changes}
    assert world.apply("website/deploy-role") == {"website/deploy-role": "failed"}
    assert world.states() == {}


def test_a_key_that_keeps_us_out_is_not_ours(accounts: EmbeddedAccounts, work: Any) -> None:
    """A key policy of others, which lets nobody but one role in, does not keep a key from being made."""
    principal = {"AWS": "arn:aws:iam::111111111111:role/Admin"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "kms:PutKeyPolicy", "Resource": "*"}
    accounts.client("dev", "kms").create_key(Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    assert work().plan()["website/key"].action is Action.CREATE


def test_what_passes_is_asked_again(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["done"](accounts)
    for call in ("iam:GetRole", "s3:HeadBucket", "kms:DescribeKey", "codepipeline:GetPipeline"):
        accounts.faults.throttle(call)
    accounts.faults.drop_before("s3:GetBucketPolicy")

    assert work().differing() == {}


@pytest.mark.parametrize(
    ("fault", "call", "told"),
    [
        ("throttle", "iam:ListRolePolicies", "Throttling: Rate exceeded"),
        ("throttle", "s3:HeadBucket", "503"),
        ("drop_before", "kms:GetKeyPolicy", "NoAnswer"),
    ],
)
def test_what_does_not_pass_is_unreadable(
    accounts: EmbeddedAccounts, work: Any, fault: str, call: str, told: str
) -> None:
    SCENARIOS["done"](accounts)
    getattr(accounts.faults, fault)(call, times=1000)

    plan = work().plan()

    unreadable = [change for change in plan.changes if change.action is Action.UNREADABLE]
    assert unreadable
    assert all(call in change.reason and told in change.reason for change in unreadable)
    assert (plan.pending, plan_code(plan)) == ((), 3)


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:9", "Unreachable"),
        ("AWS_ENDPOINT_URL_KMS", "nonsense", "Invalid endpoint: nonsense"),
        ("AWS_CONFIG_FILE", "/dev/null", "profile"),
        ("AWS_CONFIG_FILE", "torn", "torn"),
    ],
)
def test_what_leads_nowhere_is_told(
    accounts: EmbeddedAccounts,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    variable: str,
    value: str,
    told: str,
) -> None:
    SCENARIOS["done"](accounts)
    torn = tmp_path / "torn"
    torn.write_text("[profile\n")
    monkeypatch.setenv(variable, str(torn) if value == "torn" else value)
    if variable == "AWS_CONFIG_FILE":
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")

    code, out, err = _plan()

    assert told in out
    assert (code, err, capfd.readouterr().err) == (3, "", "")


def test_nothing_may_be_read_at_all(accounts: EmbeddedAccounts) -> None:
    SCENARIOS["done"](accounts)
    accounts.faults.deny("*")

    code, out, err = _plan()

    assert (code, err) == (3, "")
    assert "0 to create, 0 to update, 0 in sync, 0 blocked, 19 unreadable" in out


def _plan() -> tuple[int, str, str]:
    terminal = Terminal(io.StringIO(), io.StringIO(), io.StringIO())
    code = cli.run(["--plan", "--config", str(CONFIG)], terminal)
    return code, terminal.stdout.getvalue(), terminal.stderr.getvalue()
