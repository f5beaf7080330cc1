"""What all screens work on: one session with the library, the plan, the journal, and one thing at a time.

Whatever calls AWS runs beside the screens, so that they may come and go. What it has to say is handed to ``post``,
which runs it on the screens' thread. Knows no widget.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from threading import Event as Flag
from typing import TYPE_CHECKING, TypeVar

from reconcile.events import Ended, Event, Identified, ReadDone
from xacct_tui.beside import run_beside
from xacct_tui.board import Board
from xacct_tui.copying import commands
from xacct_tui.selection import standing, to_prove, to_weigh, with_needs

if TYPE_CHECKING:
    from reconcile import Entry, Outcome
    from reconcile.change import Change, Plan
    from xacct_tui.beside import Step
    from xacct_tui.front import Front, SessionOpener
    from xacct_tui.readings import Checked, Weighed
    from xacct_tui.session import Session

    Outcomes = tuple[Outcome, ...]

Result = TypeVar("Result")


class Desk:
    """The state behind the screens. ``busy`` says what runs beside them at the moment; empty for nothing."""

    def __init__(self, open_session: SessionOpener, front: Front, *, read_only: bool) -> None:
        self.board = Board()
        self.entries: tuple[Entry, ...] = ()
        self.standing: tuple[Entry, ...] = ()
        """What the journal holds that can be rolled back, newest first."""
        self.latest: Mapping[str, Entry] = {}
        """By change id: the newest entry that can be rolled back."""
        self.doubts = 0
        """How many writes of the journal are in doubt."""
        self.checked: Checked | None = None
        """What was proven; None before that, and since something was read or written that the proof did not see."""
        self.busy = ""
        self.writing = False
        self.read_only = read_only
        self._front = front
        self._open_session = open_session
        self._session: Session | None = None
        self._stop = Flag()
        self._progress: ReadDone | None = None
        self._tells: Callable[[], str] = lambda: ""
        """How far the run is, in words: a filter may hide its rows."""

    @property
    def session(self) -> Session:
        """The session; there is one from the first reading on."""
        if self._session is None:
            raise RuntimeError("the session is not open yet")
        return self._session

    @property
    def can_stop(self) -> bool:
        """Whether something is written that was not told to stop yet."""
        return self.writing and not self._stop.is_set()

    @property
    def left_in_doubt(self) -> int:
        """How many writes would be in doubt if the program ended now."""
        return self.doubts + (len(self.board.doing) if self.writing else 0)

    def open(self) -> None:
        """Open the session, and read; one that is open already is closed."""
        self.board.forget()
        self.entries, self.standing, self.latest = (), (), {}
        self.checked = None
        self._front.changed()
        self._beside("opening", self._open, lambda _: self.read())

    def read(self, only: Collection[str] = ()) -> None:
        """Read these changes again, or everything; the first time, rows come one by one.

        How it failed to write them is forgotten: whoever asks for it wants to see how they stand now.
        """
        if self.board.failure:  # the session remembers what it could not do
            self.open()
            return
        self._read(only, lambda: self.board.drop_failures(only))

    def _read(self, only: Collection[str], first: Step = lambda: None) -> None:
        def grew(plan: Plan) -> None:
            self._front.post(lambda: self._take(plan, (), is_whole=False))

        def take(plan: Plan) -> None:
            first()
            self._take(plan, only)

        growing = None if self.board.is_whole else grew
        self._beside("reading", lambda: self.session.plan(tuple(only), grew=growing), take)

    def prove(self, deployment: str) -> None:
        """Read again, and prove: as it is, and as the plan will leave it."""
        only = to_prove(self.board.plan, deployment)
        self._beside(
            "proving",
            lambda: self.session.check(only, planned=True),
            lambda checked: self._take(checked.plan, only, checked=checked),
        )

    def weigh(self, changes: Collection[Change], then: Callable[[], None]) -> None:
        """See first what these changes of the plan do to the proof, where that is not known; they are read again."""
        plan, ids = self.board.plan, {change.id for change in changes}
        only = to_weigh(plan, changes) if plan and not ids <= self.board.proven.keys() else ()

        def take(found: Weighed) -> None:
            self._take(found.plan, only)
            self.board.proven = found.proven
            then()

        def work() -> Weighed:
            return self.session.weigh(lambda fresh: with_needs(fresh, ids), only)

        if only:
            self._beside("looking at what that does to the proof", work, take)
        else:
            then()

    def draft(self, change: Change, then: Callable[[str], None]) -> None:
        """Write down, as commands of the AWS CLI, what a change of the plan takes; ``then`` is given that."""
        plan = self.board.plan
        if plan is not None:
            needs = with_needs(plan, [change.id])
            self._beside("writing the commands down", lambda: commands(self.session, change, needs), then)

    def apply(self, changes: Sequence[Change]) -> None:
        """Apply these changes of the plan, and look again at all that they touch."""
        plan = self.board.plan
        if plan is not None:
            self._write("applying", lambda: self.session.apply(changes, plan), changes)

    def reverse(self, entries: Sequence[Entry], then: Callable[[tuple[Change, ...]], None]) -> None:
        """Look at what rolling these entries back would do now; ``then`` is given that."""
        self._beside("looking at what that would do", lambda: self.session.reversals(entries), then)

    def roll_back(self, entries: Sequence[Entry], reversals: Sequence[Change]) -> None:
        """Roll these entries back, and look again at all that they touch."""
        self._write("rolling back", lambda: self.session.rollback(entries, reversals), reversals, undoing=True)

    def settle(self) -> None:
        """Look at AWS for what is in doubt."""
        self._write("settling", lambda: ())

    def decide(self, entry: Entry, *, made: bool) -> None:
        """Record what the user knows of a write that is in doubt."""
        self.session.decide(entry, made=made)
        self._look_at_journal()
        self._front.changed()

    def stop(self) -> None:
        """Have the run stop after the call it is making."""
        self._stop.set()
        self.busy = "stopping after the current call"
        self._front.moved_on()

    def _open(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
        self._session = self._open_session(observe=self._observe, ask_mfa=self._front.ask_mfa, stop=self._stop.is_set)
        self.read_only = self._session.read_only
        self._look_at_journal()

    def _look_at_journal(self) -> None:
        self.entries = self.session.entries()
        self.standing = standing(self.entries)
        self.doubts = sum(entry.unsettled for entry in self.entries)
        self.latest = {entry.change.id: entry for entry in reversed(self.standing)}

    def _write(
        self, what: str, work: Callable[[], Outcomes], changes: Sequence[Change] = (), *, undoing: bool = False
    ) -> None:
        self._stop.clear()
        self.writing = True
        self._tells = lambda: f"{what}, {self._through(changes)} of {len(changes)} done" if len(changes) > 1 else what
        self._beside(what, lambda: self._recorded(work), lambda done: self._written(*done, undoing=undoing))

    def _through(self, changes: Sequence[Change]) -> int:
        return sum(change.id in self.board.ended for change in changes)

    def _recorded(self, work: Callable[[], Outcomes]) -> tuple[Outcomes, Outcomes]:
        """Settle what an earlier run left in doubt, then do the work; the journal is read whatever comes of it."""
        try:
            settled = self.session.recover() if self.doubts else ()
            return work(), settled
        finally:
            self._look_at_journal()

    def _written(self, outcomes: Sequence[Outcome], settled: Sequence[Outcome], *, undoing: bool) -> None:
        self.board.settle(settled)
        self.board.settle(outcomes, undoing=undoing)
        self._front.changed()
        self._front.written(outcomes, settled, undoing=undoing)

    def read_touched(self, outcomes: Sequence[Outcome]) -> None:
        """Look again at all that these outcomes touch; they stay to be seen."""
        self._read(sorted(self.board.affected_by({outcome.change.id for outcome in outcomes})))

    def _take(
        self, plan: Plan, only: Collection[str], *, is_whole: bool = True, checked: Checked | None = None
    ) -> None:
        self.checked, self.board.proven = checked, checked.proven if checked else {}
        self.board.take(plan, only=frozenset(only) if only else None, is_whole=is_whole)
        self._front.changed()

    # what runs beside the screens

    def _beside(self, what: str, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        self.busy = what
        self._front.moved_on()
        run_beside(what, work, self._front.post, lambda answer: self._ended(answer, then))

    def _ended(self, answer: Result | Exception, then: Callable[[Result], None]) -> None:
        self.busy, self.writing = "", False
        if isinstance(answer, Exception):
            self._failed(answer)
        else:
            then(answer)
        self._front.moved_on()

    def _failed(self, error: Exception) -> None:
        self.board.settle(())
        if not self.board.is_whole:  # what is known so far is not to be decided on
            self.board.forget()
            self.board.failure = str(error)
        self._front.changed()
        self._front.failed(error)

    def _observe(self, event: Event) -> None:
        if isinstance(event, ReadDone):
            before, self._progress = self._progress, event
            if before is not None:
                return  # a step is on its way that shows the newest
            self._front.post(self._follow_reading)
        else:
            self._front.post(lambda: self._follow(event))

    def _follow_reading(self) -> None:
        event, self._progress = self._progress, None
        if event is not None and self.busy and not self.writing:
            self.busy = f"reading {event.done} of {event.total}"
            self._front.read_on()

    def _follow(self, event: Event) -> None:
        self.board.observe(event)
        if isinstance(event, Identified):
            self._front.changed()
        elif isinstance(event, Ended) and self.can_stop:
            self.busy = self._tells()
        self._front.moved_on()
