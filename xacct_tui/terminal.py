"""What the program reads from and writes to: data on stdout, everything else on stderr."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from getpass import getpass
from typing import TYPE_CHECKING, TextIO

from xacct_tui.render.plain import plain, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconcile.events import Event

_NAME = "xacct-tui: "

_PATIENCE = 1.0
"""Seconds of work before progress is shown."""

_PLAIN_WIDTH = 120
"""Columns where there is no terminal to ask."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """The three streams and the environment of a call."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    environment: Mapping[str, str] = field(default_factory=dict)
    hidden: Callable[[str], str] = getpass
    """Asks for what is not shown while it is typed."""

    @property
    def can_ask(self) -> bool:
        """Whether somebody is there to answer."""
        return self.stdin.isatty() and self.stderr.isatty()

    @property
    def is_read(self) -> bool:
        """Whether somebody reads both data and messages, here and now: a word on what comes next helps."""
        return self.stdout.isatty() and self.stderr.isatty()

    @property
    def colour(self) -> bool:
        """Whether stdout may be coloured: it is a terminal, and NO_COLOR is empty or not set."""
        return self.stdout.isatty() and not self.environment.get("NO_COLOR")

    @property
    def width(self) -> int:
        """Columns of stdout."""
        return shutil.get_terminal_size().columns if self.stdout.isatty() else _PLAIN_WIDTH

    def print(self, text: str) -> None:
        """Write data; a reader that went away is no error."""
        try:
            self.stdout.write(text)
            self.stdout.flush()
        except OSError as error:
            self._forget_reader()
            if not isinstance(error, BrokenPipeError):
                raise

    def tell(self, text: str) -> None:
        """Write one message to stderr, each of its lines made harmless, broken between words on a terminal."""
        lines = [plain(line) for line in text.split("\n")]
        if self.stderr.isatty():
            lines = [piece for line in lines for piece in _broken(line)]
        self.stderr.write("".join(f"{_NAME}{line}\n" for line in lines))
        self.stderr.flush()

    def ask(self, prompt: str) -> str:
        """Ask on stderr; the end of the input is an empty answer. What is written next begins a line."""
        answer = ""
        try:
            self.stderr.write(plain(prompt))
            self.stderr.flush()
            answer = self.stdin.readline()
        finally:
            self.stderr.write("" if answer.endswith("\n") else "\n")
        return answer.strip()

    def ask_code(self, prompt: str) -> str:
        """Ask for a code that is not shown; the end of the input is an empty answer."""
        try:
            return self.hidden(prompt).strip()
        except EOFError:
            return ""

    def _forget_reader(self) -> None:
        """Let what the interpreter flushes at its end go nowhere, so that it does not complain then."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.stdout.fileno())
        os.close(nowhere)


def _broken(line: str) -> list[str]:
    """Break one line between words, each piece as far in as the first."""
    text = line.lstrip()
    return wrapped(line[: len(line) - len(text)], text, shutil.get_terminal_size().columns - len(_NAME))


class Progress:
    """An observer that keeps one line of stderr up to date, if that is a terminal, after a second of work."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._began = clock()
        self._shown = False
        self._writing = threading.Lock()

    def __call__(self, event: Event) -> None:
        """Show where the work stands."""
        with self._writing:
            if self._stream.isatty() and self._clock() - self._began >= _PATIENCE:
                words = _words(event)[: shutil.get_terminal_size().columns - 1]  # a line that wraps cannot be cleared
                self._stream.write(f"\r\x1b[K{words}")
                self._stream.flush()
                self._shown = True

    def clear(self) -> None:
        """Take the line away, before anything else is written."""
        with self._writing:
            if self._shown:
                self._stream.write("\r\x1b[K")
                self._stream.flush()
            self._shown = False


def _words(event: Event) -> str:
    from reconcile.events import Begun, Ended, Identified, ReadDone, Waiting

    match event:
        case Identified(account=account):
            return f"reading {plain(account.name)}"
        case ReadDone(done=done, total=total):
            return f"reading: {done} of {total}"
        case Begun(change=change):
            return f"writing {plain(change.id)}"
        case Waiting(change=change, why=why):
            return f"{plain(change.id)}: {plain(why)}"
        case Ended(change=change, outcome=outcome):
            return f"{plain(change.id)}: {plain(outcome)}"
