"""The plan while documents still come in: planned again and again, but never for more than a tenth of the time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconcile import Live
    from reconcile.change import Plan
    from reconcile.events import Event, Observer

_PAUSE = 0.2
"""Seconds between two plans at least."""


def _after(seconds: float, step: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, step)
    timer.daemon = True
    timer.start()


class Growth:
    """An observer of a reading that gives ``grew`` the final changes of what was read by then.

    What comes in too early for another plan is not left unseen: ``after`` has it planned when it is time.
    """

    def __init__(
        self,
        plan: Callable[[Live], Plan],
        grew: Callable[[Plan], None],
        observe: Observer,
        clock: Callable[[], float] = time.monotonic,
        after: Callable[[float, Callable[[], None]], None] = _after,
    ) -> None:
        self._plan, self._grew, self._observe, self._clock, self._after = plan, grew, observe, clock, after
        self._so_far: Callable[[], Live] | None = None
        self._next = 0.0
        self._is_due = False
        self._showing = threading.Lock()

    def begin(self, so_far: Callable[[], Live]) -> None:
        """Show what there is before anything was read; from now on ``so_far`` tells more."""
        self._so_far = so_far
        self._show()

    def __call__(self, event: Event) -> None:
        """Pass the event on, and plan again when it is time."""
        self._observe(event)
        wait = self._next - self._clock()
        if wait <= 0:
            self._show()
        elif not self._is_due:
            self._is_due = True
            self._after(wait, self._show)

    def end(self) -> None:
        """Show nothing more: all is read."""
        with self._showing:
            self._so_far = None

    def _show(self) -> None:
        self._is_due = False
        with self._showing:
            if self._so_far is not None:
                self._show_now(self._so_far)

    def _show_now(self, so_far: Callable[[], Live]) -> None:
        began = self._clock()
        live = so_far()
        plan, final = self._plan(live), live.final
        self._grew(replace(plan, changes=tuple(change for change in plan.changes if change.id in final)))
        now = self._clock()
        self._next = now + max(_PAUSE, 10 * (now - began))
