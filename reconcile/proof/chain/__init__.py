"""The chain of a deployment: every hop from an upload to objects that prod owns, with the exact requests.

What CodePipeline asks for is what AWS documents, cut down to what set-ups that are known to work have in common: the
console's service roles of all years, the article, and the reference set-ups.
"""

from __future__ import annotations

from reconcile.desired import Deployment
from reconcile.proof.asking import Link
from reconcile.proof.chain import artifacts, deploy, others, start
from reconcile.proof.chain.scene import Making, Scene
from reconcile.proof.route import Route, route
from reconcile.proof.world import World


def chain(world: World, deployment: Deployment) -> tuple[Link, ...]:
    """The hops in their order."""
    scene = Scene(world, route(world, deployment))
    return tuple(link for make in makings(scene.way) if (link := make(scene)) is not None)


def makings(way: Route) -> tuple[Making, ...]:
    """What makes each hop of a way, in their order: which hops there are follows from the way alone."""
    return (*start.makings(way), *artifacts.makings(way), *others.makings(way), *deploy.makings(way))
