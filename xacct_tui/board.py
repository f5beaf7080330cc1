"""What the plan screen shows, as plain values: the changes, what became of them, marks and filters.

Knows no widget and makes no call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reconcile.change import AccountSeen, Action, Change, Plan
from reconcile.events import Begun, Ended, Event, Identified, Waiting
from xacct_tui.render.details import LEGEND, MARKS, Proven, account_sides, is_shown, summary_line, unmet

if TYPE_CHECKING:
    from reconcile import Outcome


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown of all changes; empty fields admit everything."""

    text: str = ""
    action: Action | None = None
    account: str = ""
    in_sync: bool = False
    """Whether changes that are in sync are shown too."""

    def __str__(self) -> str:
        words = [self.action and f"only {LEGEND[MARKS[self.action]]}", self.account and f"only in {self.account}"]
        return ", ".join(filter(None, [*words, self.text and f"only {self.text!r}"]))

    def admits(self, change: Change) -> bool:
        """Whether a change passes, its being in sync apart."""
        return (
            (self.action is None or change.action is self.action)
            and (not self.account or change.address.account == self.account)
            and (not self.text or self.text.lower() in f"{change.id} {change.title} {change.location}".lower())
        )


@dataclass(frozen=True, slots=True)
class Group:
    """The heading above the changes of one deployment in one account."""

    deployment: str
    account: str
    account_id: str
    side: str


