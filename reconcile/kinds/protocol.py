"""What every kind of document has in common.

A kind is a lens on one sort of document: it says what a deployment wants of it, reads it, writes it, and gets or
puts one named part. Diff, plan, apply, staleness, verification, journal and roll-back are written once on top of
this, in :mod:`reconcile.engine`, and know no kind.

Three laws hold for every kind, and every part that its wants name (tests/laws):

    get(put(d, p, v), p) == v               what was put is what is got
    get(put(d, p, v), q) == get(d, q)       other parts, and all that is not ours, stay as they are
    put(put(d, p, v), p, get(d, p)) == d    putting the old value back gives the old document, in meaning

Where AWS does not let a law hold, the kind's docstring says so. A put that would break the second one, such as
taking away a role that others wrote into, raises Blocked instead.

A document is a JSON value, and None where the thing it is about does not exist.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from reconcile.change import Address, Part, Value, Want
from reconcile.desired import Account, Config, Deployment
from reconcile.propagation import Writes
from reconcile.reads import Reads

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is to be known before a value is written: see the fields of :class:`reconcile.change.Change`."""

    effects: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    irreversible_reason: str | None = None


class Kind(ABC):
    """One sort of document. Instances hold nothing; there is one per kind, ``KIND`` of its module."""

    name: ClassVar[str]
    services: ClassVar[tuple[str, ...]]
    """The AWS services that reading it calls, so that their clients are made before the threads start."""
    confirmations: ClassVar[int] = 1
    """Consecutive reads that must show a write before it counts as seen everywhere."""

    @abstractmethod
    def wants(self, config: Config, deployment: Deployment) -> Iterable[Want]:
        """What the deployment asks of documents of this kind; pure."""

    @abstractmethod
    def read(self, reads: Reads, address: Address) -> Document | None:
        """The live document; raises AwsError where it cannot be seen, which is not the same as None."""

    @abstractmethod
    def get(self, document: Document | None, part: Part) -> Value:
        """The part's value in normal form; None where the part is not there."""

    @abstractmethod
    def put(self, document: Document | None, part: Part, value: Value) -> Document | None:
        """The document with the part's value replaced; the argument stays as it is.

        Raises Blocked where that would take away what is not of the part.
        """

    @abstractmethod
    def write(
        self,
        writes: Writes,
        address: Address,
        before: Document | None,
        after: Document | None,
        tags: Mapping[str, str],
    ) -> str:
        """Make AWS's document ``after``; ``before`` was read a moment ago and tells which calls that takes.

        ``tags`` go on what is created. Returns a remark for the user, mostly none. Raises AwsError, and Blocked
        where a look at the moment shows that the write would destroy what is not ours.
        """

    def aim(self, document: Document | None, want: Want) -> Value:
        """The value the part should have, given the document as it is.

        It equals ``get(document, want.part)`` where what is live serves already, whoever wrote it; else it is the
        value to put. Raises Blocked where the want cannot be met safely.
        """
        del document
        return want.value

    def facts(self, account: Account, address: Address, value: Value, document: Document | None) -> Mapping[str, str]:
        """What references may ask of the resource that a want creates: attribute → text, as far as known.

        ``value`` is what is wanted of it. ``document`` is None where it does not exist or could not be read: what
        follows from the TOML is still told.
        """
        del account, address, value, document
        return {}

    def fresh(self, account: Account, address: Address) -> Document | None:
        """What will stand there once the thing it is about was made, before anybody writes it; mostly nothing.

        Not for what the thing itself is: that is what ``put`` makes of None.
        """
        del account, address
        return None

    def between(self, before: Value, after: Value) -> Iterable[Value]:
        """The values on the way from ``before`` to ``after``: what an interrupted write may leave behind; pure.

        One that another writer left there is no contradiction either: the write goes on from it.
        """
        del before, after
        return ()

    def finish(self, writes: Writes, address: Address, tags: Mapping[str, str]) -> None:
        """Make up for what an interrupted creation left out beside the document: the tags that mark it as ours."""
        del writes, address, tags

    def tidy(self, writes: Writes, address: Address, document: Document | None) -> None:
        """Take away what an interrupted write left beside the document, and only what the tool made."""
        del writes, address, document

    def assess(self, document: Document | None, part: Part, after: Value) -> Assessment:
        """What writing ``after`` would bring with it; pure."""
        del document, part, after
        return Assessment()
