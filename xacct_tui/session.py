"""One run of the program: configuration, accounts, journal and plan, as the verbs ask for them."""

from __future__ import annotations

import difflib
import os
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

from reconcile.errors import ConfigError, PlanFileError, XacctError
from reconcile.plan_json import plan_from_json
from xacct_tui import messages
from xacct_tui.growth import Growth
from xacct_tui.readings import Checked, Weighed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from reconcile import Clients, Config, Entry, Journal, Live, Outcome
    from reconcile.change import Change, Plan
    from reconcile.credentials import Sessions
    from reconcile.engine import Draft
    from reconcile.events import Observer
    from reconcile.proof.values import Proof
    from xacct_tui.library import Library


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run looks at, and with which credentials: the options that every verb takes."""

    config: str = "xacct.toml"
    only: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    profiles: Mapping[str, str] = field(default_factory=dict)
    read_only: bool = False


class Session:
    """A run over one configuration; a context, at whose end connections and journal are closed.

    Nothing is loaded, opened or called before it is asked for. ``observe`` is told how reading and writing go
    on, from any thread; ``ask_mfa`` is given a prompt and returns the code; ``stop`` is asked between calls. With
    the ``sessions`` of another run, whoever was let in there is let in here.
    """

    def __init__(
        self,
        scope: Scope,
        *,
        library: Library,
        observe: Observer,
        ask_mfa: Callable[[str], str] | None = None,
        stop: Callable[[], bool] = lambda: False,
        sessions: Sessions | None = None,
    ) -> None:
        self.scope = scope
        self._library = library
        self._observe = observe
        self._ask_mfa = ask_mfa
        self._stop = stop
        self._sessions = sessions
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close connections and journal; doing so again does nothing."""
        self._open.close()

    @cached_property
    def config(self) -> Config:
        """The configuration; raises ConfigError, and XacctError for accounts that it does not name."""
        try:
            config = self._library.load(self.scope.config)
        except ConfigError as error:
            if os.path.lexists(self.scope.config):
                raise
            raise XacctError(messages.NO_CONFIG.format(path=self.scope.config)) from error
        for name in (*self.scope.accounts, *self.scope.profiles):
            if name not in config.accounts:
                what, otherwise = "no account in the configuration is called", messages.there_are(config.accounts)
                refuse_unknown(what, name, config.accounts, otherwise)
        return config

    @cached_property
    def clients(self) -> Clients:
        """The accounts in scope; no call is made by opening them."""
        clients = self._library.connect(
            self.config,
            profiles=self.scope.profiles,
            only_accounts=self.scope.accounts or None,
            read_only=self.read_only,
            ask_mfa=self._ask_mfa,
            sessions=self._sessions,
        )
        return self._open.enter_context(clients)

    @cached_property
    def journal(self) -> Journal:
        """The journal; raises XacctError where it cannot be used."""
        return self._open.enter_context(self._library.open_journal(self.config))

    @property
    def read_only(self) -> bool:
        """Whether this run must not write."""
        return self.scope.read_only or self.config.read_only

    def plan(self, only: Sequence[str] = (), *, grew: Callable[[Plan], None] | None = None) -> Plan:
        """Read the accounts and plan; raises XacctError for an ``--only`` that matches nothing.

        ``only`` are ids that this reading is about, instead of all that is in scope. ``grew`` is given the changes
        that are final by then, again and again while reading goes on.
        """
        return self._planned(only, grew)[0]

    def prove(self, *, planned: bool = False) -> Proof:
        """Read the accounts, and prove the live state, or with ``planned`` the state after the plan."""
        plan, live = self._planned(proving=True)
        return self._library.prove(self.config, live, plan if planned else None)

    def check(self, only: Sequence[str] = (), *, planned: bool = False) -> Checked:
        """Read the accounts in one pass, plan, prove the live state, and say what each change does to the chain.

        All of the scope, or only what these globs name.

        With ``planned`` the state after the plan is proven, too.
        """
        plan, live = self._planned(only, proving=True)
        proof = self._library.prove(self.config, live)
        proven = self._library.proven_changes(self.config, live, plan)
        later = self._library.prove(self.config, live, plan) if planned else None
        return Checked(plan, proof, {each.change: each for each in proven}, later)

    def weigh(self, choose: Callable[[Plan], Sequence[Change]], only: Sequence[str] = ()) -> Weighed:
        """Read the accounts, plan, and say what those changes do to the chain that ``choose`` takes from the plan."""
        plan, live = self._planned(only, proving=True)
        chosen = choose(plan)
        proven = self._library.proven_changes(self.config, live, plan, {change.id for change in chosen})
        return Weighed(plan, chosen, {each.change: each for each in proven})

    def drafts(self, only: Sequence[str] = ()) -> tuple[Draft, ...]:
        """Read the accounts, plan, and write down the calls of what is pending; raises as :meth:`plan`."""
        plan, live = self._planned(only)
        chosen = [change for change in plan.pending if not only or change.id in only]
        return self._library.drafts(chosen, self.clients, live)

    def saved_plan(self, path: str) -> Plan:
        """Read what is in scope of a saved plan.

        Raises PlanFileError, also where the plan was made from another configuration.
        """
        try:
            plan = plan_from_json(Path(path).read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise PlanFileError(f"{path}: not a text in UTF-8, so this is not a plan") from error
        if plan.config_sha256 != self.config.sha256:
            raise PlanFileError(messages.OTHER_CONFIG.format(path=self.scope.config))
        return replace(plan, changes=tuple(change for change in plan.changes if self.holds(change)))

    def entries(self) -> tuple[Entry, ...]:
        """Give what the journal holds of the changes in scope, oldest first."""
        return tuple(entry for entry in self.journal.entries() if self.holds(entry.change))

    def callers(self) -> frozenset[str]:
        """Ask the accounts in scope which ARNs they know the user by."""
        return frozenset(caller for caller in self.clients.callers().values() if isinstance(caller, str))

    def holds(self, change: Change) -> bool:
        """Whether a change is in the scope of this run."""
        in_account = not self.scope.accounts or change.address.account in self.scope.accounts
        return in_account and (not self.scope.only or any(matches(change, glob) for glob in self.scope.only))

    def apply(self, changes: Sequence[Change], plan: Plan) -> tuple[Outcome, ...]:
        """Apply these changes of the plan; the journal holds each before AWS does."""
        return self._library.apply(changes, plan, self.clients, self.journal, observe=self._observe, stop=self._stop)

    def reversals(self, entries: Sequence[Entry]) -> tuple[Change, ...]:
        """Show what rolling back these entries would do, as the accounts are now."""
        return self._library.reversals(entries, self.clients, observe=self._observe)

    def rollback(self, entries: Sequence[Entry], reversals: Sequence[Change]) -> tuple[Outcome, ...]:
        """Roll back these entries, newest first, with no other effects than the reversals announce."""
        effects = {effect for change in reversals for effect in change.effects}
        return self._library.rollback(
            entries, self.clients, self.journal, effects=effects, observe=self._observe, stop=self._stop
        )

    def recover(self) -> tuple[Outcome, ...]:
        """Settle what a crash left in doubt."""
        return self._library.recover(self.clients, self.journal, observe=self._observe)

    def decide(self, entry: Entry, *, made: bool) -> None:
        """Record of a write that is in doubt what the user knows about it."""
        state, word = ("done", "made") if made else ("failed", "not made")
        self.journal.end(entry.id, state, f"recorded as {word} by hand")

    def _planned(
        self, only: Sequence[str] = (), grew: Callable[[Plan], None] | None = None, *, proving: bool = False
    ) -> tuple[Plan, Live]:
        planned = partial(self._library.plan, self.config)
        read = partial(self._library.read, self.config, self.clients, only=tuple(only) or self.scope.only)
        if proving:
            from reconcile.proof.looking import for_proof

            read = partial(read, further=for_proof)
        if grew is None:
            live = read(observe=self._observe)
        else:
            growth = Growth(planned, grew, self._observe)
            try:
                live = read(observe=growth, growing=growth.begin)
            finally:
                growth.end()
        plan = planned(live)
        for glob in () if only else self.scope.only:
            if not any(matches(change, glob) for change in plan.changes):
                refuse_unknown("no change or deployment matches --only", glob, self._names(), messages.PLAN_LISTS)
        return plan, live

    def _names(self) -> list[str]:
        """List every deployment, and the id of every change that it can have."""
        from reconcile.desired import SLUGS

        deployments = list(self.config.deployments)
        return deployments + [f"{deployment}/{slug}" for deployment in deployments for slug in SLUGS]


def matches(change: Change, glob: str) -> bool:
    """Whether a glob means a change, by its id or by its deployment's name."""
    return fnmatchcase(change.id, glob) or fnmatchcase(change.deployment, glob)


def refuse_unknown(what: str, name: str, known: Iterable[str], otherwise: str) -> NoReturn:
    """Raise XacctError saying that there is no such thing, with the two nearest names there are, or ``otherwise``."""
    nearest = difflib.get_close_matches(name, dict.fromkeys(known), n=2)
    raise XacctError(messages.did_you_mean(what, name, nearest, otherwise))
