"""B: policies that are no policies: what cannot be parsed, and what names one statement twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from reconcile import policy
from reconcile.change import Address
from reconcile.engine.read import Seen
from reconcile.errors import Blocked, PolicyMalformed
from reconcile.proof.checks.check import ERROR, Evidence, check
from reconcile.proof.checks.subject import Subject


@check(
    "B9",
    ERROR,
    "A policy document is broken, so nobody can say what it grants",
    fix="correct the document at that place: straight quotes, a comma between statements, each key and each Sid once",
    symptom="MalformedPolicy or MalformedPolicyDocument, once it is saved again",
)
def broken_document(subject: Subject) -> Iterator[Evidence]:
    """Every policy of the chain's roles, key and buckets: whether it parses, and whether its Sids are unique."""
    resources = _resources(subject)
    for address, found in subject.world.documents.items():
        if (address.account, address.resource) in resources or (address.account, address.holder) in resources:
            for line, cause in _problems(address, found):
                yield Evidence(address.account, line, cause=cause)


def _resources(subject: Subject) -> set[tuple[str, str]]:
    """Where the chain's policies are, by account and resource, or the name of the role that holds one."""
    dev, prod, deployment = subject.dev.name, subject.prod.name, subject.deployment
    names = {dev: deployment.service_role.name, prod: deployment.deploy_role.name}
    pipeline = subject.world.pipeline(deployment)
    if isinstance(pipeline, dict):
        names = {dev: subject.service_role.rpartition("/")[2], prod: subject.deploy_role.rpartition("/")[2]}
    keys = {deployment.key.arn or deployment.key.alias}
    if isinstance(pipeline, dict):
        keys |= {store.key for store in subject.stores}
    return {
        *((account, f"iam:role/{name}") for account, name in names.items()),
        *names.items(),
        *((dev, f"kms:key/{name}") for name in keys if name),
        *((dev, f"s3:bucket/{name}") for name in _buckets(subject)),
        (prod, f"s3:bucket/{deployment.output.bucket}"),
    }


def _buckets(subject: Subject) -> set[str]:
    """The artifact buckets; those of the TOML alone where the pipeline could not be seen."""
    live = isinstance(subject.world.pipeline(subject.deployment), dict)
    return set(subject.artifact_buckets) if live else {subject.deployment.artifacts.bucket}


def _problems(address: Address, found: Seen) -> Iterator[tuple[str, str]]:
    """What is wrong, as a line, and the words of whoever tries to read it."""
    if isinstance(found, Blocked) and isinstance(found.__cause__, PolicyMalformed):
        yield f"{address.kind} of {address.name}: {found.__cause__}", str(found.__cause__)
    for name, document in _policies(address, found):
        try:
            sids = Counter(each.get("Sid") for each in policy.statements(policy.parse(document)))
        except PolicyMalformed as error:
            yield f"{name}: {error}", str(error)
        else:
            twice = sorted(sid for sid, times in sids.items() if sid and times > 1)
            yield from ((f"{name}: Sid {sid} stands {sids[sid]} times", "") for sid in twice)


def _policies(address: Address, found: Seen) -> Iterator[tuple[str, Any]]:
    """Each policy that a document holds, and what a person finds it by."""
    if not isinstance(found, dict):
        return
    what = {
        "role": (("trust", "trust policy of role"),),
        "key-policy": (("policy", "policy of key"),),
        "bucket-policy": (("policy", "policy of bucket"),),
    }.get(address.kind, ())
    yield from ((f"{told} {address.name}", found[field]) for field, told in what if found[field])
    if address.kind == "role":
        of_role = f"of role {address.name}"
        attached = {arn.rpartition("/")[2]: each["document"] for arn, each in found["attached"].items() if each}
        yield from ((f"policy {name} {of_role}", text) for name, text in attached.items())
        yield from ((f"inline policy {name} {of_role}", text) for name, text in found["inline"].items())


CHECKS = (broken_document,)
