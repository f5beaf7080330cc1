"""Work that runs beside the screens, on plain threads that outlive them."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from reconcile.errors import XacctError

Result = TypeVar("Result")
Step = Callable[[], None]


def run_beside(
    name: str, work: Callable[[], Result], post: Callable[[Step], None], then: Callable[[Result | Exception], None]
) -> None:
    """Run work on a thread of its own; ``then`` is given what came of it through ``post``, on the screens' thread."""

    def run() -> None:
        answer = _outcome(work)
        post(lambda: then(answer))

    Thread(target=run, name=name, daemon=True).start()


class Beside:
    """Several kinds of work at once, at most one of each name that anybody still wants the answer of.

    Answers come back through ``post``, on the screens' thread. An expected failure is an answer too; a defect is
    raised there. ``changed`` is called after every answer, ``moved`` where only :attr:`doing` is another.
    """

    def __init__(self, post: Callable[[Step], None], changed: Step, moved: Step) -> None:
        self.doing: dict[str, str] = {}
        """By name: what is being done, in words."""
        self._post = post
        self._changed = changed
        self._moved = moved
        self._wanted: dict[str, object] = {}

    def run(
        self, name: str, words: str, work: Callable[[], Result], then: Callable[[Result | XacctError], None]
    ) -> None:
        """Begin; of work that was begun under this name before, the answer is not wanted any more."""
        token = self._wanted[name] = object()
        self.doing[name] = words
        run_beside(name, work, self._post, lambda answer: self._end(name, token, answer, then))
        self._moved()

    def drop(self, name: str) -> None:
        """The answer is not wanted any more."""
        self._wanted.pop(name, None)
        if self.doing.pop(name, None):
            self._moved()

    def tell(self, name: str, words: str) -> None:
        """Say from any thread how far the work of that name is."""
        self._post(lambda: self._tell(name, words))

    def _end(
        self,
        name: str,
        token: object,
        answer: Result | Exception,
        then: Callable[[Result | XacctError], None],
    ) -> None:
        if isinstance(answer, Exception) and not isinstance(answer, XacctError):
            raise answer
        if self._wanted.get(name) is token:
            del self._wanted[name], self.doing[name]
            then(answer)
            self._changed()

    def _tell(self, name: str, words: str) -> None:
        if name in self.doing:
            self.doing[name] = words
            self._moved()


def _outcome(work: Callable[[], Result]) -> Result | Exception:
    try:
        return work()
    except OSError as error:
        return XacctError(f"{error.filename or 'input or output'}: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001  expected ones are answers, defects are raised on the screens' thread
        return error
