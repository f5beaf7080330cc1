"""Opening the screens on a terminal, and leaving them."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from xacct_tui import messages
from xacct_tui.app import XacctApp
from xacct_tui.session import Scope, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reconcile.credentials import Sessions
    from reconcile.events import Event
    from xacct_tui.library import Library
    from xacct_tui.setup.looking import Access


class Opener:
    """Opens the session whenever the screens ask for it; ``stack`` closes what it opened.

    What was let in once, by the wizard or by an earlier session, is let in by all that it opens.
    With ``demo`` on embedded accounts, which are started once; ``set_up`` leaves it to the wizard to configure them.
    """

    def __init__(
        self, scope: Scope, demo: str | None, library: Callable[[], Library], stack: ExitStack, *, set_up: bool = False
    ) -> None:
        self._scope = scope
        self._demo = demo
        self._library = library
        self._stack = stack
        self._set_up = set_up

    @cached_property
    def _config(self) -> str:
        if not self._demo:
            return self._scope.config
        from xacct_tui.embedded import embedded_accounts

        return self._stack.enter_context(embedded_accounts(self._demo, configured=not self._set_up))

    def config(self) -> str:
        """The path of the configuration; embedded accounts are started first."""
        return self._config

    @cached_property
    def _sessions(self) -> Sessions:
        from reconcile.credentials import Sessions

        return Sessions()

    def rename(self, accounts: Mapping[str, str]) -> None:
        """What the command line says of accounts, by their new names."""
        named = tuple(accounts.get(name, name) for name in self._scope.accounts)
        profiles = {accounts.get(name, name): profile for name, profile in self._scope.profiles.items()}
        self._scope = replace(self._scope, accounts=named, profiles=profiles)

    def access(self, ask_mfa: Callable[[str], str]) -> Access:
        """How the wizard reaches accounts that no configuration names yet; slow to load."""
        from xacct_tui.setup.looking import Access

        return Access(ask_mfa, self._sessions, self._scope.profiles)

    def __call__(
        self, *, observe: Callable[[Event], None], ask_mfa: Callable[[str], str], stop: Callable[[], bool]
    ) -> Session:
        """Give the session."""
        scope = replace(self._scope, config=self._config)
        session = Session(
            scope, library=self._library(), observe=observe, ask_mfa=ask_mfa, stop=stop, sessions=self._sessions
        )
        return self._stack.enter_context(session)


def run_screens(
    scope: Scope,
    demo: str | None,
    library: Callable[[], Library],
    *,
    tell: Callable[[str], None],
    set_up: bool = False,
) -> int:
    """Show the screens until the user leaves, the wizard first if ``set_up`` or if there is no configuration.

    Gives the exit code. ``tell`` is told, on the terminal that is given back by then, what is in doubt. Raises what
    kept them from starting.
    """
    set_up = set_up or not (demo or os.path.lexists(scope.config))
    with ExitStack() as stack:
        name = f"embedded accounts ({demo})" if demo else scope.config
        opener = Opener(scope, demo, library, stack, set_up=set_up)
        app = XacctApp(opener, name, read_only=scope.read_only, set_up=set_up)
        code = app.run()
        if app.failure is not None:
            raise app.failure
        if app.desk.left_in_doubt:
            tell(messages.left_in_doubt(app.desk.left_in_doubt))
    return app.return_code or code or 0
