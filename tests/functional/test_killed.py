"""The program is killed at each point of an apply; the next start makes up for it, and nothing is made twice.

What there is in the accounts afterwards is compared with what an apply that nobody disturbs leaves there: every
statement, policy version, key, tag and version of the pipeline.
"""

import os
import signal
from collections.abc import Callable
from concurrent.futures import Future
from copy import deepcopy
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest

import reconcile
from checkpoint import SCENARIOS
from reconcile import Entry
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.call import Call, Cut
from xacct_tui.demo.lag import Lag

CONFIG = Path(__file__).parents[2] / "config" / "article.toml"
APPLY = ("--apply", "--yes", "--allow-effects")
READING = ("Get", "List", "Describe", "Head")
MOMENTS = ("before", "after")


class Scene:
    """Accounts in a scenario, and the program in processes of its own."""

    def __init__(self, accounts: EmbeddedAccounts, forker: Any, facts: Callable[[], dict[str, Any]]) -> None:
        self.accounts, self.forker, self.facts = accounts, forker, facts

    def killed(self, moment: str, *argv: str, write: int = 1, codes: tuple[int, ...] = (0,)) -> str | None:
        """Run the program and kill it right before or after a write: which call that was; None if there was none."""
        pid: Future[int] = Future()
        seen, last = count(1), []

        def strike(call: Call) -> None:
            if not call.operation.startswith(READING) and next(seen) == write:
                last.append(call.name)
                os.kill(pid.result(), signal.SIGKILL)
                raise Cut  # nobody is left to hear the answer; before: the call is not made

        self.accounts.faults.hook("*", strike, moment, times=None)
        pid.set_result(self.forker.start(CONFIG, *argv))
        code = self.forker.wait(pid.result())
        self.accounts.faults.clear()
        assert code in ((-signal.SIGKILL,) if last else codes), self.forker.printed()
        return last[0] if last else None

    def killed_at_every_write(
        self, *argv: str, moments: tuple[str, ...] = MOMENTS, codes: tuple[int, ...] = (0,)
    ) -> list[str]:
        """Start the program again and again, killed at these moments of each write: those that it made."""
        made = []
        for moment in moments * 50:
            call = self.killed(moment, *argv, codes=codes)
            if call is None:
                return made
            made += [call] if moment == "after" else []
        raise AssertionError(f"there is no end to it: {made}")

    def run(self, *argv: str) -> None:
        code = self.forker.wait(self.forker.start(CONFIG, *argv))
        assert code == 0, self.forker.printed()

    def roll_back(self) -> None:
        """Roll back every run, the newest first."""
        for run in {entry.run: None for entry in reversed(self.entries()) if entry.stands}:
            self.run("--rollback", run, "--yes", "--allow-effects")

    def entries(self) -> tuple[Entry, ...]:
        with reconcile.open_journal(reconcile.load(CONFIG)) as journal:
            return journal.entries()

    def is_settled(self) -> bool:
        return not any(entry.unsettled for entry in self.entries())

    def writes(self) -> list[str]:
        return [call.name for call in self.accounts.calls if not call.operation.startswith(READING)]


@pytest.fixture
def scene(accounts: EmbeddedAccounts, forker: Any, facts: Callable[[], dict[str, Any]]) -> Scene:
    return Scene(accounts, forker, facts)


ALL_BUT_TRIGGER = ("--apply", "website/[!t]*", "website/trust-policy", *APPLY[1:])
"""The trigger begins anew each time, since its half-made rule is taken away first; see below."""


@pytest.mark.parametrize(
    ("scenario", "argv", "moments"), [("half-done", APPLY, MOMENTS), ("empty", ALL_BUT_TRIGGER, ("after",))]
)
def test_killed_at_every_write(
    scene: Scene, tmp_path: Path, monkeypatch: Any, scenario: str, argv: tuple[str, ...], moments: tuple[str, ...]
) -> None:
    SCENARIOS[scenario](scene.accounts)
    before = scene.facts()
    scene.accounts.calls.clear()
    with monkeypatch.context() as other:
        other.setenv("XDG_STATE_HOME", str(tmp_path / "undisturbed"))
        scene.run(*argv)
    writes, undisturbed = scene.writes(), scene.facts()
    scene.accounts.reset()
    SCENARIOS[scenario](scene.accounts)

    made = scene.killed_at_every_write(*argv, moments=moments)

    assert sorted(made) == sorted(writes)
    assert scene.facts() == undisturbed
    assert scene.is_settled()
    scene.roll_back()
    assert _without_versions(scene.facts()) == _without_versions(before)


