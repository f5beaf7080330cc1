"""Making one change: lock, re-read, compare, journal, write, read back, journal."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from reconcile.change import Change, Value
from reconcile.clients import Clients
from reconcile.engine.outcome import Outcome, Result
from reconcile.errors import AwsError, Blocked, InDoubt, ReadOnly, Refused, Stale, XacctError
from reconcile.events import Begun, Ended, Observer, Waiting, ignore
from reconcile.journal import Journal
from reconcile.kinds import kinds
from reconcile.kinds.protocol import Document
from reconcile.propagation import Writes
from reconcile.reads import Reads

_WINDOW = 120
"""Reads, a second apart, in which a write that AWS took must show."""
_LOOKS = 5
"""Reads, a second apart, that must not show a write before it counts as not made: AWS shows writes late."""


def remaining(change: Change, now: Value) -> Change | None:
    """What of the change is left to be made from the part's value at this moment; None where it is so already.

    Half way counts: another change, or another run, may have done a part of what is wanted. Raises Stale where the
    value is neither what the change was planned from nor on its way from there.
    """
    if now == change.after:
        return None
    if now != change.before and now not in list(kinds()[change.address.kind].between(change.before, change.after)):
        raise Stale(change.id, change.before, now, change.after)
    return replace(change, before=now)


@dataclass(frozen=True, slots=True)
class Writer:
    """What every write of a run needs. ``pause`` is given seconds."""

    clients: Clients
    journal: Journal
    run: str
    observe: Observer = ignore
    pause: Callable[[float], None] = time.sleep

    def make(self, change: Change, *, undoes: int | None = None) -> Outcome:
        """Make the change if its part still is what it was planned from; every failure is an outcome."""
        try:
            self.clients.refuse_read_only()
            caller = self.clients.verify(change.address.account)
            with self.journal.lock(change.account_id, change.address):
                outcome = self._make(change, caller, undoes)
        except (Refused, ReadOnly) as error:
            outcome = Outcome(change, Result.REFUSED, str(error), error)
        except AwsError as error:
            outcome = Outcome(change, Result.FAILED, str(error), error)
        self.observe(Ended(change, str(outcome.result), outcome.detail))
        return outcome

    def read(self, change: Change) -> Document | None:
        """The live document of a change, at this moment."""
        return kinds()[change.address.kind].read(Reads(self.clients), change.address)

    def _make(self, change: Change, caller: str, undoes: int | None) -> Outcome:
        kind = kinds()[change.address.kind]
        document = self.read(change)
        now = kind.get(document, change.part)
        left = remaining(change, now)
        if left is None:
            return Outcome(change, Result.ALREADY, "it is so already")
        change = self._with_effects(left, document)
        after = kind.put(document, change.part, change.after)
        self.observe(Begun(change))
        entry = self.journal.begin(self.run, change, caller, undoes=undoes)
        writes = self._writes(change)
        try:
            remark = kind.write(writes, change.address, document, after, change.tags)
        except InDoubt as error:
            return self._lost(change, entry, undoes, error)
        except (AwsError, Blocked) as error:
            return self._failed(change, entry, error, nothing_made=not writes.made)
        return self._confirm(change, entry, remark)

    def _writes(self, change: Change) -> Writes:
        return Writes(
            self.clients,
            pause=self.pause,
            waiting=lambda why: self.observe(Waiting(change, f"waiting for {why}")),
        )

    def _with_effects(self, change: Change, document: Document | None) -> Change:
        """The change with the effects that it has by now; raises Blocked for one that was not announced."""
        effects = kinds()[change.address.kind].assess(document, change.part, change.after).effects
        new = sorted(set(effects) - set(change.effects))
        if new:
            raise Blocked(f"it would have an effect that was not announced: {'; '.join(new)}; look at it again first")
        return replace(change, effects=effects)

    def settle(self, change: Change, entry: int, undoes: int | None, why: str) -> Outcome:
        """Look at what became of a write whose end was not seen, and journal it: done, not done, or in doubt.

        ``why`` says what happened to it. A write that got half way is journaled as what it did, so that it can be
        rolled back; a roll-back that got half way is not done, and can be done again. Raises XacctError where it
        cannot be looked at. To be called with the lock held.
        """
        kind = kinds()[change.address.kind]
        now = self._watch(change, _LOOKS)
        if now == change.after:
            if change.before is None:
                kind.finish(self._writes(change), change.address, change.tags)
            made = "made" if undoes is None else "rolled back"
            return self._ended(change, entry, "done", Result.APPLIED, f"{why}, but it was {made}")
        if now == change.before:
            kind.tidy(self._writes(change), change.address, self.read(change))
            return self._ended(change, entry, "failed", Result.FAILED, f"{why} before it was made")
        if now not in list(kind.between(change.before, change.after)):
            detail = f"{why}, and it is neither what it was nor what it was to be: look at it yourself"
            return self._ended(change, entry, "in-doubt", Result.IN_DOUBT, detail)
        if undoes is not None:
            return self._ended(change, entry, "failed", Result.FAILED, f"{why} half way; roll back again for the rest")
        done = replace(change, after=now)
        return self._ended(done, entry, "done", Result.FAILED, f"{why}: made in part; plan again for the rest")

    def _ended(self, change: Change, entry: int, state: str, result: Result, detail: str) -> Outcome:
        self.journal.end(entry, state, detail, change=change)
        return Outcome(change, result, detail)

    def _confirm(self, change: Change, entry: int, remark: str) -> Outcome:
        try:
            shows = self._watch(change, _WINDOW) == change.after
        except XacctError as error:
            detail = f"written, but it could not be read back: {error}"
            return replace(self._ended(change, entry, "in-doubt", Result.IN_DOUBT, detail), error=error)
        if shows:
            return self._ended(change, entry, "done", Result.APPLIED, remark)
        detail = "written, but AWS does not show it after two minutes"
        return self._ended(change, entry, "in-doubt", Result.IN_DOUBT, detail)

    def _watch(self, change: Change, reads: int) -> Value:
        """The part's value, once it is the wanted one as often in a row as its kind asks, or ``reads`` were not."""
        kind = kinds()[change.address.kind]
        shown = missed = 0
        while True:
            now = kind.get(self.read(change), change.part)
            shown, missed = (shown + 1, missed) if now == change.after else (0, missed + 1)
            if shown >= kind.confirmations or missed >= reads:
                return now
            self.observe(Waiting(change, "waiting for AWS to show it"))
            self.pause(1)

    def _lost(self, change: Change, entry: int, undoes: int | None, error: XacctError) -> Outcome:
        try:
            outcome = self.settle(change, entry, undoes, f"AWS's answer was lost ({error})")
        except XacctError:
            outcome = self._ended(change, entry, "in-doubt", Result.IN_DOUBT, str(error))
        return outcome if outcome.ok else replace(outcome, error=error)

    def _failed(self, change: Change, entry: int, error: XacctError, *, nothing_made: bool) -> Outcome:
        """AWS refused a call: what earlier calls of the same write had made is put back, and nothing else."""
        if nothing_made or self._put_back(change):
            result = Result.REFUSED if isinstance(error, Blocked) else Result.FAILED
            return replace(self._ended(change, entry, "failed", result, str(error)), error=error)
        detail = f"written in part: {error}"
        return replace(self._ended(change, entry, "in-doubt", Result.IN_DOUBT, detail), error=error)

    def _put_back(self, change: Change) -> bool:
        kind, writes = kinds()[change.address.kind], self._writes(change)
        try:
            document = self.read(change)
            if kind.get(document, change.part) != change.before:
                back = kind.put(document, change.part, change.before)
                kind.write(writes, change.address, document, back, change.tags)
                document = self.read(change)
            kind.tidy(writes, change.address, document)
            return bool(kind.get(document, change.part) == change.before)
        except XacctError:
            return False
