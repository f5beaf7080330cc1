"""How close reading both accounts comes to the longest chain of calls that depend on each other.

Runs ``xacct-tui --plan`` as a process against the embedded accounts, once without and once with 60 ms of latency on
each call, and prints both, with the ratio of the second to (start-up + longest chain of 60 ms each).
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.lag import NO_LAG
from xacct_tui.demo.scenarios import SCENARIOS

CONFIG = Path(__file__).parents[1] / "config" / "article.toml"
LATENCY = 0.060
CHAIN = 6
"""ListRuleNamesByTarget → DescribeRule → DescribeTrails → GetTrailStatus, since the article's rule listens to
CloudTrail; then ListPolicyVersions → GetPolicyVersion of the role by which it starts the pipeline."""
RUNS = 5


def seconds(environment: dict[str, str]) -> float:
    """The median of some runs of the whole process."""
    command = [str(Path(sys.executable).with_name("xacct-tui")), "--plan", "--config", str(CONFIG)]
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def main() -> None:
    """Print the figures."""
    with EmbeddedAccounts(lag=NO_LAG) as accounts:
        SCENARIOS["done"](accounts)
        near = seconds(accounts.environment())
        accounts.faults.latency(LATENCY * 1000)
        far = seconds(accounts.environment())
    least = near + CHAIN * LATENCY
    print(f"no latency {near:.3f} s; {LATENCY * 1000:.0f} ms a call {far:.3f} s; least {least:.3f} s")
    print(f"ratio {far / least:.2f}")


main()
