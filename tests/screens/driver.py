"""A page object: what a person does on the screens, and what is to be seen there."""

from __future__ import annotations

from collections.abc import Callable

from textual.pilot import Pilot

from xacct_tui.app import XacctApp


class Driver:
    """Presses keys and reads the screen; waits for what runs beside the screens, never for time."""

    def __init__(self, app: XacctApp, pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot

    async def idle(self) -> None:
        """Wait until nothing runs beside the screens."""
        await self.until(lambda: self.app.desk.board.plan is not None and not self.app.desk.busy)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; the test's own timeout is the limit."""
        for _ in range(3000):
            await self.pilot.pause(0.01)
            if holds() or self.app.return_code is not None:
                return
        raise AssertionError(f"it never came to that:\n{self.text}")

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what they started."""
        await self.pilot.press(*keys)
        await self.idle()

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.pilot.press(*("space" if letter == " " else letter for letter in text))
        await self.pilot.pause()

    async def go_to(self, change_id: str) -> None:
        """Put the cursor on a change."""
        self.app.go_to(change_id)
        await self.pilot.pause()

    @property
    def lines(self) -> list[str]:
        """What the screen shows, line by line."""
        # there is no public way to the painted text; the SVG export goes the same way
        return [
            "".join(segment.text for segment in strip).rstrip() for strip in self.app.screen._compositor.render_strips()
        ]

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self.lines)

    def line(self, words: str) -> str:
        """The one line that holds these words."""
        found = [line for line in self.lines if words in line]
        assert len(found) == 1, f"{words!r} is on {len(found)} lines of:\n{self.text}"
        return found[0]

    @property
    def told(self) -> str:
        """What the newest notification says."""
        notes = list(self.app._notifications)
        return notes[-1].message if notes else ""
