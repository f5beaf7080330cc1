"""Paragraphs whose later lines stand below the first word, not below the mark or label before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.visual import Visual

from xacct_tui.widgets.paint import STYLES, lines, painted

if TYPE_CHECKING:
    from textual.css.styles import RulesMap
    from textual.strip import Strip
    from textual.style import Style
    from textual.visual import RenderOptions

Paragraph = tuple[Content, Content]
"""What stands before the text, and the text."""

_LABEL = 9


def whole(text: Content, indent: int = 0) -> Paragraph:
    """Give a paragraph without a mark."""
    return Content(" " * indent), text


def labelled(label: str, text: str, indent: int = 0) -> Paragraph:
    """Give a paragraph after its label, or after its mark, in whose colour it is; it must be harmless already."""
    if label in STYLES:
        return painted(label, f"{' ' * indent}{label} "), painted(label, text)
    return Content.styled(" " * indent + label.ljust(_LABEL), "$text-muted"), Content(text)


class Hanging(Visual):
    """Wrapped for the width that there is. A long word, an ARN, begins beside its mark and never below it alone."""

    def __init__(self, paragraphs: Iterable[Paragraph]) -> None:
        self._paragraphs = tuple(paragraphs)
        self._wrapped: tuple[int, Content] = (0, Content(""))

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Paint it."""
        return self._at(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """As much as it is given."""
        del rules
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """So many lines it takes."""
        return self._at(width).get_height(rules, width)

    def _at(self, width: int) -> Content:
        if self._wrapped[0] != width:
            self._wrapped = width, lines(line for each in self._paragraphs for line in _lines(each, width))
        return self._wrapped[1]


def _lines(paragraph: Paragraph, width: int) -> Sequence[Content]:
    before, text = paragraph
    first, *rest = text.wrap(max(width - before.cell_length, 1)) or [Content("")]
    return [before + first, *(Content(" " * before.cell_length) + line for line in rest)]
