"""From what a chain asks to verdicts: each request decided once, and which pending changes would mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reconcile.policy.evaluation import evaluate
from reconcile.policy.request import Answer, Decision, Effect, Request
from reconcile.proof.asking import Ask, Item, Link, Setting
from reconcile.proof.values import Hop, Step, Verdict, worst

_VERDICTS = {Answer.ALLOWED: Verdict.PASS, Answer.DENIED: Verdict.FAIL, Answer.UNKNOWN: Verdict.UNKNOWN}

Mending = Callable[[str], Iterable[str]]
"""The ids of the pending changes by which a slug of the deployment comes about; none where it is in place."""


def decide(ask: Ask) -> tuple[Request, Decision]:
    """What the policies decide of a request, and which one it is that they decide.

    What is only assumed of it can settle what is not known otherwise, but never makes it fail.
    """
    decision = evaluate(ask.request, ask.policies)
    if decision.answer is Answer.UNKNOWN and ask.assumed:
        assumed = evaluate(ask.assumed, ask.policies)
        if assumed.answer is not Answer.DENIED and assumed != decision:
            return ask.assumed, assumed
    return ask.request, decision


def judged(link: Link, mending: Mending = lambda _slug: ()) -> Hop:
    """The hop with its verdicts."""
    steps = tuple(_step(item, mending) for item in link.items)
    return Hop(link.id, link.title, link.source, link.target, link.source_account, link.target_account, steps)


def verdict(link: Link) -> Verdict:
    """That of ``judged(link)``, with no more requests decided than that takes: one item that fails is enough."""
    found = worst(item.verdict for item in link.items if isinstance(item, Setting))
    for item in link.items:
        if found is Verdict.FAIL:
            break
        if isinstance(item, Ask):
            found = worst((found, _VERDICTS[decide(item)[1].answer]))
    return found


def _step(item: Item, mending: Mending) -> Step:
    if isinstance(item, Setting):
        slugs = item.rests if item.verdict is not Verdict.PASS else ()
        return Step(item.title, item.verdict, told=item.told, repairs=_ids(slugs, mending))
    request, decision = decide(item)
    repairs = _ids(_lacking(item, decision), mending)
    return Step(item.title, _VERDICTS[decision.answer], decision.reasons, request, repairs=repairs)


def _lacking(ask: Ask, decision: Decision) -> Iterable[str]:
    """The slugs about the sides that lack; nothing mends an explicit Deny but its end."""
    if decision.answer is Answer.ALLOWED or any(reason.effect is Effect.DENIES for reason in decision.reasons):
        return ()
    return [slug for side, slugs in ask.rests.items() for slug in slugs if open_at(decision, side)]


def open_at(decision: Decision, side: object) -> bool:
    """Whether a side lacks, or it is not known whether it does."""
    effects = (Effect.MISSING, Effect.UNKNOWN, Effect.DENIES)
    return any(reason.side is side and reason.effect in effects for reason in decision.reasons)


def _ids(slugs: Iterable[str], mending: Mending) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for slug in slugs for each in mending(slug)))
