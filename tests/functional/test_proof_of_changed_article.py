"""Whole proofs of the article's set-up with one piece of one policy changed: they fail at the right place.

Each request of the chain is also answered by the strict layer's own evaluation, which knows nothing of the library's.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

import reconcile
from generated.article import KEY, OF_DEPLOY, OF_SERVICE, PLACES, RULE_ROLE_ARN, mutants
from library import connect
from reconcile.policy.request import Effect
from reconcile.proof.chain import chain
from reconcile.proof.judging import judged
from reconcile.proof.values import Verdict
from reconcile.proof.world import World
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.scenarios import SCENARIOS
from xacct_tui.demo.strict import state
from xacct_tui.demo.strict.evaluate import Question, governed, may, resource_based

ARTICLE = Path(__file__).parents[2] / "config" / "article.toml"
IDENTITY = {
    RULE_ROLE_ARN: {f"start-pipeline-execution-{doc.REGION}-{doc.PIPELINE}": "start-pipeline-execution"},
    doc.SERVICE_ROLE_ARN: dict(zip((doc.SERVICE_ROLE, "assumeprods3role"), OF_SERVICE, strict=True)),
    doc.DEPLOY_ROLE_ARN: dict(zip(OF_DEPLOY, OF_DEPLOY, strict=True)),
}
TRUST = {
    RULE_ROLE_ARN: "trust of the rule's role",
    doc.SERVICE_ROLE_ARN: "trust of the service role",
    doc.DEPLOY_ROLE_ARN: "trust of prods3role",
}
CALLED = {
    "trust of the rule's role": f"trust policy of role {doc.RULE_ROLE}",
    "trust of the service role": f"trust policy of role {doc.SERVICE_ROLE}",
    "trust of prods3role": "trust policy of role prods3role",
    "policy of the service role": f"policy {doc.SERVICE_ROLE} of role",
    "policy of the artifact bucket": f"policy of bucket {doc.ARTIFACTS}",
}


def place_of_trust(place):
    """The name of the role whose trust it is, if any."""
    return [arn.rpartition("/")[2] for arn, called in TRUST.items() if called == place]


@dataclass
class Scene:
    """The set-up, read once; ``policies`` are its documents by what the changes call them."""

    config: object
    documents: dict
    policies: dict
    key: str

    def hops(self, place, document):
        """The chain as it is with this document there."""
        changed = {address: self._with(address, found, place, document) for address, found in self.documents.items()}
        (deployment,) = self.config.deployments.values()
        return [judged(link) for link in chain(World(self.config, changed), deployment)]

    def _with(self, address, found, place, document):
        name = address.resource.rpartition("/")[2]
        if address.kind == "role":
            return self._role(found, place, document)
        if address.kind == "trust-policy" and name in place_of_trust(place):
            return found | {"policy": document}
        if address.kind == "role-policy" and name == place:
            return found | {"document": document}
        if address.kind == "key-policy" and place == "key policy" and found:
            return found | {"policy": document}
        if address.kind == "bucket-policy" and place == "policy of the artifact bucket" and name == doc.ARTIFACTS:
            return found | {"policy": document}
        return found

    def _role(self, found, place, document):
        """A role with the document as its trust, or as one of its managed policies."""
        called = IDENTITY[found["arn"]]
        trust = document if TRUST[found["arn"]] == place else found["trust"]
        attached = {
            arn: each | ({"document": document} if called.get(arn.rpartition("/")[2]) == place else {})
            for arn, each in found["attached"].items()
        }
        return found | {"trust": trust, "attached": attached}

    def allowed(self, request, place, document):
        """What the strict layer says of a request."""
        policies = self.policies | {place: document}
        on = policies.get(self._resource(request))
        keys = tuple((key, found[0]) for key, found in request.context.items() if found)
        if request.caller.arn not in IDENTITY:
            question = Question("", request.action, request.resource, service=request.caller.arn, keys=keys)
            return resource_based(on, question)[0] == "allow"
        role = state.role_at(request.caller.arn)
        role.managed_policies.clear()
        role.policies = {name: json.dumps(policies[name]) for name in IDENTITY[request.caller.arn].values()}
        question = Question(request.caller.arn, request.action, request.resource, keys=keys)
        if request.action.startswith(("kms:", "sts:")):
            return governed(on, question, request.owner)
        return may(question, on, request.owner)

    def _resource(self, request):
        if request.action.startswith("sts:"):
            return TRUST[request.resource]
        return {self.key: "key policy"}.get(request.resource) or (
            "policy of the artifact bucket" if doc.ARTIFACTS in request.resource else ""
        )


@pytest.fixture
def scene(accounts, tmp_path):
    SCENARIOS["done"](accounts)
    path = tmp_path / "xacct.toml"
    path.write_text(ARTICLE.read_text())
    config = reconcile.load(path)
    with connect(config) as clients:
        documents = dict(reconcile.read(config, clients, further=reconcile.for_proof).documents)
    (key,) = [found["arn"] for address, found in documents.items() if address.kind == "key"]
    policies = {name: json.loads(json.dumps(each.document).replace(KEY, key)) for name, each in PLACES.items()}
    return Scene(config, documents, policies, key)


def changes(scene):
    for place, document in scene.policies.items():
        for what, changed in mutants(document):
            yield place, what, changed


def asked(hops):
    return [(hop, step) for hop in hops for step in hop.steps if step.request]


def test_the_article_as_it_is_passes(scene):
    for place, document in scene.policies.items():
        assert {hop.verdict for hop in scene.hops(place, document)} == {Verdict.PASS}


def test_every_request_is_decided_as_the_strict_layer_decides_it(scene):
    """UNKNOWN only for the want of keys of which nobody knows whether the request carries them."""
    wrong, open_keys = [], set()
    for place, what, changed in changes(scene):
        for hop, step in asked(scene.hops(place, changed)):
            keys = {key.lower() for reason in step.reasons for key in reason.keys}
            if step.verdict is Verdict.UNKNOWN and keys and keys.isdisjoint(step.request.context):
                open_keys |= keys
            elif (step.verdict is Verdict.PASS) is not scene.allowed(step.request, place, changed):
                wrong.append((place, what, hop.id, step.title, step.verdict.value))
    assert wrong == []
    assert open_keys == {"kms:viaservice"}


def test_what_fails_names_the_account_and_the_policy_that_was_changed(scene):
    wrong, failing = [], set()
    for place, what, changed in changes(scene):
        for hop, step in asked(scene.hops(place, changed)):
            if step.verdict is Verdict.FAIL:
                failing.add((place, hop.id))
                if not any(points_to(reason, place) for reason in step.reasons):
                    wrong.append((place, what, hop.id, step.title, step.reasons))
    assert wrong == []
    assert {place for place, _ in failing} == set(PLACES)


def points_to(reason, place):
    """A policy that lost its grant may leave it to another one of the same role: nobody knows which."""
    called = CALLED.get(place, place)
    named = called in reason.policy or (reason.effect is Effect.MISSING and not reason.policy)
    return named and reason.account == PLACES[place].account
