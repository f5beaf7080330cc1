"""The documents as changes of a plan will leave them, and what stands there for what AWS has yet to make."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace

from reconcile.change import Address, Change, Plan
from reconcile.desired import Config
from reconcile.engine.live import Seen
from reconcile.errors import Blocked, XacctError
from reconcile.kinds import kinds
from reconcile.references import references, resolve


def after(config: Config, documents: Mapping[Address, Seen], changes: Iterable[Change]) -> dict[Address, Seen]:
    """The documents after these changes, which are in an order in which they can be applied.

    A key that has yet to be made has an ARN that nobody will ever see, the same wherever it is named.
    """
    changed: dict[Address, Seen] = {}
    for change in changes:
        _make(config, documents, changed, change)
    return {**documents, **_known(config, changed)}


def required(plan: Plan, ids: Collection[str]) -> frozenset[str]:
    """These ids and all pending ones that they rest on."""
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        each = waiting.pop()
        if each not in found and each in plan:
            found.add(each)
            waiting.extend(other for other in plan[each].requires if other in plan and plan[other].pending)
    return frozenset(found)


def _make(config: Config, documents: Mapping[Address, Seen], changed: dict[Address, Seen], change: Change) -> None:
    address, kind = change.address, kinds()[change.address.kind]
    before = changed.get(address, documents.get(address))
    if isinstance(before, XacctError):
        return
    account = config.accounts[address.account]
    with suppress(Blocked):  # one that was planned on what another change of this document makes first
        changed[address] = kind.put(before or kind.fresh(account, address), change.part, change.after)
    if before is None:
        _come_with(config, documents, changed, address)


def _come_with(config: Config, documents: Mapping[Address, Seen], changed: dict[Address, Seen], made: Address) -> None:
    """What AWS gives to a thing that is made: a key has a policy from the first moment on."""
    account = config.accounts[made.account]
    for kind in kinds().values():
        beside = replace(made, kind=kind.name)
        if changed.get(beside, documents.get(beside)) is None and (fresh := kind.fresh(account, beside)):
            changed[beside] = fresh


def _known(config: Config, changed: Mapping[Address, Seen]) -> dict[Address, Seen]:
    texts = {f"{address.place}#arn": _stand_in(config, address) for address in changed if _is_new_key(address, changed)}
    found: dict[Address, Seen] = {}
    for address, document in changed.items():
        found[address] = resolve(document, texts) if texts and references(document) else document
        if _is_new_key(address, changed) and isinstance(document, dict):
            found[address] = {**document, "arn": texts[f"{address.place}#arn"]}
    return found


def _is_new_key(address: Address, changed: Mapping[Address, Seen]) -> bool:
    document = changed[address]
    return address.kind == "key" and isinstance(document, dict) and not document["arn"]


def _stand_in(config: Config, address: Address) -> str:
    account = config.accounts[address.account]
    name = address.name.removeprefix("alias/").replace("/", "-")
    return f"arn:{account.partition}:kms:{address.region}:{account.id}:key/known-after-apply-{name}"
