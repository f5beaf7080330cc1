"""How the tests call the program: within this process, or as a process of its own."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import reconcile
from xacct_tui import cli
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.faults import Moment
from xacct_tui.demo.scenarios import SCENARIOS
from xacct_tui.terminal import Terminal

ROOT = Path(__file__).parents[2]


def _no_pause(_seconds: float) -> None:
    """The embedded accounts need no time."""


LIBRARY: Any = SimpleNamespace(
    **{name: getattr(reconcile, name) for name in ("load", "connect", "read", "plan", "open_journal", "reversals")},
    **{name: getattr(reconcile, name) for name in ("prove", "proven_changes")},
    apply=partial(reconcile.apply, pause=_no_pause),
    rollback=partial(reconcile.rollback, pause=_no_pause),
    recover=partial(reconcile.recover, pause=_no_pause),
)
"""The library as it is, but for its waiting."""


@dataclass(frozen=True)
class Done:
    """What a call left behind."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Desk:
    """A folder with a configuration, and embedded accounts behind it."""

    accounts: EmbeddedAccounts
    folder: Path

    def scenario(self, name: str) -> None:
        """Bring the accounts into this scenario instead."""
        self.accounts.reset()
        SCENARIOS[name](self.accounts)

    def call(self, *argv: str) -> Done:
        """Call the program within this process, without a terminal."""
        streams = io.StringIO(), io.StringIO(), io.StringIO()
        code = cli.run(argv, Terminal(*streams), LIBRARY)
        return Done(code, streams[1].getvalue(), streams[2].getvalue())

    def start(self, *argv: str, program: tuple[str, ...] = ("-m", "xacct_tui"), **options: Any) -> Any:
        """Start the program as a process of its own, whose streams are pipes unless ``options`` say otherwise."""
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        return subprocess.Popen(
            [sys.executable, *program, *argv],
            cwd=self.folder,
            text=True,
            **({"env": self.environment()} | pipes | options),
        )

    def environment(self) -> dict[str, str]:
        """Lead a process to these accounts and this source, and to nothing of the user's."""
        kept = {name: os.environ[name] for name in ("PATH", "XDG_STATE_HOME")}
        own = {"HOME": str(self.folder), "PYTHONPATH": str(ROOT), "TERM": "xterm"}
        return self.accounts.environment(kept | own)

    def role_exists(self, name: str = "prods3role", account: str = "prod") -> bool:
        """Say whether the account holds the role."""
        return name in {role["RoleName"] for role in self.accounts.client(account, "iam").list_roles()["Roles"]}


@contextmanager
def held(accounts: EmbeddedAccounts, call: str, moment: Moment = "before") -> Iterator[threading.Event]:
    """Hold one call in the server until the block ends, a while at most; gives what is set once it has come."""
    came, released, waited_out = threading.Event(), threading.Event(), threading.Event()
    accounts.faults.hook(call, lambda _: (came.set(), released.wait(15) or waited_out.set()), moment, None)
    try:
        yield came
        assert not waited_out.is_set(), "the program waited for the answer"
    finally:
        released.set()


@pytest.fixture
def empty_desk(accounts: EmbeddedAccounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Empty accounts, and the article's configuration in the folder that the test runs in."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "config" / "article.toml", tmp_path / "xacct.toml")
    return Desk(accounts, tmp_path)


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    """The same, with the article followed half way."""
    SCENARIOS["half-done"](empty_desk.accounts)
    return empty_desk
