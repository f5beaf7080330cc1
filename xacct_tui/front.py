"""What the desk works between: what opens sessions with the library, and the screens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from reconcile import Outcome
    from reconcile.events import Event
    from xacct_tui.beside import Step
    from xacct_tui.session import Session
    from xacct_tui.setup.looking import Access


class SessionOpener(Protocol):
    """Opens the session, off the screens' thread; again once the configuration was written anew."""

    def __call__(
        self, *, observe: Callable[[Event], None], ask_mfa: Callable[[str], str], stop: Callable[[], bool]
    ) -> Session:
        """A session that tells, asks and stops through these."""

    def config(self) -> str:
        """The path of the configuration that it opens."""

    def rename(self, accounts: Mapping[str, str]) -> None:
        """Take over what accounts are called in the configuration by now."""

    def access(self, ask_mfa: Callable[[str], str]) -> Access:
        """How the wizard reaches accounts: as the session does, and what was let in once is let in again."""


class Front(Protocol):
    """The screens, as far as the desk needs them; all but ``post`` and ``ask_mfa`` are called on their thread."""

    def post(self, step: Step) -> None:
        """Run a step on the screens' thread, in the order in which steps come."""

    def ask_mfa(self, prompt: str) -> str:
        """Ask for a code, and wait for it."""

    def changed(self) -> None:
        """The board or the journal is not what it was."""

    def read_on(self) -> None:
        """Only ``busy`` changed: more was read."""

    def moved_on(self) -> None:
        """Only ``busy`` changed, or what is happening to a change."""

    def written(self, outcomes: Sequence[Outcome], settled: Sequence[Outcome], *, undoing: bool) -> None:
        """A run of writes has ended; before it, what an earlier one had left in doubt was ``settled``."""

    def failed(self, error: Exception) -> None:
        """What ran beside the screens could not be done."""
