"""B: policies that are no policies: what cannot be parsed, and what names one statement twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from reconcile import policy
from reconcile.change import Address
from reconcile.engine.live import Seen
from reconcile.errors import Blocked, PolicyMalformed
from reconcile.proof import places
from reconcile.proof.checks.check import ERROR, Evidence, check
from reconcile.proof.checks.statements import problem_of
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
    for address in dict.fromkeys(_addresses(subject)):
        for line, cause in _problems(address, subject.world.documents.get(address)):
            yield Evidence(address.account, line, cause=cause)


def _addresses(subject: Subject) -> Iterator[Address]:
    """Where the policies of the chain are; of the TOML's where the pipeline could not be seen."""
    way, config = subject.way, subject.world.config
    deploying = way.deploy.role if way.deploy else ""
    for arn in (way.service_role, deploying or subject.world.deploy_role_arn(subject.deployment)):
        if account := places.owner(config, places.account_id(arn)):
            yield from (places.role(account, arn, kind) for kind in ("role", "trust-policy"))
    for store in way.stores.values():
        yield places.bucket(way.account, store.bucket, "bucket-policy")
    for name in (subject.declared_key, *(store.key for store in way.stores.values())):
        if address := subject.world.key_address(name, way.account):
            yield replace(address, kind="key-policy")
    yield places.bucket(way.target, subject.deployment.output.bucket, "bucket-policy")


def _problems(address: Address, found: Seen) -> Iterator[tuple[str, str]]:
    """What is wrong, as a line, and the words of whoever tries to read it."""
    if isinstance(found, Blocked) and isinstance(found.__cause__, PolicyMalformed):
        yield f"{address.kind} of {address.name}: {found.__cause__}", str(found.__cause__)
    for name, document in _policies(address, found):
        if problem := problem_of(document):
            yield f"{name}: {problem}", problem
            continue
        sids = Counter(each.get("Sid") for each in policy.statements(document))
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