def test_killed_around_every_line_of_the_journal(scene: Scene) -> None:
    """After it began and before the call, and after the call and before it ended: AWS may not show it yet."""
    SCENARIOS["half-done"](scene.accounts)
    before = scene.facts()
    scene.accounts.lag = Lag()
    for die in cycle((["begin", 1], ["end", 2])):  # the first end is that of what the start before began
        code, printed = scene.forker.run(CONFIG, *APPLY, die=die)
        assert code in (0, -signal.SIGKILL), printed
        if code == 0:
            break

    assert scene.is_settled()
    assert [entry.state for entry in scene.entries()] == ["failed", "done"] * (len(scene.entries()) // 2)
    with scene.accounts.settled():
        scene.run("--plan")
        scene.roll_back()
        assert _without_versions(scene.facts()) == _without_versions(before)


def no_trigger(accounts: EmbeddedAccounts) -> None:
    SCENARIOS["done"](accounts)
    events = accounts.client("dev", "events")
    for rule in events.list_rules()["Rules"]:
        events.disable_rule(Name=rule["Name"])


def no_policy(accounts: EmbeddedAccounts) -> None:
    SCENARIOS["done"](accounts)
    arn = "arn:aws:iam::222222222222:policy/outputbucketdeployaccess"
    accounts.client("prod", "iam").detach_role_policy(RoleName="prods3role", PolicyArn=arn)
    accounts.client("prod", "iam").delete_policy(PolicyArn=arn)


CHANGES = {
    "trigger": (no_trigger, (1, 2, 4)),
    "output-access": (no_policy, (1,)),
    "service-role": (SCENARIOS["empty"], (1,)),
    "input-bucket": (SCENARIOS["empty"], (1,)),
}
"""The changes that take several calls, and after which of them the half of it that stands is another one."""


@pytest.mark.parametrize("slug", CHANGES)
def test_what_was_made_half_way_is_taken_back_or_made_whole(scene: Scene, slug: str) -> None:
    prepare, writes = CHANGES[slug]
    prepare(scene.accounts)
    before = scene.facts()
    apply = ("--apply", f"website/{slug}", "--yes")
    scene.run(*apply)
    applied = scene.facts()
    scene.roll_back()

    for write in writes:
        assert scene.killed("after", *apply, write=write)
        # where AWS shows nothing of it yet, the start settles it as not made, and there is nothing to roll back
        scene.forker.run(CONFIG, "--rollback", f"website/{slug}", "--yes")
        assert scene.facts() == before

        assert scene.killed("after", *apply, write=write)
        scene.run(*apply)
        assert scene.facts() == applied
        scene.roll_back()
        assert scene.facts() == before
    assert scene.is_settled()
    assert not any(entry.stands for entry in scene.entries())


@pytest.mark.parametrize("slug", CHANGES)
def test_a_roll_back_that_is_killed_at_every_write(scene: Scene, slug: str) -> None:
    CHANGES[slug][0](scene.accounts)
    before = scene.facts()
    scene.run("--apply", f"website/{slug}", "--yes")
    run = scene.entries()[0].run

    # the last start finds that the one before did it all, and so there is nothing left to roll back: 1
    scene.killed_at_every_write("--rollback", run, "--yes", codes=(0, 1))

    assert not any(entry.stands or entry.unsettled for entry in scene.entries())
    assert scene.facts() == before


def _without_versions(found: dict[str, Any]) -> dict[str, Any]:
    """The pipeline counts its updates; a roll-back is one more."""
    found = deepcopy(found)
    for name, pipeline in found["dev"].items():
        if name.startswith("pipeline "):
            del pipeline["declared"]["version"]
    return found
