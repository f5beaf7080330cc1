"""The proof of every selected deployment: of the live state, or of the one after a plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from reconcile.change import Plan
from reconcile.desired import Config, Deployment
from reconcile.engine.read import Live
from reconcile.proof import organization
from reconcile.proof.chain import chain
from reconcile.proof.checks import findings
from reconcile.proof.judging import judged
from reconcile.proof.planned import after
from reconcile.proof.planning import plan as plan_of
from reconcile.proof.values import DeploymentProof, Hop, Proof
from reconcile.proof.world import World

ASSUMPTIONS = (
    "CodePipeline asks for what AWS documents, with the condition keys that AWS documents for its calls",
    "no KMS grant gives more than the key policies do",
    "no ACL of a bucket or an object, and no access point, gives or takes access",
    "objects that are there already are encrypted as their bucket encrypts by default",
    "a role that a policy names is the one that has this name today, unless the policy shows its id",
    "what was written is seen everywhere by now",
    "actions that are neither S3, nor CodeBuild, nor act as a role of their own do their part",
)
"""What no configuration tells."""


def prove(config: Config, live: Live, plan: Plan | None = None) -> Proof:
    """Whether the selected deployments work; with ``plan``, whether they will once it is applied.

    ``live`` is best read with ``further=for_proof``: what was not read makes UNKNOWN, never PASS. A failing step
    names the pending changes that mend it.
    """
    pending = plan_of(config, live) if plan is None else None
    documents = live.documents if plan is None else after(config, live.documents, plan.pending)
    world = World(config, documents)
    proofs = tuple(_proof(world, config.deployments[name], pending) for name in selected(config, live))
    assumptions = (*organization.assumptions(world), *ASSUMPTIONS)
    return Proof(_now(), plan is not None, live.accounts, assumptions, proofs)


def _proof(world: World, deployment: Deployment, pending: Plan | None) -> DeploymentProof:
    found = hops(world, deployment, pending)
    return DeploymentProof(
        deployment.name, found, findings(world, deployment, found, _Mending(deployment.name, pending))
    )


def selected(config: Config, live: Live) -> list[str]:
    """The deployments that were asked for, in the TOML's order."""
    asked = {change_id.partition("/")[0] for change_id in live.selected}
    return [name for name in config.deployments if name in asked]


def hops(world: World, deployment: Deployment, pending: Plan | None = None) -> tuple[Hop, ...]:
    """The chain of one deployment, judged; ``pending`` is the plan that may mend it."""
    mending = _Mending(deployment.name, pending)
    return tuple(judged(link, mending) for link in chain(world, deployment))


class _Mending:
    """The pending changes by which a deployment's slugs come about."""

    def __init__(self, deployment: str, pending: Plan | None) -> None:
        self._deployment, self._pending = deployment, pending

    def __call__(self, slug: str) -> Iterator[str]:
        """Its own change, or another deployment's that makes the very same."""
        change_id = f"{self._deployment}/{slug}"
        if self._pending is None or change_id not in self._pending:
            return
        change = self._pending[change_id]
        for each in (change_id, *change.shared_with):
            if each in self._pending and self._pending[each].pending:
                yield each
                return


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
