"""Two processes apply at once, each having planned before the other wrote: nothing is lost, nothing made twice."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checkpoint import SCENARIOS
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.lag import NO_LAG, Lag

CONFIGS = Path(__file__).parents[2] / "config"
APPLY = ("--apply", "--yes", "--allow-effects")
LAGS = pytest.mark.parametrize("lag", [NO_LAG, Lag()], ids=["no lag", "lag"])


@pytest.fixture
def at_once(forker: Any, tmp_path: Path) -> Callable[..., list[str]]:
    """Run two calls of the program, neither of which writes before both have planned: what they printed."""

    def run(config: Path, *calls: tuple[str, ...]) -> list[str]:
        for name in ("ready", "go"):
            os.mkfifo(tmp_path / name)
        outputs = [f"output-{number}" for number in range(len(calls))]
        pids = [
            forker.start(config, *argv, meet=str(tmp_path), output=output)
            for argv, output in zip(calls, outputs, strict=True)
        ]
        with (tmp_path / "ready").open("rb", buffering=0) as ready:
            assert [ready.read(1) for _ in calls] == [b"x"] * len(calls)
        with (tmp_path / "go").open("w"):
            codes = [forker.wait(pid) for pid in pids]
        printed = [forker.printed(output) for output in outputs]
        assert codes == [0] * len(calls), "\n".join(printed)
        return printed

    return run


@LAGS
def test_two_deployments_that_share(
    accounts: EmbeddedAccounts, at_once: Any, forker: Any, facts: Callable[[], Any], lag: Lag
) -> None:
    config = CONFIGS / "two-deployments.toml"
    assert forker.run(config, *APPLY)[0] == 0
    one_after_the_other = facts()
    accounts.reset()
    accounts.lag = lag

    at_once(config, (*APPLY, "--only", "website"), (*APPLY, "--only", "manual"))

    accounts.lag = NO_LAG
    assert forker.run(config, "--plan")[0] == 0
    assert facts() == one_after_the_other


@LAGS
@pytest.mark.parametrize("scenario", ["half-done", "empty"])
def test_the_same_deployment(
    accounts: EmbeddedAccounts, at_once: Any, forker: Any, facts: Callable[[], Any], lag: Lag, scenario: str
) -> None:
    config = CONFIGS / "article.toml"
    SCENARIOS[scenario](accounts)
    assert forker.run(config, *APPLY)[0] == 0
    by_one = facts()
    accounts.reset()
    SCENARIOS[scenario](accounts)
    accounts.lag = lag

    at_once(config, APPLY, APPLY)

    accounts.lag = NO_LAG
    assert forker.run(config, "--plan")[0] == 0
    assert facts() == by_one
