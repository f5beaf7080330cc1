"""Plans and changes as JSON: what ``--plan --format json`` prints, a saved plan holds and the journal keeps.

The format is a promise to scripts: fields are added, never changed or taken away, and a reader ignores those
it does not know. ``format_version`` is ``major.minor``; only an unknown major is refused.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reconcile.change import AccountSeen, Action, Address, Change, Grant, Part, Plan, Value
from reconcile.difference import difference
from reconcile.errors import PlanFileError

FORMAT_VERSION = "1.0"


def change_to_json(change: Change) -> dict[str, Any]:
    """Give the change as a JSON object, of which :func:`change_from_json` makes the same change again."""
    address = change.address
    return {
        "id": change.id,
        "deployment": change.deployment,
        "slug": change.slug,
        "account": address.account,
        "account_id": change.account_id,
        "region": address.region,
        "address": change.location,
        "kind": address.kind,
        "resource": address.resource,
        "holder": address.holder,
        "hints": list(address.hints),
        "part": [change.part.name, *change.part.of],
        "action": str(change.action),
        "title": change.title,
        "reason": change.reason,
        "before": change.before,
        "after": change.after,
        "known_after_apply": list(change.known_after_apply),
        "diff": difference(change.before, change.after),
        "requires": list(change.requires),
        "effects": list(change.effects),
        "managed": change.managed,
        "reversible": change.reversible,
        "irreversible_reason": change.irreversible_reason,
        "grants": [grant_to_json(grant) for grant in change.grants],
        "notes": list(change.notes),
        "tags": dict(change.tags),
        "shared_with": list(change.shared_with),
    }


def change_from_json(mapping: Mapping[str, Any]) -> Change:
    """Read a change; raises PlanFileError naming the first field that is missing or of the wrong type."""
    return _change(_Fields(mapping, "change"))


def plan_to_json(plan: Plan, tool_version: str) -> dict[str, Any]:
    """Give the plan as one JSON object; ``tool_version`` is the version alone, as in ``0.1.0``."""
    return {
        "format_version": FORMAT_VERSION,
        "tool": f"xacct-tui {tool_version}",
        "created": plan.created,
        "config_sha256": plan.config_sha256,
        "accounts": {seen.name: account_to_json(seen) for seen in plan.accounts},
        "summary": plan.summary,
        "changes": [change_to_json(change) for change in plan.changes],
    }


def plan_from_json(text: str) -> Plan:
    """Read a saved plan.

    Raises PlanFileError where the text is not JSON, is not a plan, is of an unknown major version, lacks a
    field or holds one of the wrong type: the message names the place.
    """
    fields = _Fields(_parsed(text), "plan")
    version = fields.text("format_version")
    if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise PlanFileError(f"plan: format_version {version!r} is unknown; this version reads {FORMAT_VERSION}")
    accounts = fields.object("accounts")
    changes = tuple(_change(entry) for entry in fields.objects("changes"))
    _refuse_repeats(changes)
    return Plan(
        fields.text("created"),
        fields.text("config_sha256"),
        tuple(_account(name, accounts.object(name)) for name in accounts),
        changes,
    )


def _parsed(text: str) -> Value:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise PlanFileError(f"plan: not JSON: {error.msg} at {place}") from error
    except (ValueError, RecursionError) as error:  # numbers of too many digits; nesting that no plan has
        raise PlanFileError("plan: not JSON that a plan can hold") from error


class _Fields:
    """A JSON object being read: a field is there and of its type, or PlanFileError names its place."""

    def __init__(self, value: Value, place: str) -> None:
        if not isinstance(value, Mapping):
            raise PlanFileError(f"{place}: not an object, so this is not a plan")
        self._value, self._place = value, place

    def __iter__(self) -> Iterator[str]:
        return iter(self._value)

    def value(self, name: str) -> Value:
        if name not in self._value:
            raise PlanFileError(f"{self._place}: the field {name!r} is missing")
        return self._value[name]

    def text(self, name: str) -> str:
        return str(self._typed(name, str, "a text"))

    def optional_text(self, name: str) -> str | None:
        return None if self.value(name) is None else self.text(name)

    def flag(self, name: str) -> bool:
        return bool(self._typed(name, bool, "true or false"))

    def texts(self, name: str) -> tuple[str, ...]:
        items = self._typed(name, list, "a list of texts")
        if not all(isinstance(item, str) for item in items):
            raise PlanFileError(f"{self._place}.{name}: not a list of texts")
        return tuple(items)

    def object(self, name: str) -> _Fields:
        return _Fields(self.value(name), f"{self._place}.{name}")

    def objects(self, name: str) -> list[_Fields]:
        items = self._typed(name, list, "a list")
        return [_Fields(item, f"{self._place}.{name}[{at}]") for at, item in enumerate(items)]

    def action(self) -> Action:
        text = self.text("action")
        if text not in list(Action):
            raise PlanFileError(f"{self._place}.action: {text!r} is none of {', '.join(Action)}")
        return Action(text)

    def part(self) -> Part:
        name, *of = self.texts("part") or ("",)
        return Part(name, tuple(of))

    def _typed(self, name: str, kind: type, description: str) -> Any:
        value = self.value(name)
        if not isinstance(value, kind):
            raise PlanFileError(f"{self._place}.{name}: not {description}")
        return value


def _change(fields: _Fields) -> Change:
    address = Address(
        account=fields.text("account"),
        region=fields.text("region"),
        kind=fields.text("kind"),
        resource=fields.text("resource"),
        holder=fields.text("holder"),
        hints=fields.texts("hints"),
    )
    tags = fields.object("tags")
    return Change(
        deployment=fields.text("deployment"),
        slug=fields.text("slug"),
        address=address,
        account_id=fields.text("account_id"),
        part=fields.part(),
        action=fields.action(),
        title=fields.text("title"),
        before=fields.value("before"),
        after=fields.value("after"),
        reason=fields.text("reason"),
        requires=fields.texts("requires"),
        effects=fields.texts("effects"),
        managed=fields.flag("managed"),
        irreversible_reason=fields.optional_text("irreversible_reason"),
        grants=tuple(_grant(grant) for grant in fields.objects("grants")),
        notes=fields.texts("notes"),
        tags={name: tags.text(name) for name in tags},
        shared_with=fields.texts("shared_with") if "shared_with" in list(fields) else (),
    )


def _grant(fields: _Fields) -> Grant:
    return Grant(fields.text("principal"), fields.texts("actions"), fields.text("resource"))


def account_to_json(seen: AccountSeen) -> dict[str, Any]:
    """Give what a run saw of an account, without its name."""
    return {"id": seen.id, "region": seen.region, "caller": seen.caller, "problem": seen.problem}


def grant_to_json(grant: Grant) -> dict[str, Any]:
    """Give access as who, what, on what."""
    return {"principal": grant.principal, "actions": list(grant.actions), "resource": grant.resource}


def _account(name: str, fields: _Fields) -> AccountSeen:
    texts = (fields.text("id"), fields.text("region"), fields.optional_text("caller"), fields.text("problem"))
    return AccountSeen(name, *texts)


def _refuse_repeats(changes: Sequence[Change]) -> None:
    repeated = [name for name, count in Counter(change.id for change in changes).items() if count > 1]
    if repeated:
        raise PlanFileError(f"plan: {repeated[0]!r} stands in it twice")
