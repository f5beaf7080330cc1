"""Progress is for people who wait at a terminal."""

from __future__ import annotations

import io

from reconcile.change import Address
from reconcile.events import ReadDone
from xacct_tui.terminal import Progress


class Stream(io.StringIO):
    """A stream that is a terminal, or is not."""

    def __init__(self, text: str = "", *, terminal: bool = False) -> None:
        super().__init__(text)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def test_progress_is_shown_after_a_second_and_taken_away():
    now, stream = [0.0], Stream(terminal=True)
    progress = Progress(stream, lambda: now[0])
    event = ReadDone(Address("dev", "us-east-1", "thing", "thing/x"), None, 1, 9)
    progress(event)
    assert stream.getvalue() == ""
    now[0] = 1.5
    progress(event)
    assert stream.getvalue() == "\r\x1b[Kreading: 1 of 9"
    progress.clear()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_no_progress_without_a_terminal():
    now, stream = [0.0], Stream()
    progress = Progress(stream, lambda: now[0])
    now[0] = 9.0
    progress(None)
    assert stream.getvalue() == ""
