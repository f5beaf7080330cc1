"""Colour for terminals: never the only sign of anything."""

from __future__ import annotations

_CODES = {
    "+": "32",
    "~": "33",
    "-": "31",
    "!": "31;1",
    "?": "35",
    "=": "2",
    "bold": "1",
    "target": "1;31",
    "BREAKS": "31;1;7",
}


class Painter:
    """Paints text if ``colour`` is set; else gives it back as it is."""

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour

    def __call__(self, style: str, text: str) -> str:
        """Paint the text in the style of a mark, or ``bold``, or ``target``; unknown styles paint nothing."""
        code = _CODES.get(style) if self._colour and text else None
        return f"\x1b[{code}m{text}\x1b[0m" if code else text