@dataclass(slots=True)
class Board:
    """The plan as far as it is known, and what has been done about it since the program started."""

    plan: Plan | None = None
    is_whole: bool = False
    """Whether everything was read; until then the plan holds what is certain already."""
    failure: str = ""
    """What kept everything from being read, if anything did."""
    filter: Filter = Filter()
    marked: set[str] = field(default_factory=set)
    doing: dict[str, str] = field(default_factory=dict)
    """By id: what a change that is being written waits for; empty while it waits for nothing but the call."""
    ended: dict[str, str] = field(default_factory=dict)
    """By id: what became of a change of the run that still goes on."""
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    """By id: how the last apply or roll-back of this run of the program came out."""
    unseen: set[str] = field(default_factory=set)
    """The ids of outcomes since which the change was not read again."""
    undone: set[str] = field(default_factory=set)
    """The ids of the outcomes that are those of a roll-back."""
    _identified: dict[str, AccountSeen] = field(default_factory=dict)
    """By name: the accounts of which it is known as whom they are read, before a plan says so."""
    proven: Proven = field(default_factory=dict)
    """What the changes do to the chain, where that was proven."""
    _by_id: dict[str, Change] = field(default_factory=dict)
    _unmet: Mapping[str, Change] = field(default_factory=dict)
    _sides: Mapping[str, str] = field(default_factory=dict)
    _counts: Counter[tuple[str, Action]] = field(default_factory=Counter)
    _summary: str = ""

    def take(self, plan: Plan, *, only: Collection[str] | None = None, is_whole: bool = True) -> None:
        """Show this plan; with ``only``, a newer look at these changes, the others staying as they are."""
        if only is not None and self.plan is not None:
            fresh = {change.id: change for change in plan.changes if change.id in only}
            kept = tuple(fresh.get(change.id, change) for change in self.plan.changes)
            plan = replace(plan, changes=kept, accounts=self.plan.accounts)
        self.plan, self.is_whole, self.failure = plan, is_whole, ""
        self.unseen -= {change.id for change in plan.changes} if only is None else set(only)
        self._by_id = {change.id: change for change in plan.changes}
        self._unmet, self._summary = unmet(plan.changes), summary_line(plan)
        self._counts = Counter((change.address.account, change.action) for change in plan.changes)
        seen = {change.address.account for change in plan.changes}
        self._sides = {name: side for name, side in account_sides(plan).items() if is_whole or name in seen}
        self.marked &= {change.id for change in plan.pending}

    def observe(self, event: Event) -> None:
        """Follow a run."""
        match event:
            case Identified(account=account):
                self._identified[account.name] = account
            case Begun(change=change):
                self.doing[change.id] = ""
            case Waiting(change=change, why=why):
                self.doing[change.id] = why
            case Ended(change=change, outcome=outcome):
                self.doing.pop(change.id, None)
                self.ended[change.id] = outcome

    def settle(self, outcomes: Iterable[Outcome], *, undoing: bool = False) -> None:
        """Remember how a run came out; ``undoing`` if it was a roll-back."""
        self.doing.clear()
        self.ended.clear()
        for outcome in outcomes:
            self.outcomes[outcome.change.id] = outcome
            self.unseen.add(outcome.change.id)
            (self.undone.add if undoing else self.undone.discard)(outcome.change.id)

    def drop_failures(self, ids: Collection[str]) -> None:
        """Forget which of these changes, of all if none is named, came out without success."""
        for change_id, outcome in list(self.outcomes.items()):
            if not outcome.ok and (not ids or change_id in ids):
                del self.outcomes[change_id]
                self.unseen.discard(change_id)

    def forget(self) -> None:
        """Know nothing, as at first; the filter stays."""
        self.plan, self.is_whole, self.failure, self.proven = None, False, "", {}
        for known in (self.marked, self.doing, self.ended, self.outcomes, self.unseen, self.undone):
            known.clear()
        self._by_id.clear()
        self._identified.clear()

    def toggle(self, change_id: str) -> None:
        """Mark a change, or take its mark away."""
        self.marked ^= {change_id}

    def __getitem__(self, change_id: str) -> Change:
        return self._by_id[change_id]

    def get(self, change_id: str | None) -> Change | None:
        """The change of that id, if it is one of the plan's."""
        return self._by_id.get(change_id or "")

    @property
    def accounts(self) -> tuple[AccountSeen, ...]:
        """The accounts, as far as they are known."""
        seen = self.plan.accounts if self.plan else ()
        return seen if self.is_whole else tuple(self._identified.get(each.name, each) for each in seen)

    @property
    def unmet(self) -> Mapping[str, Change]:
        """By their ids: what is not in place."""
        return self._unmet

    @property
    def sides(self) -> Mapping[str, str]:
        """By account: what it is for."""
        return self._sides

    @property
    def summary(self) -> str:
        """How many changes there are of each sort."""
        return self._summary if self.is_whole else ""

    def counts(self, account: str) -> str:
        """How many changes of each sort there are in one account, by their marks: ``+3 ~1 =8``."""
        count = self._counts
        return " ".join(f"{MARKS[action]}{count[account, action]}" for action in Action if count[account, action])

    def rows(self) -> Iterator[Group | Change]:
        """The changes that are to be shown, each group of them after its heading, in the plan's order."""
        deployments: dict[str, dict[str, list[Change]]] = {}
        for change in self.plan.changes if self.plan else ():
            if self._shows(change):
                accounts = deployments.setdefault(change.deployment, {})
                accounts.setdefault(change.address.account, []).append(change)
        for deployment, accounts in deployments.items():
            for account, changes in accounts.items():
                yield Group(deployment, account, changes[0].account_id, self._sides.get(account, ""))
                yield from changes

    def affected_by(self, changes: Collection[str]) -> frozenset[str]:
        """The ids of all that should be looked at again once these were written."""
        ids = frozenset(changes)
        places = {each.address.place for each in map(self.get, ids) if each is not None}
        return frozenset(
            change.id
            for change in self._by_id.values()
            if change.id in ids or change.address.place in places or not ids.isdisjoint(change.requires)
        )

    def _shows(self, change: Change) -> bool:
        touched = any(change.id in them for them in (self.outcomes, self.doing, self.ended))
        return self.filter.admits(change) and (
            self.filter.in_sync or touched or is_shown(change) or self.filter.action is Action.NONE
        )
