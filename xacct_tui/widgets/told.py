"""A text that changes; told the same again, nothing is laid out anew."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Told(Static):
    """Text from outside, never markup."""

    def __init__(self, text: Content | None = None, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  as all widgets call it
        self._told = Content("") if text is None else text
        super().__init__(self._told, id=id, classes=classes, markup=False)

    def tell(self, text: Content) -> None:
        """Show this text."""
        if not text.is_same(self._told):
            self._told = text
            self.update(text)
