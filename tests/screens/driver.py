"""A page object: what a person does on the screens, and what is to be seen there."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from textual._context import visible_screen_stack
from textual.pilot import Pilot

from xacct_tui.app import XacctApp


class Driver:
    """Presses keys and reads the screen; waits for what runs beside the screens, never for time."""

    def __init__(self, app: XacctApp, pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot

    # what a person does

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what they started."""
        await self.pilot.press(*keys)
        await self.idle()

    async def press_only(self, *keys: str) -> None:
        """Press keys, and wait for nothing."""
        await self.pilot.press(*keys)
        await self.pilot.pause()
        if not self.has_ended:
            self.paint()

    async def type(self, text: str) -> None:
        """Type a text."""
        names = {" ": "space", "/": "slash", "-": "minus", "*": "asterisk"}
        await self.press_only(*(names.get(letter, letter) for letter in text))

    async def go_to(self, change_id: str) -> None:
        """Put the cursor on a change."""
        self.app.go_to(change_id)
        await self.pilot.pause()

    async def click(self, words: str) -> None:
        """Click on these words, where the screen shows them."""
        row = next(number for number, line in enumerate(self.lines) if words in line)
        await self.pilot.click(offset=(self.lines[row].index(words) + len(words) // 2, row))
        await self.idle()

    async def resize(self, width: int, height: int) -> None:
        """Make the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await self.pilot.pause()

    # what a person waits for

    async def idle(self) -> None:
        """Wait until nothing runs beside the screens."""
        await self.until(lambda: self.app.desk.board.is_whole and not self.app.desk.busy)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; the test's own timeout is the limit."""
        for _ in range(3000):
            if holds() or self.has_ended:
                break
            await self.pilot.pause(0.01)
        else:
            raise AssertionError(f"it never came to that:\n{self.text}")
        if not self.has_ended:
            await self.pilot.pause()
            self.paint()

    async def sees(self, words: str) -> None:
        """Wait until the screen shows these words."""
        await self.until(lambda: words in self.text)

    def paint(self) -> None:
        """Have all of the screen painted, as a terminal would, whether anybody looks at it or not."""
        assert self._strips

    # what a person sees

    @property
    def lines(self) -> list[str]:
        """What the screen shows, line by line."""
        return ["".join(segment.text for segment in strip).rstrip() for strip in self._strips]

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self.lines)

    @property
    def dialog(self) -> str:
        """What is within the frame of the dialog, as if it were one line."""
        framed = [line.partition("█")[2].rpartition("█")[0] for line in self.lines if line.count("█") > 1]
        return " ".join(" ".join(framed).split())

    def line(self, words: str) -> str:
        """The one line that holds these words."""
        found = [line for line in self.lines if words in line]
        assert len(found) == 1, f"{words!r} is on {len(found)} lines of:\n{self.text}"
        return found[0]

    def segments(self, words: str) -> list[Segment]:
        """The painted pieces of the one line that holds these words."""
        return self._strips[self.lines.index(self.line(words))]

    @property
    def told(self) -> str:
        """What the newest notification says."""
        notes = list(self.app._notifications)
        return notes[-1].message if notes else ""

    @property
    def status(self) -> str:
        """The first line."""
        return self.lines[0]

    @property
    def cursor(self) -> str:
        """The id of the change at the cursor of the plan screen."""
        return self.app._home.chosen.id

    @property
    def rows(self) -> list[str]:
        """The slugs that the list shows, from top to bottom."""
        return [row.slug for row in self.app.desk.board.rows() if hasattr(row, "slug")]

    @property
    def journal(self) -> list[tuple[str, str]]:
        """The journal, oldest first: id and state."""
        return [(entry.change.id, entry.state) for entry in self.app.desk.entries]

    @property
    def screen(self) -> str:
        """Which screen is on top."""
        return type(self.app.screen).__name__

    @property
    def has_ended(self) -> bool:
        """Whether the application was left."""
        return self.app.return_code is not None

    @property
    def _strips(self) -> list[list[Segment]]:
        # there is no public way to the painted text; the SVG export goes the same way
        visible_screen_stack.set(self.app._background_screens)  # what is seen through a dialog
        return [list(strip) for strip in self.app.screen._compositor.render_strips()]
