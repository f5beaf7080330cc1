"""What a call imports: start-up is felt at each one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SLOW = ("boto3", "botocore", "filelock", "pydantic", "textual", "tomlkit", "moto", "reconcile")

PROGRAM = """
import sys
from xacct_tui.cli import main
sys.argv = ["xacct-tui", *{argv!r}]
try:
    code = main()
except SystemExit as end:
    code = end.code
loaded = sorted({{name.partition(".")[0] for name in sys.modules}})
print(code, *loaded, file=sys.stderr)
"""


def python(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False, **options
    )


@pytest.mark.parametrize("argv", [["--help"], ["--version"], ["--plan", "--history"], ["--nonsense"]])
def test_a_call_that_needs_no_library_imports_none(argv):
    done = python("-c", PROGRAM.format(argv=argv))
    code, *loaded = done.stderr.splitlines()[-1].split()
    assert code == ("0" if argv[0] in {"--help", "--version"} else "1")
    assert [name for name in SLOW if name in loaded] == []


@pytest.mark.parametrize(
    "module",
    [
        "reconcile.errors",
        "reconcile.change",
        "reconcile.events",
        "reconcile.plan_json",
        "xacct_tui.session",
        "xacct_tui.selection",
        "xacct_tui.verbs",
        "xacct_tui.render.details",
        "xacct_tui.render.proof_text",
        "xacct_tui.render.aws_commands",
    ],
)
def test_what_a_screen_is_painted_with_imports_nothing_slow(module):
    shown = python("-c", f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})")
    assert module.partition(".")[0] in shown.stdout.split()
    assert {*SLOW, "pydantic_core"} & set(shown.stdout.split()) <= {"reconcile"}


@pytest.mark.parametrize("module", ["xacct_tui.interactive", "xacct_tui.screens.plan"])
def test_the_first_screen_is_painted_without_what_comes_after_it(module):
    shown = python("-c", f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})")
    assert {*SLOW, "pydantic_core"} & set(shown.stdout.split()) == {"reconcile", "textual"}


def test_public_names_are_there_when_asked_for():
    import reconcile

    assert set(reconcile.__all__) <= set(dir(reconcile))
    assert [name for name in reconcile.__all__ if getattr(reconcile, name, None) is None] == []
    assert reconcile.errors.XacctError is reconcile.XacctError
    assert not hasattr(reconcile, "Plam")


def test_help_tells_what_there_is_and_what_is_not_built_yet():
    shown = python("-m", "xacct_tui", "--help").stdout
    built, _, rest = shown.partition("verbs that are not built yet:")
    later, _, _ = rest.partition("options of every verb:")
    for verb in ("--init", "--plan", "--apply", "--rollback", "--history", "--prove", "--check"):
        assert f"\n  {verb}" in built
    for verb in ("--export", "--schema", "--version"):
        assert f"\n  {verb}" in built
    for verb in ("--explain", "--release", "--teardown"):
        assert f"\n  {verb}" in later


def test_a_reader_that_goes_away_is_no_error():
    program = """
import os, sys
from xacct_tui.terminal import Terminal
reading, writing = os.pipe()
os.close(reading)
os.dup2(writing, 1)
Terminal(sys.stdin, sys.stdout, sys.stderr).print("text\\n" * 100_000)
"""
    done = python("-c", program)
    assert (done.returncode, done.stderr) == (0, "")


def test_text_that_the_terminal_cannot_show_is_escaped():
    program = """
import sys
from xacct_tui import cli
from xacct_tui.arguments import WrongUsage
sys.argv = ["xacct-tui", "--\\u65e5\\u672c"]
sys.exit(cli.main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "\\u65e5" in done.stderr
