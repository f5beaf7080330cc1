"""The command palette: every key's action by name, and every change of the plan to go to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode

from xacct_tui.render.plain import plain
from xacct_tui.screens.guarded import Guarded
from xacct_tui.screens.plan import PlanScreen

if TYPE_CHECKING:
    from xacct_tui.app import XacctApp


Run = Callable[[], Awaitable[None] | None]


class Actions(Provider):
    """The bindings of the screen that is open, behind the same guard as their keys."""

    async def discover(self) -> Hits:
        """Every action, before anything is typed."""
        for name, told, run in self._all():
            yield DiscoveryHit(name, run, help=told)

    async def search(self, query: str) -> Hits:
        """The actions and changes whose names match."""
        matcher = self.matcher(query)
        for name, told, run in self._all():
            if (score := matcher.match(name)) > 0:
                yield Hit(score, Content(name), run, text=name, help=told)
        for name, title, run in self._changes():
            if (score := matcher.match(name)) > 0:
                # as a part of the name: the palette takes help for markup
                yield Hit(score, Content(name) + Content.styled(f"\n{title}", "$text-muted"), run, text=name)

    def _all(self) -> Iterator[tuple[str, str, Run]]:
        seen = set()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.tooltip and binding.action not in seen and binding.action != "command_palette":
                seen.add(binding.action)
                yield binding.description, binding.tooltip, partial(self._run, binding.action, active.node)

    def _changes(self) -> Iterator[tuple[str, str, Run]]:
        app = cast("XacctApp", self.app)
        plan = app.desk.board.plan if isinstance(self.screen, PlanScreen) else None
        for change in plan.changes if plan else ():
            yield f"go to {plain(change.id)}", plain(change.title), partial(app.go_to, change.id)

    async def _run(self, action: str, node: DOMNode) -> None:
        screen = self.screen
        if isinstance(screen, Guarded) and (reason := screen.why_not(action)):
            screen.app.tell(reason, severity="warning")
            return
        await self.app.run_action(action, default_namespace=node)
