"""The proof of every selected deployment: of the live state, or of the one after a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, partial
from itertools import islice

from reconcile.change import Plan
from reconcile.clock import now
from reconcile.desired import Config, Deployment
from reconcile.engine.live import Live
from reconcile.proof import organization
from reconcile.proof.chain import chain
from reconcile.proof.checks import findings
from reconcile.proof.excess import excess
from reconcile.proof.judging import Mending, judged
from reconcile.proof.planned import after
from reconcile.proof.planning import plan as plan_of
from reconcile.proof.values import DeploymentProof, Proof
from reconcile.proof.world import World

ASSUMPTIONS = (
    "CodePipeline asks for what AWS documents, with the condition keys that AWS documents for its calls",
    "CodePipeline keeps artifacts under the first 20 characters of their pipeline's name, as is seen everywhere",
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
    pending = _Pending(config, live) if plan is None else None
    documents = live.documents if plan is None else after(config, live.documents, plan.pending)
    world = World(config, documents)
    proofs = tuple(
        _proof(world, config.deployments[name], partial(pending.of, name) if pending else _nothing)
        for name in selected(config, live)
    )
    assumptions = (*organization.assumptions(world), *ASSUMPTIONS)
    return Proof(now(), plan is not None, live.accounts, assumptions, proofs)


def _proof(world: World, deployment: Deployment, mending: Mending) -> DeploymentProof:
    """The chain of one deployment, judged, and what the checks find; ``mending`` tells which changes may mend it."""
    links = chain(world, deployment)
    hops = tuple(judged(link, mending) for link in links)
    return DeploymentProof(deployment.name, hops, findings(world, deployment, hops, mending), excess(links))


def _nothing(_slug: str) -> Iterable[str]:
    """The changes of a plan that is done mend nothing any more."""
    return ()


def selected(config: Config, live: Live) -> list[str]:
    """The deployments that were asked for, in the TOML's order."""
    asked = {change_id.partition("/")[0] for change_id in live.selected}
    return [name for name in config.deployments if name in asked]


class _Pending:
    """The pending changes by which deployments' slugs come about; planned only once somebody asks."""

    def __init__(self, config: Config, live: Live) -> None:
        self._config, self._live = config, live

    @cached_property
    def _plan(self) -> Plan:
        return plan_of(self._config, self._live)

    def of(self, deployment: str, slug: str) -> Iterator[str]:
        """Its own change, or another deployment's that makes the very same."""
        change_id = f"{deployment}/{slug}"
        shared = self._plan[change_id].shared_with if change_id in self._plan else ()
        found = (each for each in (change_id, *shared) if each in self._plan and self._plan[each].pending)
        yield from islice(found, 1)
