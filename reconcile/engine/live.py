"""What was found in the accounts, and how those who need more of them ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from reconcile.change import AccountSeen, Address
from reconcile.desired import Config
from reconcile.engine.wants import Wants
from reconcile.errors import XacctError
from reconcile.kinds.protocol import Document
from reconcile.reads import Reads

Seen = Document | None | XacctError
"""A document, its absence, or why it could not be seen."""


@dataclass(frozen=True, slots=True)
class Live:
    """What was found in the accounts, so far or in the end. ``selected`` are the ids that were asked for."""

    wants: Wants
    selected: frozenset[str]
    documents: Mapping[Address, Seen]
    accounts: tuple[AccountSeen, ...]
    awaited: frozenset[Address] = frozenset()
    """The documents that are still being read; none in the end."""

    @property
    def final(self) -> frozenset[str]:
        """The ids whose changes are planned already as they will be in the end, whatever is still being read.

        All that such a change follows from was read: its own document, those of all that comes before it, and so on
        down, and what the other changes of these documents follow from, which are planned on them first.
        """
        open_ids: set[str] = set()
        open_addresses = set(self.awaited)
        for want in self.wants.ordered:
            if want.address in open_addresses or not open_ids.isdisjoint(self.wants.after[want.id]):
                open_ids.add(want.id)
                open_addresses.add(want.address)
        return frozenset(
            want.id for want in self.wants.ordered if want.address in self.documents and want.id not in open_ids
        )


class Reader(Protocol):
    """How one sort of document is read; a kind is one."""

    @property
    def services(self) -> tuple[str, ...]:
        """The AWS services that reading it calls."""

    @property
    def read(self) -> Callable[[Reads, Address], Document | None]:
        """As :meth:`reconcile.kinds.protocol.Kind.read`."""


class Further(Protocol):
    """Documents that no want names, to be read in the same pass; they change nothing of a plan."""

    @property
    def readers(self) -> Mapping[str, Reader]:
        """How those are read that are of no kind, by :attr:`Address.kind`."""

    def __call__(
        self, config: Config, deployments: frozenset[str], documents: Mapping[Address, Seen]
    ) -> Iterable[Address]:
        """What these deployments ask for, knowing these documents: asked again until nothing new comes."""


SoFar = Callable[[], Live]
"""Gives what was found up to the moment of the call; a value of its own each time, to be asked for on any thread."""
