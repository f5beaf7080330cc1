"""A terminal as the kernel has them, with the program on it and what it paints kept as text."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping
from pathlib import Path

import pyte

ALTERNATE_SCREEN, NORMAL_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"
PATIENCE = 120
"""Seconds after which what does not come is missing."""


def _take_terminal() -> None:
    """Be hung up with the terminal, as every program is: not left behind where the tests are killed."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class RealTerminal:
    """Starts a program on a terminal of its own; waits for what it paints, never for time."""

    def __init__(self, *argv: str, cwd: Path, env: Mapping[str, str], columns: int = 80, rows: int = 24) -> None:
        self._ours, its_side = pty.openpty()
        self._painted = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._painted)
        self.written = b""
        self._set_size(columns, rows)
        self._modes = termios.tcgetattr(self._ours)
        streams = dict.fromkeys(("stdin", "stdout", "stderr"), its_side)
        self.process = subprocess.Popen(
            [sys.executable, *argv],
            cwd=cwd,
            env=dict(env),
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509  one call of the kernel, no lock
            **streams,
        )
        os.close(its_side)

    @property
    def lines(self) -> list[str]:
        """What stands on the terminal."""
        return [line.rstrip() for line in self._painted.display]

    @property
    def text(self) -> str:
        """The same, as one text."""
        return "\n".join(self.lines)

    def wait_for(self, *words: str) -> str:
        """Read until one line holds all these words; gives the line."""
        self.wait_until(lambda: self._line(words) is not None, " … ".join(words))
        return self._line(words) or ""

    def wait_until(self, holds: Callable[[], bool], what: str) -> None:
        """Read until something holds."""
        while not holds():
            assert self._read(), f"{what!r} is missing, and the program has ended:\n{self.text}"

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._ours, keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size, and tell the program as the kernel does."""
        self._painted.resize(rows, columns)
        self._set_size(columns, rows)
        self.process.send_signal(signal.SIGWINCH)

    def end(self) -> int:
        """Read to the end; gives the exit code."""
        while self._read():
            pass
        return self.process.wait(PATIENCE)

    @property
    def is_restored(self) -> bool:
        """Whether the terminal is as it was: its modes, the normal screen, a cursor."""
        normal = self.written.rfind(NORMAL_SCREEN) > self.written.rfind(ALTERNATE_SCREEN) >= 0
        shown = self.written.rfind(b"\x1b[?25h") > self.written.rfind(b"\x1b[?25l")
        return normal and shown and termios.tcgetattr(self._ours) == self._modes

    def close(self) -> None:
        """Let go of the terminal, and of a program that is still there."""
        self.process.kill()
        self.process.wait()
        os.close(self._ours)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _line(self, words: tuple[str, ...]) -> str | None:
        return next((line for line in self.lines if all(word in line for word in words)), None)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._ours], [], [], PATIENCE)
        assert ready, f"nothing more is painted:\n{self.text}"
        try:
            read = os.read(self._ours, 65536)
        except OSError:  # nobody is on the other side any more
            return False
        self.written += read
        self._stream.feed(read)
        return bool(read)
