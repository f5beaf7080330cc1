"""The library proving what is on the embedded accounts, or what pure documents say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import reconcile
from reconcile import Config, Live, Plan, Proof
from reconcile.change import Address
from reconcile.proof.values import DeploymentProof, Hop, Step, Verdict

ASSUME = '[proof]\nassume = ["scp", "rcp"]\n'


def granting(grants: str) -> Any:
    """Edit a preset: with these grants."""
    return lambda text: text.replace("[deployments.website]\n", f'[deployments.website]\ngrants = "{grants}"\n')


@dataclass(frozen=True)
class Seen:
    """A configuration and what was read for it."""

    config: Config
    live: Live

    @staticmethod
    def by(world: Any, *only: str) -> Seen:
        return Seen(world.config, reconcile.read(world.config, world.clients, only=only, further=reconcile.for_proof))

    def plan(self) -> Plan:
        return reconcile.plan(self.config, self.live)

    def prove(self, plan: Plan | None = None) -> Proof:
        return reconcile.prove(self.config, self.live, plan)

    def having(self, documents: Mapping[Address, Any]) -> Seen:
        """The same with some documents replaced."""
        return replace(self, live=replace(self.live, documents={**self.live.documents, **documents}))


def verdicts(proof: Proof) -> dict[str, str]:
    """Every hop that does not pass."""
    return {hop.id: str(hop.verdict) for hop in _hops(proof) if hop.verdict is not Verdict.PASS}


def open_steps(proof: Proof) -> list[str]:
    """Every step that does not pass, in one line with its reasons and repairs."""
    return [_told(hop, step) for hop in _hops(proof) for step in hop.steps if step.verdict is not Verdict.PASS]


def lacking(proof: Proof) -> set[tuple[str, str, str]]:
    """Which side of which account's policy lacks or denies, of requests that fail."""
    return {
        (str(reason.side), reason.account, reason.policy)
        for hop in _hops(proof)
        for step in hop.steps
        for reason in step.reasons
        if step.verdict is Verdict.FAIL and reason.effect in ("missing", "denies")
    }


def repairs(proof: Proof) -> dict[str, set[str]]:
    """By hop, the changes that mend it."""
    found = {hop.id: {slug.partition("/")[2] for step in hop.steps for slug in step.repairs} for hop in _hops(proof)}
    return {hop: slugs for hop, slugs in found.items() if slugs}


def website(proof: Proof) -> DeploymentProof:
    """The proof of the article's deployment."""
    return next(each for each in proof.deployments if each.deployment == "website")


def _hops(proof: Proof) -> Iterator[Hop]:
    return (hop for each in proof.deployments for hop in each.hops)


def _told(hop: Hop, step: Step) -> str:
    reasons = "; ".join(f"{each.effect} {each.side} {each.account} {each.policy} {each.text}" for each in step.reasons)
    return f"{hop.id}: {step.title} {step.verdict}: {step.told}{reasons} {' '.join(step.repairs)}"
