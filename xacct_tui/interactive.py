"""Opening the screens on a terminal, and leaving them."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

from xacct_tui.app import XacctApp
from xacct_tui.session import Scope, Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconcile.events import Event
    from xacct_tui.session import Library


class Opener:
    """Opens the session when the screens ask for it; ``stack`` closes what it opened."""

    def __init__(self, scope: Scope, demo: str | None, library: Callable[[], Library], stack: ExitStack) -> None:
        self._scope = scope
        self._demo = demo
        self._library = library
        self._stack = stack

    def __call__(
        self, *, observe: Callable[[Event], None], ask_mfa: Callable[[str], str], stop: Callable[[], bool]
    ) -> Session:
        """Give the session; with ``--demo`` on embedded accounts, which are started first."""
        from dataclasses import replace

        from xacct_tui.embedded import embedded_accounts

        scope = self._scope
        if self._demo:
            scope = replace(scope, config=self._stack.enter_context(embedded_accounts(self._demo)))
        session = Session(scope, library=self._library(), observe=observe, ask_mfa=ask_mfa, stop=stop)
        return self._stack.enter_context(session)


def run_screens(scope: Scope, demo: str | None, library: Callable[[], Library]) -> int:
    """Show the screens until the user leaves; gives the exit code. Raises what kept them from starting."""
    with ExitStack() as stack:
        name = f"embedded accounts ({demo})" if demo else scope.config
        app = XacctApp(Opener(scope, demo, library, stack), name, read_only=scope.read_only)
        code = app.run()
        if app.failure is not None:
            raise app.failure
    return app.return_code or code or 0


def leave(code: int) -> None:
    """End the process without waiting for calls to AWS that nobody wants the answer of any more."""
    sys.stdout.flush()
    sys.stderr.flush()
    if threading.active_count() > 1:
        os._exit(code)
    sys.exit(code)
