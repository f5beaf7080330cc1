"""What the application uses of the library, as a seam: tests may put something else in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from reconcile import Clients, Config, Entry, Journal, Live, Outcome
    from reconcile.change import Change, Plan
    from reconcile.credentials import Sessions
    from reconcile.engine import Draft, SoFar
    from reconcile.engine.live import Further
    from reconcile.events import Observer
    from reconcile.proof.values import Proof, ProvenChange


class Library(Protocol):
    """What a session uses of ``reconcile``; the package itself is one."""

    def load(self, path: str) -> Config:
        """Read a configuration; raises ConfigError."""

    def connect(
        self,
        config: Config,
        *,
        profiles: Mapping[str, str],
        only_accounts: Collection[str] | None,
        read_only: bool,
        ask_mfa: Callable[[str], str] | None,
        sessions: Sessions | None,
    ) -> Clients:
        """Open the accounts, without a call."""

    def read(
        self,
        config: Config,
        clients: Clients,
        *,
        only: Sequence[str],
        observe: Observer,
        growing: Callable[[SoFar], None] = ...,
        further: Further | None = ...,
    ) -> Live:
        """Read every document, or those that ``only`` needs, and what ``further`` asks for."""

    def plan(self, config: Config, live: Live) -> Plan:
        """Compare what is wanted with what is live."""

    def prove(self, config: Config, live: Live, plan: Plan | None = None) -> Proof:
        """Prove the live state, or with a plan the state after it."""

    def proven_changes(
        self, config: Config, live: Live, plan: Plan, ids: Collection[str] | None = None
    ) -> tuple[ProvenChange, ...]:
        """Say what each pending change, or each of these, does to the chain."""

    def drafts(self, changes: Sequence[Change], clients: Clients, live: Live) -> tuple[Draft, ...]:
        """Write down the calls of changes, without making them."""

    def open_journal(self, config: Config) -> Journal:
        """Open the journal."""

    def apply(
        self,
        changes: Sequence[Change],
        plan: Plan,
        clients: Clients,
        journal: Journal,
        *,
        observe: Observer,
        stop: Callable[[], bool],
    ) -> tuple[Outcome, ...]:
        """Apply changes of a plan."""

    def reversals(self, entries: Sequence[Entry], clients: Clients, *, observe: Observer) -> tuple[Change, ...]:
        """Show what undoing the entries would do."""

    def rollback(
        self,
        entries: Sequence[Entry],
        clients: Clients,
        journal: Journal,
        *,
        effects: Collection[str],
        observe: Observer,
        stop: Callable[[], bool],
    ) -> tuple[Outcome, ...]:
        """Undo what the entries did."""

    def recover(self, clients: Clients, journal: Journal, *, observe: Observer) -> tuple[Outcome, ...]:
        """Settle what a crash left in doubt."""
