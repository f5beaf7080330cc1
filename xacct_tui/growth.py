"""The plan while documents still come in: planned again and again, but never for more than a tenth of the time."""

from __future__ import annotations

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


class Growth:
    """An observer of a reading that gives ``grew`` the final changes of what was read by then."""

    def __init__(
        self,
        plan: Callable[[Live], Plan],
        grew: Callable[[Plan], None],
        observe: Observer,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._plan, self._grew, self._observe, self._clock = plan, grew, observe, clock
        self._so_far: Callable[[], Live] | None = None
        self._next = 0.0

    def begin(self, so_far: Callable[[], Live]) -> None:
        """Show what there is before anything was read; from now on ``so_far`` tells more."""
        self._so_far = so_far
        self._show()

    def __call__(self, event: Event) -> None:
        """Pass the event on, and plan again when it is time."""
        self._observe(event)
        if self._clock() >= self._next:
            self._show()

    def _show(self) -> None:
        if self._so_far is None:
            return
        began = self._clock()
        live = self._so_far()
        plan, final = self._plan(live), live.final
        self._grew(replace(plan, changes=tuple(change for change in plan.changes if change.id in final)))
        now = self._clock()
        self._next = now + max(_PAUSE, 10 * (now - began))
