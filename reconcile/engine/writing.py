"""Making one change: lock, re-read, compare, journal, write, read back, journal."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from reconcile.change import Change
from reconcile.clients import Clients
from reconcile.engine.outcome import Outcome, Result
from reconcile.errors import AwsError, Blocked, InDoubt, Refused, Stale, XacctError
from reconcile.events import Begun, Ended, Observer, Waiting, ignore
from reconcile.journal import Journal
from reconcile.kinds import kinds
from reconcile.kinds.protocol import Document
from reconcile.propagation import Writes
from reconcile.reads import Reads

_WINDOW = 120
"""Reads, a second apart, in which a write must show."""


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
            caller = self.clients.verify(change.address.account)
            with self.journal.lock(change.account_id, change.address):
                outcome = self._make(change, caller, undoes)
        except Refused as error:
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
        if now == change.after:
            return Outcome(change, Result.ALREADY, "it is so already")
        if now in list(kind.between(change.before, change.after)):
            change = replace(change, before=now)  # another change, or another run, did a part of what is wanted
        if now != change.before:
            raise Stale(change.id, change.before, now, change.after)
        self._refuse_new_effects(change, document)
        after = kind.put(document, change.part, change.after)
        self.observe(Begun(change))
        entry = self.journal.begin(self.run, change, caller, undoes=undoes)
        writes = self._writes(change)
        try:
            remark = kind.write(writes, change.address, document, after, change.tags)
        except InDoubt as error:
            return self._settle(change, entry, error)
        except (AwsError, Blocked) as error:
            return self._failed(change, entry, error)
        return self._confirm(change, entry, remark)

    def _writes(self, change: Change) -> Writes:
        return Writes(
            self.clients,
            pause=self.pause,
            waiting=lambda why: self.observe(Waiting(change, f"waiting for {why}")),
        )

    def _refuse_new_effects(self, change: Change, document: Document | None) -> None:
        assessment = kinds()[change.address.kind].assess(document, change.part, change.after)
        new = sorted(set(assessment.effects) - set(change.effects))
        if new:
            raise Blocked(f"since it was planned, it would also have an effect: {'; '.join(new)}; plan again")

    def _confirm(self, change: Change, entry: int, remark: str) -> Outcome:
        kind = kinds()[change.address.kind]
        seen = 0
        try:
            for _ in range(_WINDOW):
                shows = kind.get(self.read(change), change.part) == change.after
                seen = seen + 1 if shows else 0
                if seen >= kind.confirmations:
                    self.journal.end(entry, "done", remark)
                    return Outcome(change, Result.APPLIED, remark)
                self.observe(Waiting(change, "waiting for AWS to show it"))
                self.pause(1)
        except XacctError as error:
            self.journal.end(entry, "in-doubt", f"written, but it could not be read back: {error}")
            return Outcome(change, Result.IN_DOUBT, f"written, but it could not be read back: {error}", error)
        detail = "written, but AWS does not show it after two minutes"
        self.journal.end(entry, "in-doubt", detail)
        return Outcome(change, Result.IN_DOUBT, detail)

    def _settle(self, change: Change, entry: int, error: XacctError) -> Outcome:
        """The answer was lost: AWS tells whether the write was made."""
        try:
            now = kinds()[change.address.kind].get(self.read(change), change.part)
        except XacctError:
            now = error
        if now == change.after:
            return self._confirm(change, entry, f"AWS's answer was lost, but it was made ({error})")
        state, result = ("failed", Result.FAILED) if now == change.before else ("in-doubt", Result.IN_DOUBT)
        self.journal.end(entry, state, str(error))
        return Outcome(change, result, str(error), error)

    def _failed(self, change: Change, entry: int, error: XacctError) -> Outcome:
        """AWS refused a call: what earlier calls of the same write had made is put back."""
        kind = kinds()[change.address.kind]
        result = Result.REFUSED if isinstance(error, Blocked) else Result.FAILED
        try:
            document = self.read(change)
            if kind.get(document, change.part) != change.before:
                back = kind.put(document, change.part, change.before)
                kind.write(self._writes(change), change.address, document, back, change.tags)
                document = self.read(change)
            whole = kind.get(document, change.part) == change.before
        except XacctError:
            whole = False
        if whole:
            self.journal.end(entry, "failed", str(error))
            return Outcome(change, result, str(error), error)
        self.journal.end(entry, "in-doubt", f"written in part: {error}")
        return Outcome(change, Result.IN_DOUBT, f"written in part: {error}", error)


def reversed_of(change: Change) -> Change:
    """The change that undoes it, with the effects that AWS brings with every such write left open."""
    return replace(change.reverse(), effects=change.effects)
