"""The program is killed at each point of an apply; the next start makes up for it, and nothing is made twice.

What there is in the accounts afterwards is compared with what an apply that nobody disturbs leaves there: every
statement, policy version, key, tag and version of the pipeline.
"""

import os
import signal
from collections.abc import Callable
from concurrent.futures import Future
from copy import deepcopy
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import reconcile
from reconcile import Result
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.call import Call, Cut
from xacct_tui.demo.scenarios import SCENARIOS

CONFIG = Path(__file__).parents[2] / "config" / "article.toml"
APPLY = ("--apply", "--yes", "--allow-effects")
READING = ("Get", "List", "Describe", "Head")

WRITES = {
    "half-done": (
        "iam:CreateRole",
        "s3:PutBucketPolicy",
        "kms:PutKeyPolicy",
        "iam:CreatePolicy",
        "iam:AttachRolePolicy",
        "iam:CreatePolicy",
        "iam:AttachRolePolicy",
        "iam:CreatePolicy",
        "iam:AttachRolePolicy",
        "iam:UpdateAssumeRolePolicy",
        "codepipeline:UpdatePipeline",
    ),
    "empty": (
        *("s3:CreateBucket", "s3:PutBucketTagging") * 3,
        "kms:CreateKey",
        *("iam:CreateRole", "iam:PutRolePolicy"),
        "iam:CreateRole",
        "s3:PutBucketVersioning",
        "s3:PutBucketPolicy",
        "kms:CreateAlias",
        *("kms:PutKeyPolicy",) * 2,
        *("iam:CreatePolicy", "iam:AttachRolePolicy") * 3,
        "iam:UpdateAssumeRolePolicy",
        "codepipeline:CreatePipeline",
        "s3:PutBucketNotificationConfiguration",
        *("iam:CreateRole", "iam:PutRolePolicy", "events:PutRule", "events:PutTargets"),
    ),
}
"""What an apply of all writes, in its order."""

BOUNDED = {"s3:CreateBucket", "kms:CreateKey", "iam:PutRolePolicy", "codepipeline:CreatePipeline", "events:PutRule"}
"""From ``empty``: the last of each of these, beside what half-done has already."""


class Scene:
    """Accounts in a scenario, and the program in processes of its own."""

    def __init__(self, accounts: EmbeddedAccounts, forker: Any, facts: Callable[[], dict[str, Any]]) -> None:
        self.accounts, self.forker, self.facts = accounts, forker, facts

    def killed(self, number: int, moment: str, *argv: str) -> list[str]:
        """Run the program until its n-th write: the calls that were made, the last of them the one in question."""
        pid: Future[int] = Future()
        seen, writes = count(1), []

        def strike(call: Call) -> None:
            if not call.operation.startswith(READING):
                writes.append(call.name)
                if next(seen) == number:
                    os.kill(pid.result(), signal.SIGKILL)
                    raise Cut  # there is nobody left to hear; before: the call never came

        self.accounts.faults.hook("*", strike, moment, times=None)
        pid.set_result(self.forker.start(CONFIG, *argv))
        assert self.forker.wait(pid.result()) == -signal.SIGKILL
        self.accounts.faults.clear()
        return writes

    def settles(self) -> None:
        """Start again: what is in doubt is settled, nobody is asked, and the rest is applied."""
        code, printed = self.forker.run(CONFIG, *APPLY)
        assert code == 0, printed
        with reconcile.open_journal(reconcile.load(CONFIG)) as journal:
            assert [entry for entry in journal.entries() if entry.unsettled] == []
        assert self.forker.run(CONFIG, "--plan")[0] == 0

    def roll_back(self) -> None:
        config = reconcile.load(CONFIG)
        with reconcile.connect(config) as clients, reconcile.open_journal(config) as journal:
            entries = [entry for entry in journal.entries() if entry.stands]
            outcomes = reconcile.rollback(entries, clients, journal, pause=lambda _: None)
        assert {outcome.result for outcome in outcomes} <= {Result.APPLIED, Result.ALREADY}, outcomes


_undisturbed: dict[str, tuple[Any, Any, Any]] = {}


@pytest.fixture
def scene(accounts: EmbeddedAccounts, forker: Any, facts: Callable[[], dict[str, Any]]) -> Scene:
    return Scene(accounts, forker, facts)


@pytest.fixture
def undisturbed(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[Any, Any, Any]]:
    """Give what there is in a scenario at first, after an apply, and after its roll-back, where nobody disturbs."""

    def look(scenario: str) -> tuple[Any, Any, Any]:
        if scenario not in _undisturbed:
            with monkeypatch.context() as patch:
                patch.setenv("XDG_STATE_HOME", str(tmp_path / "undisturbed"))
                SCENARIOS[scenario](scene.accounts)
                before = scene.facts()
                scene.settles()
                applied = scene.facts()
                scene.roll_back()
                _undisturbed[scenario] = before, applied, scene.facts()
            scene.accounts.reset()
        SCENARIOS[scenario](scene.accounts)
        return _undisturbed[scenario]

    return look


@pytest.mark.parametrize("scenario", WRITES)
def test_an_undisturbed_roll_back_takes_everything_back(undisturbed: Any, scenario: str) -> None:
    before, applied, restored = undisturbed(scenario)

    assert applied != before
    assert _without_versions(restored) == _without_versions(before)


def _cases() -> list[Any]:
    names = WRITES["half-done"]
    cases = [("half-done", number, name) for number, name in enumerate(names, 1)]
    last = {name: number for number, name in enumerate(WRITES["empty"], 1) if name in BOUNDED}
    cases += [("empty", number, name) for name, number in last.items()]
    return [pytest.param(*case, moment, id="-".join(map(str, (*case, moment)))) for case in cases for moment in MOMENTS]


MOMENTS = ("before", "after")


@pytest.mark.parametrize(("scenario", "number", "call", "moment"), _cases())
def test_killed_at_a_write(scene: Scene, undisturbed: Any, scenario: str, number: int, call: str, moment: str) -> None:
    _, applied, restored = undisturbed(scenario)

    assert scene.killed(number, moment, *APPLY)[-1] == call

    scene.settles()
    assert scene.facts() == applied
    scene.roll_back()
    assert _without_versions(scene.facts()) == _without_versions(restored)


def _without_versions(found: dict[str, Any]) -> dict[str, Any]:
    """The pipeline counts its updates; a roll-back is one more."""
    found = deepcopy(found)
    for name, pipeline in found["dev"].items():
        if name.startswith("pipeline "):
            del pipeline["declared"]["version"]
    return found
