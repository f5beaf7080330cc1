"""What can be chosen, as a list whose cursor is seen without any colour."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import OptionList


class Options(OptionList):
    """A mark stands in the first column of the row that the cursor is on; prompts leave that column blank."""

    def render_line(self, y: int) -> Strip:
        """One painted line."""
        strip = super().render_line(y)
        style = next((segment.style for segment in strip), None)
        if style is None or self.highlighted is None or style.meta.get("option") != self.highlighted:
            return strip
        return Strip.join([Strip([Segment(">", style)], 1), strip.crop(1)])
