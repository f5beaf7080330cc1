"""Statements about one request, each part built to match it with a given probability."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from generated import spelling
from generated.conditions import Found, condition
from generated.spelling import chance, one_or_list
from generated.vocabulary import DEV, OTHER, PROD, SERVICES, STRANGERS, Key
from reconcile.policy.request import Caller, CallerType

Statement = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """The request as statements are made about it."""

    caller: Caller
    action: str
    resource: str
    carried: dict[Key, Found]

    @property
    def account(self) -> str:
        return self.caller.arn.split(":")[4]


def statement(rng: Random, asked: Asked, effect: str, aim: float, *, resource: bool = True) -> Statement:
    """A statement without principal, whose parts match with the probability ``aim``."""
    said: Statement = {"Sid": f"S{rng.randrange(100)}"} if chance(rng, 0.4) else {}
    said["Effect"] = effect
    _element(rng, said, "Action", asked.action, aim, (spelling.action, spelling.near_action))
    if resource:
        _element(rng, said, "Resource", asked.resource, aim, (spelling.resource, spelling.near_resource))
    if block := condition(rng, asked.carried, aim):
        said["Condition"] = block
    return said


Spell = Callable[[Random, str], str]


def _element(rng: Random, said: Statement, name: str, text: str, aim: float, spell: tuple[Spell, Spell]) -> None:
    matching, near = spell
    matches, excluding = chance(rng, aim), chance(rng, 0.12)
    values = [matching(rng, text)] if matches is not excluding else []
    values += [near(rng, text) for _ in range(rng.randrange(3) if values else rng.choice([1, 2]))]
    rng.shuffle(values)
    said["Not" * excluding + name] = one_or_list(rng, values)


def with_variables(rng: Random, said: Statement, asked: Asked) -> None:
    """Write parts of the resource and of conditions as policy variables, which may have a value or not."""
    patterns = said.get("Resource")
    if isinstance(patterns, str) and "/" in patterns and chance(rng, 0.5):
        head, tail = patterns[: -len(patterns.split(":", 5)[-1])], patterns.split(":", 5)[-1]
        said["Resource"] = head + _variable_in(rng, tail, asked)
    for operator, block in said.get("Condition", {}).items():
        if not operator.rpartition(":")[2].startswith(("String", "Arn")):
            continue
        for key, values in block.items():
            if isinstance(values, str) and values and chance(rng, 0.4):
                kept = values[: values.rfind("/") + 1] if values.startswith("arn:") else ""
                block[key] = kept + _variable_in(rng, values.removeprefix(kept), asked)


def _variable_in(rng: Random, text: str, asked: Asked) -> str:
    singles = {key.name: found[0] for key, found in asked.carried.items() if found and not key.many}
    standing = [name for name, value in singles.items() if value and value in text]
    if standing and chance(rng, 0.8):
        name = rng.choice(standing)
        return text.replace(singles[name], f"${{{name}}}", 1)
    absent = [key.name for key, found in asked.carried.items() if found is None and not key.many]
    at = text.rindex("/") + 1 if "/" in text else 0
    forms = ["${*}", "${?}", "${$}", *(f"${{{name}}}" for name in absent[:3])]
    forms += [f"${{{name}, '{text[at:]}'}}" for name in absent[:3]]
    return text[:at] + rng.choice(forms)


def principal(rng: Random, asked: Asked, effect: str, aim: float) -> Statement:
    """A Principal or NotPrincipal element that names the caller with the probability ``aim``.

    NotPrincipal has no place in trust policies, and means nothing to services.
    """
    spares = effect == "Deny" and asked.caller.type is not CallerType.SERVICE and not asked.action.startswith("sts:")
    if spares and chance(rng, 0.2):
        return {"NotPrincipal": {"AWS": _everyone_of(asked) if chance(rng, 0.8) else [STRANGERS[0]]}}
    named = _right(rng, asked) if chance(rng, aim) else _wrong(rng, asked)
    if isinstance(named, str):
        return {"Principal": named}
    return {"Principal": {kind: one_or_list(rng, values) for kind, values in named.items()}}


def _everyone_of(asked: Asked) -> list[str]:
    """What NotPrincipal must list to spare the caller: its account, itself, and its session."""
    return [f"arn:aws:iam::{asked.account}:root", asked.caller.arn, *session_arns(asked.caller)]


def session_arns(caller: Caller) -> list[str]:
    """The ARN of a role's session; none for other callers."""
    if caller.type is not CallerType.ROLE:
        return []
    account, name = caller.arn.split(":")[4], caller.arn.rsplit("/", 1)[1]
    return [f"arn:aws:sts::{account}:assumed-role/{name}/{caller.session}"]


def _right(rng: Random, asked: Asked) -> str | dict[str, list[str]]:
    if asked.caller.type is CallerType.SERVICE:
        others = [each for each in SERVICES if each != asked.caller.arn and chance(rng, 0.3)]
        return {"Service": [*others, asked.caller.arn]} | ({"AWS": [DEV]} if chance(rng, 0.2) else {})
    account = [asked.account, f"arn:aws:iam::{asked.account}:root"]
    names = [asked.caller.arn, asked.caller.arn, asked.caller.arn, *account, *session_arns(asked.caller), "*"]
    chosen = rng.choice(names)
    if chosen == "*":
        return rng.choice(["*", {"AWS": ["*"]}])
    others = [each for each in STRANGERS if chance(rng, 0.15)]
    services = {"Service": [rng.choice(SERVICES)]} if chance(rng, 0.15) else {}
    return {"AWS": [*others, chosen]} | services


def _wrong(rng: Random, asked: Asked) -> dict[str, list[str]]:
    arn = asked.caller.arn
    names = [*STRANGERS, arn + "x", arn.replace(":role/", ":user/"), arn.rsplit("/", 1)[0] + "/*"]
    names += [each + "0" for each in session_arns(asked.caller)]
    if asked.caller.type is CallerType.SERVICE:
        return {"AWS": [rng.choice([DEV, PROD, OTHER])]} if chance(rng, 0.5) else {"Service": ["s3.amazonaws.com"]}
    if chance(rng, 0.15):
        return {"Service": [rng.choice(SERVICES)]}
    wrong = [each for each in names if each != arn and each.split(":")[-1] != "root"]
    return {"AWS": rng.sample(wrong, rng.choice([1, 1, 2]))}


def document(rng: Random, said: list[Statement], asked: Asked) -> dict[str, Any]:
    """A document of the statements; one statement may stand without a list, and old Versions have no variables."""
    version = rng.choice(["2012-10-17"] * 9 + ["2008-10-17", ""])
    if version == "2012-10-17" and chance(rng, 0.25):
        for each in said:
            with_variables(rng, each, asked)
    shape = said[0] if len(said) == 1 and chance(rng, 0.4) else said
    return ({"Version": version} if version else {}) | {"Statement": shape}
