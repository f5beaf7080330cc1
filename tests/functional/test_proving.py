"""``--prove`` and ``--check`` without a terminal, on the embedded accounts."""

from __future__ import annotations

import json

import pytest

from cases.deviations.keys import alias_moved
from functional.command_line import ROOT, Desk
from functional.presets import assuming_nothing

DENY = {
    "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Sid": "NoWrites", "Effect": "Deny", "Action": "s3:Put*", "Resource": "*"},
    ]
}


def documents(desk: Desk, *argv: str) -> dict:
    return json.loads(desk.call(*argv, "--format", "json").out)


def without_assumptions(desk: Desk, instead: str = "") -> None:
    path = desk.folder / "xacct.toml"
    path.write_text(f"{assuming_nothing(path.read_text())}\n{instead}")


def verdicts(document: dict) -> dict[str, str]:
    return {hop["id"]: hop["verdict"] for each in document["deployments"] for hop in each["hops"]}


@pytest.fixture
def done_desk(empty_desk: Desk) -> Desk:
    empty_desk.scenario("done")
    return empty_desk


def test_a_set_up_that_works_is_proven_and_says_what_was_taken_for_granted(done_desk: Desk) -> None:
    done = done_desk.call("--prove")
    assert (done.code, done.err) == (0, ""), done.out
    assert "Proof: PASS." in done.out
    assert "service control policies of dev and prod allow everything ([proof] assume)" in done.out


def test_what_no_account_can_read_is_not_passed_over_in_silence(done_desk: Desk) -> None:
    without_assumptions(done_desk)
    done = done_desk.call("--prove")
    assert done.code == 3
    assert "service control policies of prod" in done.out
    assert "! FAIL" not in done.out
    assert done_desk.call("--check").code == 3


def test_what_a_change_would_break_is_warned_of_by_whoever_applies_it(done_desk: Desk) -> None:
    alias_moved(done_desk.accounts)
    done = done_desk.call("--apply", "website/key-users", "website/pipeline-key", "--yes")
    assert done.code == 0
    assert "website/pipeline-key BREAKS what passes now: website/decrypt-artifact" in done.err


def test_a_half_done_set_up_fails_where_the_plan_has_something_to_do(desk: Desk) -> None:
    done = desk.call("--prove")
    assert done.code == 2
    assert "trust policy of role prods3role" in done.out
    proof = documents(desk, "--prove")
    failing = [step for each in proof["deployments"] for hop in each["hops"] for step in hop["steps"]]
    repairs = {each for step in failing if step["verdict"] == "fail" for each in step["repairs"]}
    planned = documents(desk, "--plan")
    pending = {each["id"] for each in planned["changes"] if each["action"] in {"create", "update"}}
    assert repairs == pending


def test_the_readme_shows_what_is_printed(desk: Desk) -> None:
    _, _, rest = (ROOT / "README.md").read_text(encoding="utf-8").partition("In the demo, three lines of it:\n\n```\n")
    shown = rest.partition("```")[0].splitlines()
    printed = desk.call("--prove").out.splitlines()
    assert len(shown) == 3
    assert [line for line in shown if line not in printed] == []


def test_the_state_after_the_plan_is_proven_before_anything_is_written(desk: Desk) -> None:
    desk.accounts.calls.clear()
    done = desk.call("--prove", "--planned")
    assert (done.code, "website, after the plan: + PASS" in done.out) == (0, True), done.out
    reading = ("Get", "List", "Describe", "Head", "BatchGet")
    assert [call.name for call in desk.accounts.calls if not call.operation.startswith(reading)] == []


def test_a_service_control_policy_in_a_file_denies_by_name(done_desk: Desk) -> None:
    (done_desk.folder / "org").mkdir()
    (done_desk.folder / "org" / "root.json").write_text(json.dumps(DENY))
    without_assumptions(done_desk, '[proof]\nassume = ["rcp"]\n[proof.scp]\ndev = []\nprod = ["org/root.json"]\n')
    done = done_desk.call("--prove")
    assert done.code == 2
    assert 'prod: org/root.json, Statement[1] "NoWrites" (service control policy)' in done.out


def test_a_file_that_is_not_there_is_refused_before_any_call(done_desk: Desk) -> None:
    without_assumptions(done_desk, '[proof.scp]\nprod = ["org/root.json"]\n')
    done_desk.accounts.calls.clear()
    done = done_desk.call("--prove")
    assert (done.code, done.out) == (1, "")
    assert "proof.scp.prod[0]: found org/root.json: No such file or directory" in done.err
    assert done_desk.accounts.calls == []


def test_a_check_is_plan_and_proof_of_one_pass(desk: Desk) -> None:
    desk.accounts.calls.clear()
    done = desk.call("--check")
    names = [(call.account, call.name, json.dumps(call.parameters, sort_keys=True)) for call in desk.accounts.calls]
    assert done.code == 2
    assert sorted(names) == sorted(set(names))
    assert "Plan: 7 to create" in done.out
    assert "Proof: FAIL." in done.out
    document = documents(desk, "--check")
    mended = {each["id"]: each["proof"] for each in document["plan"]["changes"] if each["proof"]["mends"]}
    assert mended["website/key-users"]["breaks"] == []
    assert document["proof"]["verdict"] == "fail"


def test_a_healthy_set_up_passes_a_check(done_desk: Desk) -> None:
    done = done_desk.call("--check")
    assert done.code == 0, done.out


def test_only_the_selected_deployment_is_proven(desk: Desk) -> None:
    assert verdicts(documents(desk, "--prove", "--only", "website"))
    missing = desk.call("--prove", "--only", "web")
    assert (missing.code, "no change or deployment matches --only" in missing.err) == (1, True)


def test_half_of_the_accounts_gives_no_verdict_on_the_other_half_and_says_so_once(done_desk: Desk) -> None:
    """Which key an alias of dev means is not known in prod: nothing fails for that."""
    done = done_desk.call("--prove", "--account", "prod")
    assert done.code == 3
    assert "! FAIL" not in done.out
    assert "+ PASS     prod's role writes the output" in done.out
    assert done.out.count("could not be ruled out") == 1
    assert "dev: NotInScope: not in scope" in done.out
    checks = documents(done_desk, "--prove", "--account", "prod")["deployments"][0]["checks"]
    assert len([each for each in checks if each["verdict"] == "unknown"]) > 1


def test_without_an_assumption_it_is_said_what_to_write(done_desk: Desk) -> None:
    without_assumptions(done_desk)
    told = " ".join(done_desk.call("--prove").out.split())
    assert 'write assume = ["scp"] under [proof] of the TOML' in told
