"""What each side says of a request: its statements that apply, as reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from reconcile.policy.evaluation.principal import Grade, Grades
from reconcile.policy.evaluation.statement import Ask, Clause, Form, clauses, opaque
from reconcile.policy.evaluation.truth import Truth, Unknown, any_of
from reconcile.policy.request import Effect, HeldPolicy, Reason, Side

EVERY_GRADE = frozenset(Grade)
_NOTHING = Unknown()


class Outcome(NamedTuple):
    """Whether something is so (None: not known), and the reasons for that."""

    truth: bool | None
    reasons: tuple[Reason, ...] = ()


NO_LIMIT = Outcome(truth=True)
_NOT_SO = Outcome(truth=False)


def every(*outcomes: Outcome) -> Outcome:
    """Whether all are so, for the reasons of those that decide it."""
    truths = {outcome.truth for outcome in outcomes}
    truth = False if False in truths else None if None in truths else True
    return _chosen(truth, outcomes)


def either(*outcomes: Outcome) -> Outcome:
    """Whether any is so, for the reasons of the first that is; where none is, for those of the last."""
    so = next((outcome for outcome in outcomes if outcome.truth), None)
    unknown = any(outcome.truth is None for outcome in outcomes)
    return so or (_chosen(None, outcomes) if unknown else outcomes[-1])


def _chosen(truth: bool | None, outcomes: Iterable[Outcome]) -> Outcome:
    return Outcome(truth, tuple(reason for each in outcomes if each.truth is truth for reason in each.reasons))


class _Heard(NamedTuple):
    """A statement that applies, or may."""

    held: HeldPolicy
    clause: Clause
    grades: Grades

    def truth(self, grades: Collection[Grade]) -> Truth:
        return any_of(truth for grade, truth in self.grades.items() if grade in grades)


class Hearing(NamedTuple):
    """The statements of one side's policies that apply, or may apply, to a request."""

    side: Side
    account: str
    """Whose word is missing where there is no policy."""
    policies: tuple[HeldPolicy, ...]
    heard: tuple[_Heard, ...]

    @staticmethod
    def of(side: Side, policies: Sequence[HeldPolicy], ask: Ask, account: str, form: Form = Form.IDENTITY) -> Hearing:
        """Read the policies for what they say of this request."""
        heard = []
        for held in policies:
            for clause in _clauses(held, form, ask.action):
                grades = clause.applies(ask)
                if any(grades.values()):
                    heard.append(_Heard(held, clause, grades))
        return Hearing(side, account, tuple(policies), tuple(heard))

    def allows(self, grades: Collection[Grade] = EVERY_GRADE) -> Outcome:
        """Whether an Allow there names the caller as one of these."""
        return self._outcome(Effect.ALLOWS, grades, allowing=True) or self._missing()

    def denies(self) -> Outcome:
        """Whether a Deny there applies."""
        return self._outcome(Effect.DENIES, EVERY_GRADE, allowing=False) or _NOT_SO

    def _outcome(self, effect: Effect, grades: Collection[Grade], *, allowing: bool) -> Outcome | None:
        certain, open_ones = [], []
        for each in self.heard:
            truth = each.truth(grades) if each.clause.allows is allowing else False
            if truth is True:
                certain.append(self._reason(effect, each))
            elif isinstance(truth, Unknown):
                open_ones.append(self._reason(Effect.UNKNOWN, each, truth))
        if not certain and not open_ones:
            return None
        return Outcome(True if certain else None, tuple(certain or open_ones))

    def _reason(self, effect: Effect, heard: _Heard, unknown: Unknown = _NOTHING) -> Reason:
        held, clause = heard.held, heard.clause
        return Reason(effect, self.side, held.account, held.name, clause.index, clause.sid, unknown.keys, unknown.text)

    def _missing(self) -> Outcome:
        """The one policy there is would have to say so; of several nobody knows which."""
        account = self.policies[0].account if self.policies else self.account
        name = self.policies[0].name if len(self.policies) == 1 else ""
        return Outcome(truth=False, reasons=(Reason(Effect.MISSING, self.side, account, name),))


def _clauses(held: HeldPolicy, form: Form, action: str) -> tuple[Clause, ...]:
    if held.unreadable:
        return opaque(held.unreadable)
    return () if held.document is None else clauses(held.document, form, action)
