"""A set-up that was made up, behind the same screens: for what is shown, where AWS adds nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import made_up_proof
from reconcile import Action, Change, Entry, Outcome, Plan, Result
from reconcile.change import AccountSeen, Address, Grant, Part
from reconcile.proof.values import Proof, ProvenChange
from xacct_tui.readings import Checked, Weighed

ACCOUNTS = (
    AccountSeen("dev", "111111111111", "us-east-1", "arn:aws:sts::111111111111:assumed-role/Admin/demo"),
    AccountSeen("prod", "222222222222", "us-east-1", "arn:aws:sts::222222222222:assumed-role/Admin/demo"),
)


def change(slug: str, account: str = "dev", action: Action = Action.CREATE, **others: Any) -> Change:
    """A change of the deployment ``website``."""
    number = next((seen.id for seen in ACCOUNTS if seen.name == account), "111111111111")
    given = {
        "deployment": "website",
        "address": Address(account, "us-east-1", "role", f"iam:role/{slug}"),
        "part": Part("role"),
        "title": f"what {slug} is for",
        "before": None if action is Action.CREATE else {"path": "/"},
        "after": {"path": "/service-role/"},
        "reason": "" if action is Action.NONE else "is not as it should be",
    }
    return Change(slug=slug, account_id=number, action=action, **(given | others))


CHANGES = (
    change("deploy-role", "prod"),
    change("trust-policy", "prod", requires=("website/deploy-role",)),
    change("output-bucket", "prod", Action.NONE),
    change("pipeline", action=Action.UPDATE, effects=("stops the execution that is in progress",)),
    change("key", irreversible_reason="a key can only be scheduled for deletion"),
    change("key-users", action=Action.BLOCKED, reason="the key policy names a principal that is gone"),
    change("trigger", action=Action.UNREADABLE, before=None, after=None, reason="AccessDenied: events:ListRules"),
    change("assume-policy", grants=(Grant("arn:aws:iam::111111111111:role/r", ("sts:AssumeRole",), "*"),)),
    change("service-role", action=Action.NONE),
)


def entry(number: int, of: Change, state: str = "done", run: str = "20261125T090000Z-1", **others: Any) -> Entry:
    """An entry of the journal."""
    given = {"began": "2026-11-25T09:00:00Z", "ended": "2026-11-25T09:00:01Z", "caller": ACCOUNTS[0].caller}
    return Entry(id=number, run=run, change=of, state=state, **(given | others))


@dataclass
class Made:
    """What the session gives."""

    changes: Sequence[Change] = CHANGES
    accounts: Sequence[AccountSeen] = ACCOUNTS
    entries: Sequence[Entry] = ()
    outcomes: Sequence[Outcome] | None = None
    """How an apply comes out; without any, well."""
    read_only: bool = False
    failure: Exception | None = None
    """What every reading but the first raises."""
    drafted: str = ""
    proof: Proof = made_up_proof.PROOF
    planned: Proof = made_up_proof.PLANNED
    proven: Sequence[ProvenChange] = made_up_proof.PROVEN
    read: list[tuple[str, ...]] = field(default_factory=list)
    """The ids of each reading so far; none for everything."""


class _Session:
    """Stands for a session."""

    def __init__(self, made: Made, observe: Callable[[Any], None]) -> None:
        self._made, self._observe = made, observe
        self.read_only = made.read_only
        self.scope = SimpleNamespace(profiles={})
        self.config = None

    def plan(self, only: Sequence[str] = (), **_: Any) -> Plan:
        if self._made.failure and self._made.read:
            raise self._made.failure
        self._made.read.append(tuple(only))
        return self._plan()

    def _plan(self) -> Plan:
        return Plan("2026-11-25T09:00:00Z", "0" * 64, tuple(self._made.accounts), tuple(self._made.changes))

    def check(self, only: Sequence[str] = (), *, planned: bool) -> Checked:
        assert planned
        made = self._made
        return Checked(self.plan(only), made.proof, {each.change: each for each in made.proven}, made.planned)

    def weigh(self, choose: Callable[[Plan], Sequence[Change]], only: Sequence[str] = ()) -> Weighed:
        assert only
        plan = self._plan()
        return Weighed(plan, choose(plan), {each.change: each for each in self._made.proven})

    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._made.entries)

    def recover(self) -> tuple[Outcome, ...]:
        return ()

    def apply(self, changes: Sequence[Change], _: Plan) -> tuple[Outcome, ...]:
        given = self._made.outcomes
        return tuple(Outcome(each, Result.APPLIED, "") for each in changes) if given is None else tuple(given)

    def reversals(self, entries: Sequence[Entry]) -> tuple[Change, ...]:
        return tuple(replace(each.change.reverse(), effects=each.change.effects) for each in entries)

    def rollback(self, _: Sequence[Entry], reversals: Sequence[Change]) -> tuple[Outcome, ...]:
        return self.apply(reversals, None)

    def close(self) -> None:
        """Nothing is open."""


def opener(made: Made) -> Any:
    """Opens it, as the screens ask for it."""
    return lambda *, observe, **_: _Session(made, observe)
