"""How the time of the library itself grows with the deployments; nothing is read, every document is empty.

The deployments share accounts, key and artifact bucket; each has a pipeline, buckets, roles and policies of its own.
"""

import time
from collections.abc import Callable
from typing import TypeVar

import reconcile
from reconcile import Config, Live, Plan
from reconcile.engine.wants import wants_of
from reconcile.toml import loads

T = TypeVar("T")

ACCOUNTS = """
[accounts.dev]
id = "111111111111"
region = "us-east-1"
profile = "dev"
[accounts.prod]
id = "222222222222"
region = "us-east-1"
profile = "prod"
"""
DEPLOYMENT = """
[deployments.site{0}]
pipeline = "site{0}"
source = {{ bucket = "input-{0}", object_key = "site.zip" }}
artifacts = {{ bucket = "artifacts" }}
output = {{ bucket = "output-{0}" }}
service_role = {{ assume_policy = "assume-{0}" }}
deploy_role = {{ name = "deploy-{0}", output_policy = "output-{0}", artifact_policy = "artifacts-{0}" }}
"""


def timed(name: str, work: Callable[[], T]) -> T:
    """Do it, and print how much CPU time it took."""
    began = time.process_time()
    done = work()
    print(f"  {name} {time.process_time() - began:.2f} s", end="")
    return done


def config_of(count: int) -> Config:
    """So many deployments."""
    return loads(ACCOUNTS + "".join(DEPLOYMENT.format(number) for number in range(count)), "xacct.toml")


def plan_of(count: int) -> Plan:
    """The plan of so many deployments."""
    config = config_of(count)
    wants = wants_of(config)
    return reconcile.plan(config, Live(wants, wants.selected(()), {want.address: None for want in wants.ordered}, ()))


def main() -> None:
    """Print the figures."""
    for count in (125, 250, 500, 1000):
        print(f"{count:5} deployments", end="")
        config = timed("load", lambda count=count: config_of(count))
        wants = timed("wants", lambda config=config: wants_of(config))
        live = Live(wants, wants.selected(()), {want.address: None for want in wants.ordered}, ())
        plan = timed("plan", lambda config=config, live=live: reconcile.plan(config, live))
        timed("look up all", lambda plan=plan: [plan[change.id] for change in plan.changes])
        timed("final", lambda live=live: live.final)
        print()


if __name__ == "__main__":
    main()
