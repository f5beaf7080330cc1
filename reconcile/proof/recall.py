"""Answers found once, and given again where nothing that they rest on is another."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from operator import is_
from typing import Any, Generic, TypeVar

from reconcile.change import Address
from reconcile.engine.live import Seen

T = TypeVar("T")
Documents = Mapping[Address, Seen]


class Recall(Generic[T]):
    """What a question's answer rests on is noted while it is found: the documents that were asked for, and no more.

    It is given again wherever these are the very same objects, whatever else there is. Rests on the work: it must look
    at nothing that changes but the documents it is given.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[Hashable, frozenset[Address]], _Answers[T]] = {}

    def __call__(self, question: Hashable, documents: Documents, work: Callable[[Documents], T]) -> T:
        """The answer to a question about these documents, found by the work where it is not known."""
        answers = self._found.setdefault((question, frozenset(documents)), {})
        for asked, found in answers.items():
            now = [documents.get(address, _NOT_THERE) for address in asked]
            for then, answer in found:
                if all(map(is_, then, now)):
                    return answer
        noted = _Noted(documents)
        answer = work(noted)
        answers.setdefault(tuple(noted.asked), []).append((tuple(noted.asked.values()), answer))
        return answer


_Answers = dict[tuple[Address, ...], list[tuple[tuple[Any, ...], T]]]
"""By the addresses that were asked for: what stood there, which so stays the object that it is, and the answer."""
_NOT_THERE = object()


class _Noted(Mapping[Address, Seen]):
    """Documents that note which of them are asked for; which there are is no secret."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self.asked: dict[Address, Any] = {}

    def __getitem__(self, address: Address) -> Seen:
        found = self.asked[address] = self._documents.get(address, _NOT_THERE)
        if found is _NOT_THERE:
            raise KeyError(address)
        return self._documents[address]

    def __iter__(self) -> Iterator[Address]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)
