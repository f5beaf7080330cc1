"""What proofs cost, beside planning the same: nothing is read, the documents are those that the plan would leave.

What each pending change does is asked where it costs most: of deployments of which nothing exists. The deployments
share their accounts and nothing else.
"""

import time

from deployments import ACCOUNTS, DEPLOYMENT

import reconcile
from reconcile import Live, Plan
from reconcile.engine.wants import wants_of
from reconcile.proof.planned import after
from reconcile.toml import loads

PROOF = '[proof]\nassume = ["scp", "rcp"]\n'
OWN = 'artifacts = {{ bucket = "artifacts-{0}" }}\nkey = {{ alias = "alias/key-{0}" }}'
"""In place of what the deployments share: policies of AWS have no room for so many."""


def set_up(count: int) -> tuple[reconcile.Config, Live, Plan]:
    """So many deployments of which nothing exists, and their plan."""
    deployment = DEPLOYMENT.replace('artifacts = {{ bucket = "artifacts" }}', OWN)
    text = ACCOUNTS + PROOF + "".join(deployment.format(number) for number in range(count))
    config = loads(text, "xacct.toml")
    wants = wants_of(config)
    live = Live(wants, wants.selected(()), {want.address: None for want in wants.ordered}, ())
    further = reconcile.for_proof(config, frozenset(config.deployments), {})
    documents = {**dict.fromkeys(further), **live.documents}
    live = Live(wants, live.selected, documents, ())
    return config, live, reconcile.plan(config, live)


def main() -> None:
    """Print the figures."""
    for count in (125, 250, 500, 1000):
        config, empty, plan = set_up(count)
        made = Live(empty.wants, empty.selected, after(config, empty.documents, plan.pending), ())
        began = time.process_time()
        reconcile.plan(config, made)
        planned = time.process_time()
        done = reconcile.prove(config, made)
        times = (planned - began, time.process_time() - planned)
        hops = [hop for each in done.deployments for hop in each.hops]
        steps = sum(len(hop.steps) for hop in hops)
        print(f"{count:5} deployments  {steps} steps, {done.verdict}", end="  ")
        print(f"plan {times[0]:.2f} s  proof {times[1]:.2f} s  ratio {times[1] / times[0]:.2f}", end="  ")
        began = time.process_time()
        changes = len(reconcile.proven_changes(config, empty, plan))
        taken = time.process_time() - began
        print(f"what {changes} changes do {taken:.2f} s, {taken / times[1]:.2f} proofs")


if __name__ == "__main__":
    main()
