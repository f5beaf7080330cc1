"""What each change does is what proving the whole chain would say: without it, with it, and as it is now."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

import reconcile
from functional.proven import ASSUME
from reconcile import Action, Config, Live, Plan
from reconcile.change import Address, Change
from reconcile.engine.wants import wants_of
from reconcile.errors import AwsError
from reconcile.proof.chain import chain
from reconcile.proof.excess import excess
from reconcile.proof.judging import judged
from reconcile.proof.looking import touched
from reconcile.proof.planned import after, required
from reconcile.proof.values import Excess, ProvenChange, Verdict
from reconcile.proof.world import World
from reconcile.toml import loads

SHARED = """
[accounts]
dev = { id = "111111111111", region = "us-east-1", profile = "dev" }
prod = { id = "222222222222", region = "us-east-1", profile = "prod" }

[deployments.website]
GRANTS
pipeline = "website"
service_role = { name = "pipelines" }
source = { bucket = "input", object_key = "website.zip" }
artifacts = { bucket = "artifacts" }
output = { bucket = "output-website" }

[deployments.manual]
GRANTS
pipeline = "manual"
service_role = { name = "pipelines", assume_policy = "assume-manual" }
source = { bucket = "input", object_key = "manual.zip" }
artifacts = { bucket = "artifacts" }
output = { bucket = "output-manual" }
deploy_role = { name = "manual", output_policy = "output-manual", artifact_policy = "artifacts-manual" }
"""
Documents = dict[Address, Any]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("grants", ["article", "least-privilege", "sufficient"])
def test_each_change_does_what_whole_proofs_say(grants: str, seed: int) -> None:
    chance = random.Random(f"{grants} {seed}")  # noqa: S311  repeatable is what it has to be
    config = loads(SHARED.replace("GRANTS", f'grants = "{grants}"') + ASSUME, "xacct.toml")
    wants = wants_of(config)
    empty = known(config, {want.address: None for want in wants.ordered})
    live = Live(wants, wants.selected(()), empty, ())
    made = [change for change in reconcile.plan(config, live).pending if chance.random() < seed / 7]
    live = replace(live, documents=meddled(known(config, after(config, empty, made)), chance))
    plan = undoing(reconcile.plan(config, live), chance)
    assert reconcile.proven_changes(config, live, plan) == tuple(by_whole_proofs(config, live, plan))


def known(config: Config, documents: Mapping[Address, Any]) -> Documents:
    """With all that a proof asks for beyond these: nothing of it is there."""
    found = dict(documents)
    while more := set(reconcile.for_proof(config, frozenset(config.deployments), found)) - found.keys():
        found.update(dict.fromkeys(more))
    return found


def meddled(documents: Documents, chance: random.Random) -> Documents:
    """Some are gone, some cannot be read, and of some policies one statement says something else."""
    found = copy.deepcopy(documents)
    for address in chance.sample(sorted(found), 4):
        statements = list(of_policies(found[address]))
        if statements:
            chance.choice(statements).update(chance.choice([{"Effect": "Deny"}, {"Action": "*"}, {"Sid": "Other"}]))
        else:
            found[address] = chance.choice([None, AwsError(address.account, "", "AccessDenied", "not yours")])
    return found


def of_policies(value: Any) -> Iterator[dict[str, Any]]:
    """Every statement in a document."""
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(each, dict) and "Effect" in each:
            yield each
        yield from of_policies(each)


def undoing(plan: Plan, chance: random.Random) -> Plan:
    """Some of what is in place is taken away: that may break."""

    def undone(change: Change) -> Change:
        parts = ("access", "statements", "users", "sharing", "versioning")
        takes = change.action is Action.NONE and change.slug.endswith(parts) and chance.random() < 1 / 2
        return replace(change, action=Action.UPDATE, after=None) if takes else change

    return replace(plan, changes=tuple(map(undone, plan.changes)))


def by_whole_proofs(config: Config, live: Live, plan: Plan) -> Iterator[ProvenChange]:
    state = partial(State, config, live, plan)
    for change in plan.pending:
        with_it = required(plan, [change.id])
        without = with_it - {change.id}
        mends, breaks = [], []
        for name in dict.fromkeys(w.deployment for w in live.wants.ordered if w.address.place == change.address.place):
            now, before, done = (state(name, ids).verdicts() for ids in (frozenset[str](), without, with_it))
            mends += [hop for hop in done if now.get(hop) is Verdict.FAIL and done[hop] is Verdict.PASS]
            breaks += [hop for hop in done if before.get(hop) is Verdict.PASS and done[hop] is Verdict.FAIL]
        whole = required(plan, [each.id for each in plan.pending if each.deployment == change.deployment])
        old, more, in_the_end = (state(change.deployment, ids).excess() for ids in (without, with_it, whole))
        beyond = given(in_the_end) - given(old) if change.grants else set()
        new = tuple(each for each in more if beyond & given([each]))
        yield ProvenChange(change.id, tuple(mends), tuple(breaks), new)


def given(excesses: Iterable[Excess]) -> set[tuple[str, str, str]]:
    grants = [grant for each in excesses for grant in each.grants]
    return {(grant.principal, action, grant.resource) for grant in grants for action in grant.actions}


class State:
    """What says anything of a deployment, after some changes of a plan."""

    def __init__(self, config: Config, live: Live, plan: Plan, name: str, ids: frozenset[str]) -> None:
        self.deployment = config.deployments[name]
        own = {want.address for want in live.wants.ordered if want.deployment == name}
        own.update(touched(World(config, live.documents), self.deployment))
        documents = {address: found for address, found in live.documents.items() if address in own}
        changes = [each for each in plan.pending if each.id in ids and each.address in own]
        self.links = chain(World(config, after(config, documents, changes)), self.deployment)

    def verdicts(self) -> dict[str, Verdict]:
        return {f"{self.deployment.name}/{link.id}": judged(link).verdict for link in self.links}

    def excess(self) -> tuple[Excess, ...]:
        return excess(self.links)
