"""The chain of a deployment: every hop from an upload to objects that prod owns, with the exact requests.

What CodePipeline asks for is what AWS documents, cut down to what set-ups that are known to work have in common: the
console's service roles of all years, the article, and the reference set-ups.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconcile.desired import Deployment
from reconcile.proof.asking import Link
from reconcile.proof.chain import artifacts, deploy, others, start
from reconcile.proof.chain.scene import Scene
from reconcile.proof.world import World


def chain(world: World, deployment: Deployment) -> tuple[Link, ...]:
    """The hops in their order."""
    return tuple(_links(Scene(world, deployment)))


def _links(scene: Scene) -> Iterator[Link]:
    yield from start.links(scene)
    yield from artifacts.links(scene)
    yield from others.links(scene)
    yield from deploy.links(scene)
