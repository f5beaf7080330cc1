"""Requests with every policy that has a say in them, made from a seed: the same seed makes the same cases.

About half of them are allowed: parts are built to match, and each misses with a small probability. Every condition
key that a statement may name is known to be carried, with its values, or not to be.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any

from generated.spelling import chance
from generated.statements import Asked, Statement, document, principal, statement
from generated.vocabulary import CALLERS, COMMON, DEV, PROD, SERVICES, SORTS, Key, Sort
from reconcile.policy.request import Caller, CallerType, HeldPolicy, Policies, Request

ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
RCP_ALL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}
LIKELY = {"string": "x", "bool": "true", "arn": "arn:aws:iam::333333333333:role/x"}
"""What a policy may say of a key that the request does not carry."""
WITH_RCPS = ("s3", "kms", "sts")


@dataclass(frozen=True)
class Case:
    """A request and its policies."""

    request: Request
    policies: Policies

    def text(self) -> str:
        """The case as JSON."""
        return json.dumps(self, sort_keys=True, default=_fields)


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def cases(seed: int, count: int) -> list[Case]:
    """The first ``count`` cases of the seed."""
    return list(islice(_stream(Random(seed)), count))  # noqa: S311 - no secret


def fingerprint(made: list[Case]) -> str:
    """What tells these cases from any others."""
    return hashlib.sha256("\n".join(case.text() for case in made).encode()).hexdigest()


def _stream(rng: Random) -> Iterator[Case]:
    while True:
        sort = rng.choices(SORTS, [sort.weight for sort in SORTS])[0]
        caller = _caller(rng, sort)
        owner = _owner(rng, caller)
        resource = rng.choice(sort.resources).format(owner=owner)
        action = rng.choice(sort.actions)
        carried = _carried(rng, caller, sort, owner)
        asked = Asked(caller, action, resource, carried)
        context = {key.name.lower(): found for key, found in carried.items()}
        yield Case(Request(caller, action, resource, owner, context), _policies(rng, asked, sort, owner))


def _caller(rng: Random, sort: Sort) -> Caller:
    if sort.service in WITH_RCPS and chance(rng, 0.08):
        return Caller(CallerType.SERVICE, rng.choice(SERVICES))
    return rng.choice(CALLERS)


def _owner(rng: Random, caller: Caller) -> str:
    own = caller.arn.split(":")[4] if caller.type is not CallerType.SERVICE else DEV
    return own if chance(rng, 0.55) else PROD if own == DEV else DEV


def _carried(rng: Random, caller: Caller, sort: Sort, owner: str) -> dict[Key, tuple[str, ...] | None]:
    chosen = [*rng.sample(COMMON, 6), *rng.sample(sort.keys, min(4, len(sort.keys)))]
    found: dict[Key, tuple[str, ...] | None] = {
        key: None if chance(rng, key.absent) else _some(rng, key) for key in chosen
    }
    if caller.type is CallerType.SERVICE:
        found |= {key: None for key in found if key.name.startswith("aws:Principal")}
    return found | {key: values for key, values in _of_caller(caller, sort, owner).items() if key not in found}


def _some(rng: Random, key: Key) -> tuple[str, ...]:
    return tuple(rng.sample(key.values, rng.randint(1, len(key.values)))) if key.many else (rng.choice(key.values),)


def _of_caller(caller: Caller, sort: Sort, owner: str) -> dict[Key, tuple[str, ...] | None]:
    """What follows from who asks whom."""
    service = caller.type is CallerType.SERVICE
    account, name = ("", "") if service else (caller.arn.split(":")[4], caller.arn.rsplit("/", 1)[-1])
    source = f"arn:aws:codepipeline:us-east-1:{DEV}:site"
    says: dict[tuple[str, str], str] = {
        ("aws:PrincipalArn", "arn"): "" if service else caller.arn,
        ("aws:PrincipalAccount", "string"): account,
        ("aws:PrincipalIsAWSService", "bool"): "true" if service else "false",
        ("aws:SourceArn", "arn"): source if service else "",
        ("aws:SourceAccount", "string"): DEV if service else "",
        ("aws:ResourceAccount", "string"): owner,
        ("aws:username", "string"): name if caller.type is CallerType.USER else "",
        ("aws:userid", "string"): ":".join(filter(None, [caller.unique_id, caller.session])),
    }
    if sort.service == "kms":
        says["kms:CallerAccount", "string"] = account
    return {
        Key(name, kind, (value or LIKELY[kind],)): (value,) if value else None for (name, kind), value in says.items()
    }


def _policies(rng: Random, asked: Asked, sort: Sort, owner: str) -> Policies:
    service = asked.caller.type is CallerType.SERVICE
    cross = service or asked.account != owner
    ends = _Ends(rng, asked, owner)
    capped = not service and chance(rng, 0.25)
    return Policies(
        identity=() if service else ends.identity(0.9 if cross else 0.75),
        resource=ends.resource(sort, 0.92 if cross else 0.6),
        boundary=ends.held("boundary", ends.statements("Allow", 0.93)) if capped else None,
        session=(ends.held("session policy", ends.statements("Allow", 0.93)),)
        if asked.caller.type is CallerType.ROLE and chance(rng, 0.06)
        else (),
        scps=ends.levels(ALL, "") if not service and chance(rng, 0.25) else (),
        rcps=ends.levels(RCP_ALL, "*") if sort.service in WITH_RCPS and chance(rng, 0.25) else (),
    )


@dataclass(frozen=True)
class _Ends:
    """Makes the policies of both ends of a request."""

    rng: Random
    asked: Asked
    owner: str

    def held(self, name: str, said: list[Statement], account: str = "") -> HeldPolicy:
        return HeldPolicy(account or self.owner, name, document(self.rng, said, self.asked))

    def statements(self, effect: str, aim: float, *, resource: bool = True) -> list[Statement]:
        """One or two statements of this effect, and now and then one that denies."""
        said = [statement(self.rng, self.asked, effect, aim, resource=resource) for _ in range(self.rng.choice([1, 2]))]
        if chance(self.rng, 0.25):
            said.append(statement(self.rng, self.asked, "Deny", 0.35, resource=resource))
        return said

    def identity(self, grants: float) -> tuple[HeldPolicy, ...]:
        aims = [0.95 if chance(self.rng, grants) else 0.3 for _ in range(self.rng.choice([1, 1, 2]))]
        return tuple(
            self.held(f"policy {index}", self.statements("Allow", aim), self.asked.account)
            for index, aim in enumerate(aims)
        )

    def resource(self, sort: Sort, grants: float) -> HeldPolicy | None:
        if sort.service not in WITH_RCPS or (sort.service == "s3" and chance(self.rng, 0.15)):
            return None
        aim = 0.95 if chance(self.rng, grants) else 0.4
        said = self.statements("Allow", aim, resource=sort.service != "sts")
        named = [
            {**principal(self.rng, self.asked, each["Effect"], aim if each["Effect"] == "Allow" else 0.6), **each}
            for each in said
        ]
        return self.held("resource policy", named)

    def levels(self, everything: Statement, named: str) -> tuple[tuple[HeldPolicy, ...], ...]:
        """Two levels; RCPs (``named``) deny, SCPs may also allow less than everything."""
        return tuple(self._level(level, everything, named) for level in ("root", "account"))

    def _level(self, level: str, everything: Statement, named: str) -> tuple[HeldPolicy, ...]:
        listed = not named and chance(self.rng, 0.25)
        allows = self.held(level, self.statements("Allow", 0.95)) if listed else HeldPolicy("", level, everything)
        if not chance(self.rng, 0.5):
            return (allows,)
        denies = statement(self.rng, self.asked, "Deny", 0.35)
        return (allows, self.held(f"{level} guard", [denies | ({"Principal": "*"} if named else {})]))
