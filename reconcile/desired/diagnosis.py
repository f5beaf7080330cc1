"""Everything that is wrong with a file, in plain words: pydantic's errors never reach a person."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from reconcile.desired.config import Config, schema
from reconcile.desired.forms import NAME
from reconcile.desired.wording import Problem, one_of, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECTIONS = ("accounts", "deployments")
_ALLOWED = {
    "bool_type": "true or false",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "tuple_type": "an array of texts",
    "too_short": "at least one table",
    "too_long": "at most {max_length} entries",
}
_STAND_IN = {"id": "000000000000", "region": "us-east-1"}
"""For a bad account that no sound deployment uses: its name is still one of those to choose from."""
Loc = tuple[str | int, ...]


def diagnose(raw: Mapping[str, Any]) -> list[Problem]:
    """Every problem of the parsed TOML.

    What must agree across tables can be judged only where the tables themselves are sound, so the sound rest
    of a file is judged again until nothing is left to say.
    """
    problems: list[Problem] = []
    rest: dict[str, Any] | None = dict(raw)
    while rest is not None:
        try:
            Config.model_validate(rest)
            break
        except ValidationError as error:
            errors = error.errors(include_url=False)
        problems += [problem for item in errors for problem in _explain(item)]
        rest = _sound_rest(rest, {_table(item["loc"]) for item in errors})
    return problems


def _table(loc: Loc) -> Loc:
    return loc[:2] if loc[:1] and loc[0] in _SECTIONS else loc[:1]


def _sound_rest(raw: dict[str, Any], bad: set[Loc]) -> dict[str, Any] | None:
    """Return the tables that are not bad, nor rely on an account that is; None if that leaves nothing new."""
    rest = {key: value for key, value in raw.items() if (key,) not in bad}
    lost = {loc[1] for loc in bad if loc[:1] == ("accounts",) and loc[1:]}
    accounts = {
        name: _STAND_IN if name in lost else table
        for name, table in rest.get("accounts", {}).items()
        if NAME.fits(name)
    }
    deployments = {
        name: table
        for name, table in rest.get("deployments", {}).items()
        if ("deployments", name) not in bad and not lost & _accounts(table)
    }
    rest |= {"accounts": accounts, "deployments": deployments}
    return rest if rest != raw and accounts and deployments else None


def _accounts(deployment: Mapping[str, Any]) -> set[str]:
    return {deployment.get("pipeline_account", "dev"), deployment.get("target_account", "prod")}


def _explain(error: Any) -> list[Problem]:
    loc: Loc = tuple(part for part in error["loc"] if part != "[key]")
    match error["type"]:
        case "disagreement":
            return [Problem(loc + one.key, one.found, one.allowed) for one in error["ctx"]["problems"]]
        case "missing":
            return [Problem(loc, "nothing", "required: " + _described(loc))]
        case "extra_forbidden":
            return [Problem(loc, "an unknown key", one_of(node(loc[:-1])["properties"], str(loc[-1])))]
        case _:
            return [Problem(loc, shown(error["input"]), _allowed(error))]


def _allowed(error: Any) -> str:
    context = error.get("ctx", {})
    if error["type"] == "form":
        return str(context["allowed"])
    if error["type"] == "literal_error":
        return str(context["expected"]).replace("'", '"')
    return _ALLOWED[error["type"]].format(**context)


def _described(loc: Loc) -> str:
    return str(node(loc)["description"])


def node(loc: Loc) -> dict[str, Any]:
    """Return the JSON Schema of what stands at this place; KeyError where nothing may."""
    whole = _whole()
    found = whole
    for step in loc:
        found = _child(found, step)
        for choice in [found, *found.get("anyOf", [])]:
            if "$ref" in choice:
                found = {**whole["$defs"][choice["$ref"].rpartition("/")[2]], **found}
    return found


@cache
def _whole() -> dict[str, Any]:
    """Making the schema takes longer than all else, and a person types on meanwhile."""
    return schema()


def _child(parent: dict[str, Any], step: str | int) -> dict[str, Any]:
    children: dict[str, dict[str, Any]] = parent.get("properties", {})
    named = list(parent.get("patternProperties", {}).values())
    return children[str(step)] if step in children or not named else named[0]
