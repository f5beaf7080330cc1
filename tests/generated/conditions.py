"""Conditions on what a request carries, mostly built to hold, or not to."""

from __future__ import annotations

from random import Random
from typing import Any

from generated.spelling import NEGATED, SPELLINGS, Spelling, chance, one_or_list
from generated.vocabulary import Key

Found = tuple[str, ...] | None


def condition(rng: Random, keys: dict[Key, Found], aim: float) -> dict[str, dict[str, Any]]:
    """A Condition element of up to three keys, each built to hold with this probability."""
    block: dict[str, dict[str, Any]] = {}
    for key in rng.sample(list(keys), rng.choice([0, 0, 1, 1, 1, 2, 3])):
        operator, values = _one(rng, key, keys[key], holds=chance(rng, aim))
        block.setdefault(operator, {})[_cased(rng, key.name)] = values
    return block


def _cased(rng: Random, name: str) -> str:
    return rng.choice([name, name, name, name.lower(), name.upper()])


def _one(rng: Random, key: Key, found: Found, *, holds: bool) -> tuple[str, Any]:
    if chance(rng, 0.1):
        wanted = "true" if (found is None) == holds else "false"
        return "Null", rng.choice([wanted, wanted == "true"])
    spelling = rng.choice(SPELLINGS[key.type])
    if key.many or chance(rng, 0.03):
        return _of_set(rng, spelling, found, key, holds=holds)
    if found is None:
        return _of_absent(rng, spelling, key, holds=holds)
    return _of_one(rng, spelling, found[0], key, holds=holds)


def _of_one(rng: Random, spelling: Spelling, text: str, key: Key, *, holds: bool) -> tuple[str, Any]:
    name, right, wrong = spelling
    negated = name in NEGATED and chance(rng, 0.35)
    values = [right(rng, text)] if holds is not negated else []
    values += [wrong(rng, text) for _ in range(rng.choice([0, 0, 1, 2]) if values else rng.choice([1, 1, 2]))]
    return _named(rng, name, negated=negated, if_exists=0.15), _values(rng, values, key)


def _of_absent(rng: Random, spelling: Spelling, key: Key, *, holds: bool) -> tuple[str, Any]:
    """Of a key that the request does not carry: IfExists and negated operators hold."""
    name, right, _ = spelling
    negated = holds and name in NEGATED and chance(rng, 0.5)
    values = [right(rng, rng.choice(key.values))]
    return _named(rng, name, negated=negated, if_exists=float(holds and not negated) or 0.1 * holds), _values(
        rng, values, key
    )


def _of_set(rng: Random, spelling: Spelling, found: Found, key: Key, *, holds: bool) -> tuple[str, Any]:
    name, right, wrong = spelling
    each = rng.choice(["ForAnyValue", "ForAllValues"])
    negated = name in NEGATED and chance(rng, 0.25)
    covered = list(found or ()) or [rng.choice(key.values)]
    if holds is (each == "ForAllValues" and negated) or chance(rng, 0.2):
        covered = covered[1:]
    values = [right(rng, text) for text in covered] + [wrong(rng, rng.choice(key.values))]
    return f"{each}:{_named(rng, name, negated=negated, if_exists=0.1)}", _values(rng, values, key)


def _named(rng: Random, name: str, *, negated: bool, if_exists: float) -> str:
    return (NEGATED[name] if negated else name) + ("IfExists" if chance(rng, if_exists) else "")


def _values(rng: Random, values: list[str], key: Key) -> Any:
    """Some policies write booleans and numbers as JSON has them."""
    written: list[Any] = values
    if key.type == "bool" and chance(rng, 0.3):
        written = [value == "true" for value in values]
    elif key.type == "number" and chance(rng, 0.3):
        written = [int(value) if value.isdigit() else float(value) for value in values]
    rng.shuffle(written)
    return one_or_list(rng, written)
