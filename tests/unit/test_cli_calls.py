"""Every verb and its exit codes, with a library that answers from tables plugged in."""

# ruff: noqa: ARG002  the library that is plugged in takes what the real one takes

from __future__ import annotations

import io
import json
import os
import signal
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

import made_up_proof
from reconcile.change import AccountSeen, Action, Address, Change, Part, Plan
from reconcile.errors import AwsError, ConfigError, ConfigProblem, Locked
from reconcile.journal import Entry
from reconcile.plan_json import plan_to_json
from reconcile.proof.values import ProvenChange
from xacct_tui import cli
from xacct_tui.session import matches
from xacct_tui.terminal import Terminal

TABLE = tomllib.loads((Path(__file__).parents[1] / "cases" / "cli" / "calls.toml").read_text(encoding="utf-8"))
IDS = {"dev": "111111111111", "prod": "222222222222"}
ME = "arn:aws:sts::111111111111:assumed-role/Admin/botocore-session-1763900000"


class Stream(io.StringIO):
    """A stream that is a terminal, or is not."""

    def __init__(self, text: str = "", *, terminal: bool = False) -> None:
        super().__init__(text)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def terminal(answers: list[str] | None = None, **environment: str) -> Terminal:
    """Nobody is there without answers; else somebody who types them."""
    is_there = answers is not None
    typed = "".join(f"{answer}\n" for answer in answers or [])
    streams = (Stream(text, terminal=is_there) for text in (typed, "", ""))
    return Terminal(*streams, environment)


def change(*, slug: str, account: str = "dev", action: str = "none", **others: object) -> Change:
    texts = {name: tuple(value) if isinstance(value, list) else value for name, value in others.items()}
    return Change(
        deployment="website",
        slug=slug,
        address=Address(account, "us-east-1", "thing", f"thing/{slug}"),
        account_id=IDS[account],
        part=Part("all"),
        action=Action(action),
        title=f"the {slug}",
        before=None if action in {"create", "unreadable"} else ["old"],
        after=None if action == "unreadable" else ["new"] if action in {"create", "update"} else ["old"],
        **texts,
    )


def scene(name: str) -> Plan:
    seen = tuple(AccountSeen(account, number, "us-east-1", ME) for account, number in IDS.items())
    changes = tuple(change(**row) for row in TABLE["scenes"][name]["changes"])
    return Plan("2026-01-02T03:04:05Z", "sha", seen, changes)


def entry(number: int, run: str, what: Change, *, caller: str = "assumed-role/Admin/botocore-session-1", **others):
    given = {"state": "done", "began": "2026-01-02T03:04:05Z", "ended": "2026-01-02T03:04:06Z", **others}
    who = f"arn:aws:sts::111111111111:{caller}"
    return Entry(id=number, run=run, change=what, caller=who, **given)


ENTRIES = (
    entry(1, "run-1", change(slug="key", action="create"), undone=True),
    entry(2, "run-1", change(slug="key-alias", action="create")),
    entry(3, "run-1", change(slug="key-users", action="update")),
    entry(4, "run-1", change(slug="trigger", action="update"), state="failed"),
    entry(5, "run-2", change(slug="input-bucket", action="create"), caller="user/other"),
    entry(6, "run-3", change(slug="key", action="update"), undoes=1),
    entry(7, "run-4", change(slug="pipeline-key", action="update"), caller="user/other"),
    entry(8, "run-5", change(slug="trust-policy", action="update"), caller="user/other", state="in-doubt"),
    entry(9, "run-5", change(slug="output-access", action="update"), caller="user/other"),
)
ROLLBACK_EFFECTS = {"website/pipeline-key": ("stops execution 1",)}


class Closing(SimpleNamespace):
    """A context whose end is remembered."""

    closed = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = True


@dataclass
class Library:
    """Accounts that hold what was applied to them."""

    wanted: Plan
    fails: dict[str, str] = field(default_factory=dict)
    read_only: bool = False
    during: object = None
    applied: list[str] = field(default_factory=list)
    rolled_back: list[int] = field(default_factory=list)
    opened: list[Closing] = field(default_factory=list)

    def load(self, path: str) -> object:
        deployments = {"website": SimpleNamespace(target_account="prod")}
        return SimpleNamespace(accounts=IDS, deployments=deployments, path=path, sha256="sha", read_only=self.read_only)

    def connect(self, config, *, profiles, only_accounts, read_only, ask_mfa, sessions):
        return self._open(callers=lambda: {"dev": ME, "prod": AwsError("prod", "sts:X", "Expired", "")})

    def read(self, config, clients, *, only, observe, further=None):
        if callable(self.during):
            self.during(lambda: False)
        return only

    def plan(self, config, live):
        kept = [c for c in self.wanted.changes if not live or any(matches(c, glob) for glob in live)]
        return replace(self.wanted, changes=tuple(kept))

    def prove(self, config, live, plan=None):
        proof = made_up_proof.PROOF if self.wanted.pending and not plan else made_up_proof.HEALTHY
        return replace(proof, planned=plan is not None)

    def proven_changes(self, config, live, plan, ids=None):
        chosen = [change for change in plan.pending if ids is None or change.id in ids]
        return tuple(ProvenChange(change.id, breaks=("website/upload",)) for change in chosen)

    def open_journal(self, config):
        return self._open(entries=lambda: ENTRIES)

    def apply(self, changes, plan, clients, journal, *, observe, stop):
        if callable(self.during):
            self.during(stop)
        outcomes = tuple(self._outcome(one) for one in changes)
        self.applied += [one.change.id for one in outcomes if one.result == "applied"]
        return outcomes

    def reversals(self, entries, clients, *, observe):
        undone = (one.change.reverse() for one in entries)
        return tuple(replace(one, effects=ROLLBACK_EFFECTS.get(one.id, ())) for one in undone)

    def rollback(self, entries, clients, journal, *, effects, observe, stop):
        assert effects == {each for one in entries for each in ROLLBACK_EFFECTS.get(one.change.id, ())}
        self.rolled_back += [entry.id for entry in entries]
        return tuple(self._outcome(entry.change.reverse()) for entry in entries)

    def recover(self, clients, journal, *, observe):
        return ()

    def _outcome(self, one: Change) -> object:
        result = "failed" if one.id in self.fails else "applied"
        return SimpleNamespace(change=one, result=result, detail=self.fails.get(one.id, ""), error=None)

    def _open(self, **attributes):
        self.opened.append(Closing(**attributes))
        return self.opened[-1]


