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
    return Later(config, documents)(changes)


class Later:
    """The same, asked for again and again with other changes of one plan.

    Where the same ones touch a thing, its document is the very same object each time.
    """

    def __init__(self, config: Config, documents: Mapping[Address, Seen]) -> None:
        self._config, self._documents = config, documents
        self._made: dict[_Ids, Mapping[Address, Seen]] = {}
        self._known: dict[tuple[_Ids, _Texts], Mapping[Address, Seen]] = {}

    def __call__(self, changes: Iterable[Change]) -> dict[Address, Seen]:
        """The documents after these changes."""
        by_thing: dict[tuple[str, ...], list[Change]] = {}
        for change in changes:
            where = change.address
            by_thing.setdefault((where.account, where.region, where.resource, where.holder), []).append(change)
        made = {ids: self._changed(ids, of_one) for of_one in by_thing.values() if (ids := _ids(of_one))}
        texts = tuple(pair for changed in made.values() for pair in _texts(self._config, changed).items())
        found = dict(self._documents)
        for ids, changed in made.items():
            found.update(self._resolved(ids, texts, changed))
        return found

    def _changed(self, ids: _Ids, changes: Iterable[Change]) -> Mapping[Address, Seen]:
        if ids not in self._made:
            changed: dict[Address, Seen] = {}
            for change in changes:
                _make(self._config, self._documents, changed, change)
            self._made[ids] = changed
        return self._made[ids]

    def _resolved(self, ids: _Ids, texts: _Texts, changed: Mapping[Address, Seen]) -> Mapping[Address, Seen]:
        if (ids, texts) not in self._known:
            self._known[ids, texts] = _known(changed, dict(texts))
        return self._known[ids, texts]


_Ids = tuple[str, ...]
_Texts = tuple[tuple[str, str], ...]
"""What stands for what AWS has yet to make, by reference."""


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


def _ids(changes: Iterable[Change]) -> _Ids:
    return tuple(change.id for change in changes)


def _texts(config: Config, changed: Mapping[Address, Seen]) -> dict[str, str]:
    return {f"{address.place}#arn": _stand_in(config, address) for address in changed if _is_new_key(address, changed)}


def _known(changed: Mapping[Address, Seen], texts: Mapping[str, str]) -> dict[Address, Seen]:
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
