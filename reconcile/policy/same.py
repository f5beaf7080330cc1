"""A policy document as a key of a cache."""

from __future__ import annotations

from reconcile.policy.normal import Document


class Same:
    """By which document it is, and kept alive, so that no other can take its place."""

    __slots__ = ("document",)

    def __init__(self, document: Document) -> None:
        self.document = document

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.document is self.document

    def __hash__(self) -> int:
        return id(self.document)