@pytest.mark.parametrize("case", TABLE["cases"], ids=[case["name"] for case in TABLE["cases"]])
def test_a_call(case):
    library, screen = Library(scene(case["scene"]), case.get("fails", {})), terminal(case.get("answers"))
    code = cli.run(case["argv"], screen, library)
    out, err = screen.stdout.getvalue(), screen.stderr.getvalue()
    assert code == case["code"], err
    assert library.applied == case.get("applied", [])
    assert library.rolled_back == case.get("rolled_back", [])
    assert [text for text in case.get("stdout", []) if text not in out] == [], out
    assert [text for text in case.get("stderr", []) if text not in err] == [], err
    assert ("error" in err) <= (out == ""), "an error comes with data on stdout"
    assert "\x1b" not in err
    assert all(opened.closed for opened in library.opened)


def test_a_saved_plan_is_applied_as_it_was_saved(tmp_path):
    library, path = Library(scene("effects")), tmp_path / "plan.json"
    assert cli.run(["--plan", "--out", str(path)], terminal(), library) == 2
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
    library.wanted = scene("in-sync")
    assert cli.run(["--apply", "--plan-file", str(path), "--yes"], terminal(), library) == 0
    assert library.applied == ["website/pipeline-key"]


BAD_PLAN_FILES = {
    "another configuration": (
        json.dumps(plan_to_json(replace(scene("pending"), config_sha256="x"), "0")),
        "another",
    ),
    "no JSON": ("{", "not JSON"),
    "no text": ("\udcff", "UTF-8"),
    "no plan": ("[]", "not an object"),
}


@pytest.mark.parametrize("name", BAD_PLAN_FILES)
def test_a_saved_plan_that_cannot_be_used(tmp_path, name):
    text, message = BAD_PLAN_FILES[name]
    path, screen, library = tmp_path / "plan.json", terminal(), Library(scene("pending"))
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert cli.run(["--apply", "--plan-file", str(path), "--yes"], screen, library) == 1
    assert message in screen.stderr.getvalue()
    assert library.applied == []


@pytest.mark.parametrize("option", [["--apply", "--yes", "--plan-file"], ["--plan", "--out"]])
def test_a_file_that_cannot_be_used_is_one_message(tmp_path, option):
    screen = terminal()
    assert cli.run([*option, str(tmp_path / "absent" / "plan.json")], screen, Library(scene("pending"))) == 1
    assert "No such file" in screen.stderr.getvalue()
    assert screen.stderr.getvalue().count("\n") == 1


def test_what_is_no_file_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    screen = terminal()
    assert cli.run(["--plan", "--out", str(tmp_path / "pipe")], screen, Library(scene("pending"))) == 1
    assert (tmp_path / "pipe").is_fifo()


FAILURES = {
    "configuration": ConfigError(
        ConfigProblem("x.toml", 1, "accounts", "a\x1b[31m", "b"), ConfigProblem("x.toml", 2, "c", "d", "e")
    ),
    "AWS": AwsError("dev", "kms:ListKeys", "AccessDenied", "no\nTraceback"),
    "lock": Locked("held by another"),
    "file": PermissionError(13, "Permission denied", "journal.db"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_an_expected_failure_is_a_message_and_1(name):
    def fail(_stop):
        raise FAILURES[name]

    screen = terminal()
    assert cli.run(["--plan"], screen, Library(scene("pending"), during=fail)) == 1
    lines = screen.stderr.getvalue().splitlines()
    assert lines
    assert all(line.startswith("xacct-tui: ") for line in lines)
    assert "\x1b" not in screen.stderr.getvalue()
    assert screen.stdout.getvalue() == ""


def test_the_first_interrupt_stops_after_the_current_call():
    stopped = []

    def interrupt(stop):
        before = stop()
        if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            os.kill(os.getpid(), signal.SIGINT)
        stopped.append((before, stop()))

    screen, library = terminal(), Library(scene("effects"), during=interrupt)
    assert cli.run(["--apply", "--yes", "--allow-effects"], screen, library) == 130
    assert stopped[-1] == (False, True)
    assert library.applied == ["website/pipeline-key"]
    assert "1 applied." in screen.stdout.getvalue()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_while_reading_ends_at_once():
    def interrupt(_stop):
        raise KeyboardInterrupt

    screen = terminal()
    assert cli.run(["--plan"], screen, Library(scene("pending"), during=interrupt)) == 130
    assert "interrupted" in screen.stderr.getvalue()


@pytest.mark.parametrize(
    ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True)]
)
def test_colour_is_for_terminals_that_want_it(environment, coloured):
    screen = terminal([], **environment)
    cli.run(["--plan"], screen, Library(scene("pending")))
    assert ("\x1b[" in screen.stdout.getvalue()) is coloured
