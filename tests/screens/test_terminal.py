"""The program on a real terminal, from its start to what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from functional.command_line import Desk, desk, empty_desk, held
from screens.real_terminal import NORMAL_SCREEN, RealTerminal

__all__ = ["desk", "empty_desk"]

CTRL_C = "\x03"
ROW = "deploy-role "


@contextmanager
def program(desk: Desk, *argv: str) -> Iterator[RealTerminal]:
    env = desk.environment() | {"TMPDIR": str(desk.folder)}
    with closing(RealTerminal("-m", "xacct_tui", *argv, cwd=desk.folder, env=env)) as terminal:
        yield terminal


def test_a_change_is_applied_and_rolled_back_and_the_terminal_is_given_back(empty_desk: Desk) -> None:
    with program(empty_desk, "--demo") as terminal:
        terminal.wait_for("Plan: 7 to create")
        terminal.press("g")
        terminal.wait_for("+ create", ROW)
        terminal.press("a")
        terminal.wait_for("Apply 1 change?")
        terminal.press("y")
        terminal.wait_for("✓ applied", ROW)
        terminal.wait_for("Plan: 6 to create")

        terminal.resize(160, 50)
        terminal.wait_until(lambda: "? Help" in terminal.lines[49], "the keys on the last line")
        terminal.wait_for("✓ applied", ROW, "│")

        terminal.press("z")
        terminal.wait_for("Roll back 1 change?")
        terminal.press("y")
        terminal.wait_for("+ create", ROW)
        terminal.wait_for("Plan: 7 to create")
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.is_restored
    assert [path.name for path in empty_desk.folder.iterdir() if path.is_dir()] == []  # the embedded accounts are gone


def test_an_interrupt_while_nothing_happens(desk: Desk) -> None:
    with program(desk) as terminal:
        terminal.wait_for("Plan: 7 to create")
        terminal.press(CTRL_C)
        assert terminal.end() == 130
        assert terminal.is_restored


@pytest.mark.parametrize(("key", "code"), [(CTRL_C, 130), ("q", 0)])
def test_leaving_while_aws_is_slow_does_not_wait_for_it(desk: Desk, key: str, code: int) -> None:
    with held(desk.accounts, "iam:GetRole") as came, program(desk) as terminal:
        terminal.wait_for("reading ")
        assert came.wait(60)
        terminal.press(key)
        assert terminal.end() == code
        assert terminal.is_restored


def test_leaving_in_the_middle_of_a_write_says_what_is_left_in_doubt(desk: Desk) -> None:
    with held(desk.accounts, "iam:CreateRole") as came, program(desk) as terminal:
        terminal.wait_for("Plan: 7 to create")
        terminal.press("ga")
        terminal.wait_for("Apply 1 change?")
        terminal.press("y")
        assert came.wait(60)
        terminal.wait_for("writing", ROW)
        terminal.press("q")
        terminal.wait_for("then quitting")
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.is_restored
        assert b"1 write is in doubt" in terminal.written.rpartition(NORMAL_SCREEN)[2]


def test_what_keeps_the_screens_from_starting_is_told_on_the_terminal(desk: Desk) -> None:
    Path(desk.folder, "xacct.toml").write_text("nonsense = true\n")
    with program(desk) as terminal:
        assert terminal.end() == 1
        assert terminal.is_restored
        told = terminal.written.rpartition(NORMAL_SCREEN)[2]
        assert b"error: " in told
        assert b"xacct.toml:1: nonsense" in told
