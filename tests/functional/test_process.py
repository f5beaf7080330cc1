"""The program as a process: interrupted, cut off from its reader, started in odd places."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from functional.command_line import held

CHANGES = ("website/deploy-role", "website/output-access")


def history(desk):
    entries = json.loads(desk.call("--history", "--format", "json").out)["entries"]
    return [(entry["change"]["id"], entry["state"]) for entry in entries]


def test_a_plan_is_data_on_stdout_and_nothing_else(empty_desk):
    process = empty_desk.start("--plan", "--format", "json")
    out, err = process.communicate()
    assert (process.returncode, err) == (2, "")
    assert json.loads(out)["format_version"] == "1.0"


def test_an_interrupt_stops_after_the_current_call(empty_desk):
    with held(empty_desk.accounts, "iam:CreateRole") as came:
        process = empty_desk.start("--apply", *CHANGES, "--yes")
        assert came.wait(60)
        process.send_signal(signal.SIGINT)
        assert "stopping after the current call" in process.stderr.readline()
    out, _ = process.communicate()

    assert process.returncode == 130
    assert [line.split()[:2] for line in out.splitlines()[:2]] == [["applied", CHANGES[0]], ["not-run", CHANGES[1]]]
    assert empty_desk.role_exists()
    assert history(empty_desk) == [(CHANGES[0], "done")]
    assert empty_desk.call("--apply", CHANGES[1], "--yes").code == 0


def test_a_second_interrupt_ends_at_once_and_the_next_start_settles_it(empty_desk):
    with held(empty_desk.accounts, "iam:CreateRole", "after") as came:
        process = empty_desk.start("--apply", *CHANGES, "--yes")
        assert came.wait(60)
        process.send_signal(signal.SIGINT)
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()

    assert (process.returncode, out) == (130, "")
    assert "the next --apply or --rollback looks at what became of the write" in err
    assert history(empty_desk) == [(CHANGES[0], "begun")]
    following = empty_desk.call("--apply", CHANGES[1], "--yes")
    assert following.code == 0
    assert "interrupted, but it was made" in following.err
    assert history(empty_desk) == [(CHANGES[0], "done"), (CHANGES[1], "done")]


def test_an_interrupt_while_reading_does_not_wait_for_the_answer(empty_desk):
    with held(empty_desk.accounts, "iam:GetRole") as came:
        process = empty_desk.start("--plan")
        assert came.wait(60)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out) == (130, "")
    assert err == "xacct-tui: interrupted: nothing was applied or rolled back\n"


def test_a_reader_that_went_away_is_no_error(empty_desk):
    reading, writing = os.pipe()
    os.close(reading)
    process = empty_desk.start("--history", stdout=writing)
    os.close(writing)
    _, err = process.communicate()
    assert (process.returncode, err) == (0, "")


REDIRECTIONS = {
    ">&-": (0, ""),
    "2>&- <&-": (0, ""),
    ">/dev/full": (1, "xacct-tui: error: input or output: No space left on device\n"),
}


@pytest.mark.parametrize("redirection", REDIRECTIONS)
def test_a_stream_that_is_closed_or_full(empty_desk, redirection):
    command = f"exec {sys.executable} -m xacct_tui --history {redirection}"
    done = subprocess.run(
        ["sh", "-c", command], cwd=empty_desk.folder, env=empty_desk.environment(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr.decode()) == REDIRECTIONS[redirection]


DEMO = """
import io, json
from xacct_tui import cli
from xacct_tui.arguments import SCENARIOS
from xacct_tui.terminal import Terminal
for scenario in SCENARIOS:
    terminal = Terminal(io.StringIO(), io.StringIO(), io.StringIO())
    code = cli.run(["--demo", scenario, "--plan"], terminal)
    print(json.dumps([scenario, code, terminal.stdout.getvalue(), terminal.stderr.getvalue()]))
"""


def test_the_demo_shows_each_scenario_and_reaches_no_aws(empty_desk):
    out, err = empty_desk.start("-c", DEMO, program=()).communicate()
    assert err == ""
    shown = [json.loads(line) for line in out.splitlines()]
    assert {told for *_, told in shown} == {
        "xacct-tui: these accounts are embedded: they reach no AWS, and vanish at exit\n"
    }
    assert [(scenario, code, text.splitlines()[-1]) for scenario, code, text, _ in shown] == [
        ("half-done", 2, "Plan: 7 to create, 1 to update, 12 in sync, 0 blocked, 0 unreadable."),
        ("empty", 2, "Plan: 17 to create, 1 to update, 2 in sync, 0 blocked, 0 unreadable."),
        ("drifted", 2, "Plan: 4 to create, 2 to update, 14 in sync, 0 blocked, 0 unreadable."),
        ("done", 0, "No changes. 20 in sync."),
    ]
    assert empty_desk.accounts.calls == []
    assert picture_of_the_readme() <= set(shown[0][2].splitlines())


def picture_of_the_readme():
    """The lines of the plan that the README shows."""
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    picture = text[text.index("website in prod (222222222222)") :].partition("\n```")[0]
    return {line for line in picture.splitlines() if line.strip() != "…"}


def test_the_demo_without_its_packages_says_what_to_install(empty_desk):
    program = "import sys; sys.modules['moto'] = None; from xacct_tui.cli import main; sys.exit(main())"
    process = empty_desk.start("--demo", program=("-c", program))
    _, err = process.communicate()
    assert process.returncode == 1
    assert "pip install 'xacct-tui[demo]'" in err
