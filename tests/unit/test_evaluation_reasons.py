"""The reasons of a decision are its reasons: the policies are changed where they point to, and the answer follows."""

from functools import cache

from generated.mending import mended, statement_of, with_allows, without_denials
from generated.recorded import made
from reconcile.policy.evaluation import evaluate
from reconcile.policy.request import Answer, Effect

SAID = {Effect.ALLOWS: "Allow", Effect.DENIES: "Deny"}


@cache
def decided():
    return [(case, evaluate(case.request, case.policies)) for case in made()]


def decisions(answer):
    return [(case, decision) for case, decision in decided() if decision.answer is answer]


def test_every_statement_that_is_named_stands_there_and_has_that_effect():
    for case, decision in decisions(Answer.ALLOWED) + decisions(Answer.DENIED):
        for reason in decision.reasons:
            if reason.effect in SAID:
                said = statement_of(case.policies, reason)
                assert (said["Effect"], said.get("Sid", "")) == (SAID[reason.effect], reason.sid)


def test_what_is_allowed_is_allowed_by_the_statements_that_are_named_alone():
    for case, decision in decisions(Answer.ALLOWED):
        alone = evaluate(case.request, with_allows(case.policies, decision.reasons))
        assert alone.answer is Answer.ALLOWED, case


def test_what_is_allowed_has_no_reason_against_it():
    assert {reason.effect for _, decision in decisions(Answer.ALLOWED) for reason in decision.reasons} == {
        Effect.ALLOWS
    }


def test_what_is_denied_is_no_more_denied_without_what_denies_and_with_what_is_missing():
    for case, decision in decisions(Answer.DENIED):
        policies, last = case.policies, decision
        for _ in range(9):
            if last.answer is not Answer.DENIED:
                break
            lacking = {each.side for each in last.reasons if each.effect is Effect.MISSING}
            policies = mended(without_denials(policies, last.reasons), lacking, case.request)
            last = evaluate(case.request, policies)
        assert last.answer is not Answer.DENIED, case


def test_each_side_that_is_missing_has_to_be_mended():
    for case, decision in decisions(Answer.DENIED):
        lacking = {each.side for each in decision.reasons if each.effect is Effect.MISSING}
        for side in lacking if len(lacking) > 1 else ():
            others = mended(case.policies, lacking - {side}, case.request)
            assert evaluate(case.request, others).answer is Answer.DENIED, case
