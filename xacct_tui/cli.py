"""The program: reads the command line, runs one verb, and turns every expected failure into one message.

Whatever is slow to import is imported once the command line is understood: ``--help`` and ``--version`` need
none of it.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from xacct_tui import messages
from xacct_tui.arguments import WrongUsage, parse
from xacct_tui.interrupts import Interrupts
from xacct_tui.terminal import Progress, Terminal

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from xacct_tui.library import Library
    from xacct_tui.session import Scope

_INTERRUPTED = 130


def main() -> int:
    """Run the command line of this process; the answer is the exit code."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        # text that the terminal's encoding lacks is no reason to fail
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # the interpreter's own streams
    code = run(sys.argv[1:], Terminal(sys.stdin, sys.stdout, sys.stderr, os.environ))
    _leave(code)
    return code


def run(argv: Sequence[str], terminal: Terminal, library: Library | None = None) -> int:
    """Run one call and give its exit code; ``library`` stands for ``reconcile``.

    Expected failures end as one message on stderr and 1, Ctrl-C as 130.
    """
    interactive = terminal.stdin.isatty() and terminal.stdout.isatty()
    try:
        options = parse(argv, default_verb=None if interactive else "plan")
    except WrongUsage as error:
        terminal.tell(f"error: {error} (--help shows what there is)")
        return 1
    if options.version:
        terminal.print(f"xacct-tui {_version()}\n")
        return 0
    return _guarded(options, terminal, library)


def _leave(code: int) -> None:
    """End without waiting for threads that wait for AWS, if there are any: nobody wants their answers any more."""
    if threading.active_count() == 1:
        return
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)


def _open_closed_streams() -> None:
    """What is closed when the process starts is None; let it be the nowhere that whoever closed it meant."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  stays open, as they do


def _guarded(options: argparse.Namespace, terminal: Terminal, library: Library | None) -> int:
    from reconcile.errors import XacctError

    progress = Progress(terminal.stderr)
    try:
        return _run(options, terminal, progress, library)
    except XacctError as error:
        message = f"error: {error}"
    except OSError as error:
        message = f"error: {error.filename or 'input or output'}: {error.strerror or error}"
    except KeyboardInterrupt as interrupt:
        progress.clear()
        terminal.tell(str(interrupt) or messages.INTERRUPTED)
        return _INTERRUPTED
    progress.clear()
    terminal.tell(message)
    return 1


def _run(options: argparse.Namespace, terminal: Terminal, progress: Progress, library: Library | None) -> int:
    from xacct_tui.session import Scope, Session

    scope = Scope(
        "xacct.toml" if options.config is None else options.config,
        tuple(options.only),
        tuple(options.account),
        options.profile,
        options.read_only,
    )
    if options.verb in (None, "init"):
        return _run_screens(options, scope, terminal, lambda: library or _reconcile())

    from xacct_tui.embedded import embedded_accounts
    from xacct_tui.verbs import VERBS, Run

    interrupts = Interrupts(lambda: terminal.tell(messages.STOPPING))
    with ExitStack() as stack:
        if options.demo:
            scope = replace(scope, config=stack.enter_context(embedded_accounts(options.demo)))
            terminal.tell(messages.EMBEDDED)
        session = Session(
            scope,
            library=library or _reconcile(),
            observe=progress,
            ask_mfa=terminal.ask_code if terminal.can_ask else None,
            stop=interrupts.stop,
        )
        stack.enter_context(session)
        return VERBS[options.verb](Run(options, terminal, session, interrupts, progress, _version()))


def _run_screens(options: argparse.Namespace, scope: Scope, terminal: Terminal, library: Callable[[], Library]) -> int:
    from reconcile.errors import Refused

    if not (terminal.stdin.isatty() and terminal.stdout.isatty()):
        raise Refused(messages.NEEDS_TERMINAL)
    from xacct_tui.interactive import run_screens

    return run_screens(scope, options.demo, library, tell=terminal.tell, set_up=options.verb == "init")


def _reconcile() -> Library:
    import reconcile

    return cast("Library", reconcile)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("xacct-tui")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"
