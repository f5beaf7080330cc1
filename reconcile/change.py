"""The values that everything else is made of.

    Want      what one deployment asks of one part of one document
    Change    the difference between a want and the live document, and what is to be known before making it
    Plan      every change of a run, in dependency order, with the accounts it was read from

What ``before`` and ``after`` of a change mean:

    action       before             after
    create       None               the value to be made
    update       the live value     the value to be made
    none         the live value     the live value
    blocked      the live value     the value wanted, as far as known; never written
    unreadable   None               None

Values are JSON values in their kind's normal form, so that ``==`` compares meaning. A value that AWS has yet to
make stands in them as a reference, see :mod:`reconcile.references`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from reconcile.references import references, strings

Value = Any
"""A JSON value in normal form; ``None`` is "not there"."""


class Action(StrEnum):
    """What is to be done with a part; see the table at the top."""

    CREATE = "create"
    UPDATE = "update"
    NONE = "none"
    BLOCKED = "blocked"
    UNREADABLE = "unreadable"


PENDING = frozenset({Action.CREATE, Action.UPDATE})
"""The actions that an apply carries out."""


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Where a document is: what ``kind`` reads of ``resource`` in one account and region.

    ``resource`` is what a lock binds: kinds that edit the same AWS resource share it. ``holder`` is the role that a
    policy is looked at for, where there is one. ``hints`` are further names by which the kind may find the document
    (a key without its alias is found through its pipelines); they are no part of its identity.
    """

    account: str
    """The account's name in the TOML."""
    region: str
    kind: str
    resource: str
    holder: str = ""
    hints: tuple[str, ...] = field(default=(), compare=False)

    @property
    def place(self) -> str:
        """Account and resource, as references name them: ``prod/iam:role/prods3role``."""
        return f"{self.account}/{self.resource}"

    @property
    def name(self) -> str:
        """The resource without its type: ``prods3role`` of ``iam:role/prods3role``."""
        return self.resource.partition("/")[2]


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One part of a document: its name, and which of several (the Sids, principals or policies) it means."""

    name: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """Access that a change newly gives: who may do what, on what."""

    principal: str
    actions: tuple[str, ...]
    resource: str


@dataclass(frozen=True, slots=True)
class Want:
    """What a deployment asks of one part of one document; ``value`` is what would be written there."""

    deployment: str
    slug: str
    address: Address
    part: Part
    value: Value
    title: str
    creates: bool = False
    """The part is the existence of the resource: every other want on the resource rests on this one."""
    requires: tuple[str, ...] = ()
    """Slugs of the same deployment that AWS wants made first, beyond those that references name."""
    grants: tuple[Grant, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)
    """Condition keys (lower case) whose value is certain in every request that the want is about."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """For everything that is created, beside the tag that marks it as the tool's own."""
    managed: bool = True
    """False: planned and proven, never written."""
    create_missing: bool = True
    """False: what does not exist is reported, not made."""

    @property
    def id(self) -> str:
        """``<deployment>/<slug>``, the id of its change."""
        return f"{self.deployment}/{self.slug}"


@dataclass(frozen=True, slots=True)
class Change:
    """One decision: one part of one document in one account, from ``before`` to ``after``."""

    deployment: str
    slug: str
    address: Address
    account_id: str
    part: Part
    action: Action
    title: str
    before: Value
    after: Value
    reason: str = ""
    requires: tuple[str, ...] = ()
    """Ids of every change that must be in place before this one, pending or not."""
    effects: tuple[str, ...] = ()
    """What happens beyond the document: executions that are started or stopped."""
    managed: bool = True
    irreversible_reason: str | None = None
    """Why rolling back does not give exactly ``before``; None if it does."""
    grants: tuple[Grant, ...] = ()
    notes: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    shared_with: tuple[str, ...] = ()
    """Ids of other deployments' changes that want the very same of this part: one of them makes it for all."""

    @property
    def id(self) -> str:
        """``<deployment>/<slug>``."""
        return f"{self.deployment}/{self.slug}"

    @property
    def reversible(self) -> bool:
        """Whether rolling back gives exactly ``before``."""
        return self.irreversible_reason is None

    @property
    def pending(self) -> bool:
        """Whether an apply would write it."""
        return self.action in PENDING and self.managed

    @property
    def location(self) -> str:
        """Resource and part, as in ``iam:role/prods3role#trust``."""
        return f"{self.address.resource}#{self.part.name}"

    @property
    def known_after_apply(self) -> tuple[str, ...]:
        """Dotted paths within ``after`` at which a reference still stands."""
        return tuple(path for path, text in strings(self.after) if references(text))

    def reverse(self) -> Change:
        """The change that undoes this one: the same part, from ``after`` to ``before``.

        Why it was made, and what had to be in place for that, is no matter any more.
        """
        action = Action.CREATE if self.after is None else Action.UPDATE
        back = replace(self, action=action, before=self.after, after=self.before, reason="")
        return replace(back, requires=(), grants=(), effects=(), notes=())


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """An account as a run saw it. ``caller`` is the ARN of the credentials; None where they gave none."""

    name: str
    id: str
    region: str
    caller: str | None
    problem: str = ""
    """Why nothing of the account could be read; empty if it could."""


@dataclass(frozen=True)
class Plan:
    """Every change of the wanted set-up, in an order in which they can be applied."""

    created: str
    """UTC, ISO 8601 with a ``Z``."""
    config_sha256: str
    accounts: tuple[AccountSeen, ...]
    changes: tuple[Change, ...]

    @property
    def summary(self) -> dict[str, int]:
        """How many changes there are of each action; keys as in the JSON plan."""
        names = {Action.NONE: "in_sync"}
        return {
            names.get(action, str(action)): sum(change.action is action for change in self.changes) for action in Action
        }

    @property
    def pending(self) -> tuple[Change, ...]:
        """The changes an apply would write."""
        return tuple(change for change in self.changes if change.pending)

    def __getitem__(self, change_id: str) -> Change:
        return self._by_id[change_id]

    def __contains__(self, change_id: object) -> bool:
        return change_id in self._by_id

    def on(self, place: str) -> tuple[Change, ...]:
        """The changes of what is at an :attr:`Address.place`, in the plan's order."""
        return tuple(self._by_place.get(place, ()))

    @cached_property
    def _by_id(self) -> Mapping[str, Change]:
        return {change.id: change for change in self.changes}

    @cached_property
    def _by_place(self) -> Mapping[str, list[Change]]:
        found: dict[str, list[Change]] = {}
        for change in self.changes:
            found.setdefault(change.address.place, []).append(change)
        return found
