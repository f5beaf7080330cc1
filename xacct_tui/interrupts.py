"""Ctrl-C while something is being written: the first stops after the current call, the second at once."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xacct_tui import messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


class Interrupts:
    """Remembers Ctrl-C; ``stopping`` is called at the first one."""

    def __init__(self, stopping: Callable[[], None]) -> None:
        self._stopping = stopping
        self._stop = False

    def stop(self) -> bool:
        """Whether to stop before the next call."""
        return self._stop

    @contextmanager
    def caught(self) -> Iterator[None]:
        """Catch the first Ctrl-C within the block; the second raises KeyboardInterrupt, which says what that means."""
        before = signal.signal(signal.SIGINT, self._catch)
        try:
            yield
        except KeyboardInterrupt:
            raise KeyboardInterrupt(messages.CUT_SHORT) from None
        finally:
            signal.signal(signal.SIGINT, before)

    def _catch(self, _signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._stop = True
        self._stopping()
