"""What can be chosen for a field: what the models allow, and what there is in the accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconcile.adoption import Inventory
from xacct_tui.render.plain import plain
from xacct_tui.setup.drafting import INNER, OUTER

if TYPE_CHECKING:
    from reconcile.adoption import Field
    from xacct_tui.setup.setup import Setup

_BUCKETS = {"source.bucket": INNER, "artifacts.bucket": INNER, "output.bucket": OUTER}
_ROLES = {"service_role.name": INNER, "deploy_role.name": OUTER}
_PRINCIPALS = ("key.admins", "key.users")


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to choose."""

    text: str
    """What is filled in."""
    told: str = ""
    beside: tuple[tuple[str, str], ...] = ()
    """Fields of the same table that go with it, and their texts."""


def offers(setup: Setup, field: Field, name: str) -> tuple[Offer, ...]:
    """What can be chosen; ``name`` is the field's within the account or the deployment: ``output.bucket``.

    Names that hold what a terminal obeys are left out: no field may have them.
    """
    if field.choices:
        return tuple(Offer(choice, "" if choice else "none") for choice in field.choices)
    if field.sort == "flag":
        return (Offer("true"), Offer("false"))
    return tuple(offer for offer in _found(setup, name) if plain(offer.text) == offer.text)


def _found(setup: Setup, name: str) -> Iterator[Offer]:
    if name in ("profile", "source_profile"):
        for profile in setup.profiles:
            yield Offer(profile.name, " ".join(filter(None, (profile.way, profile.account_id, profile.region))))
    elif name in (INNER, OUTER):
        known = {**dict.fromkeys(setup.drafting.accounts_of_file), **dict.fromkeys(setup.drafting.names.values())}
        yield from map(Offer, known)
    elif name in _BUCKETS:
        inventory = _inventory(setup, _BUCKETS[name])
        yield from (Offer(each, region) for each, region in (inventory.buckets if inventory else {}).items())
    else:
        yield from _identities(setup, name)


def _identities(setup: Setup, name: str) -> Iterator[Offer]:
    inventory = _inventory(setup, _ROLES.get(name, INNER))
    if inventory is None:
        return
    if name == "pipeline":
        yield from map(Offer, inventory.pipelines)
    elif name in _ROLES:
        table = name.partition(".")[0]
        yield from (Offer(role.name, role.path, ((f"{table}.path", role.path),)) for role in inventory.roles)
    elif name in _PRINCIPALS:
        yield from (Offer(role.arn) for role in inventory.roles)
    elif name == "key.alias":
        yield from (Offer(alias, key.description) for key in inventory.keys for alias in key.aliases)
    elif name == "key.arn":
        yield from (Offer(key.arn, " ".join((*key.aliases, key.description))) for key in inventory.keys)


def _inventory(setup: Setup, side: str) -> Inventory | None:
    found = setup.seen[side].inventory
    return found if isinstance(found, Inventory) else None
