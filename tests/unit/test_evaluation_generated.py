"""Our evaluation against the recorded verdicts of evaluators by other people, on thousands of generated requests."""

from dataclasses import replace
from random import Random

import pytest

from generated.cases import Case, fingerprint
from generated.recorded import exceptions, expected, letters, made, record
from reconcile.policy.evaluation import evaluate
from reconcile.policy.request import Answer, HeldPolicy, Policies


def decided(case):
    return evaluate(case.request, case.policies).answer


def test_the_cases_are_those_that_the_verdicts_are_about():
    assert fingerprint(made()) == record()["sha256"]


def test_where_the_evaluators_disagree_it_is_said_who_is_right():
    told = {case for each in exceptions() for case in each["cases"]}
    assert [index for index in range(len(made())) if len(set(letters(index).values())) != 1 and index not in told] == []


def test_about_half_of_the_requests_are_allowed():
    assert 0.4 < expected().count(Answer.ALLOWED) / len(made()) < 0.6


def test_every_answer_is_that_of_the_others():
    answers = [decided(case) for case in made()]
    assert [index for index, (ours, right) in enumerate(zip(answers, expected(), strict=True)) if ours != right] == []


def without_keys(rng: Random, case: Case) -> Case:
    known = {key: found for key, found in case.request.context.items() if rng.random() < 0.6}
    return replace(case, request=replace(case.request, context=known))


def without_unnamed_keys(case: Case) -> Case:
    """The case without the keys that no policy speaks of."""
    text = case.text().lower().partition('"request"')[0]
    known = {key: found for key, found in case.request.context.items() if key in text}
    return replace(case, request=replace(case.request, context=known))


def without_names(rng: Random, case: Case) -> Case:
    """The case with less known of who asks whom for what."""
    caller = replace(case.request.caller, unique_id="", session="")
    resource = case.request.resource
    if "/" in resource:
        resource = resource[: rng.randrange(resource.index("/") + 1, len(resource) + 1)] + "*"
    dropped = ("aws:userid", "sts:rolesessionname")
    context = {key: found for key, found in case.request.context.items() if key not in dropped}
    owner = rng.choice([case.request.owner, ""])
    return replace(case, request=replace(case.request, caller=caller, resource=resource, context=context, owner=owner))


def without_documents(rng: Random, case: Case) -> Case:
    def seen(held: HeldPolicy) -> HeldPolicy:
        return held if rng.random() < 0.7 else replace(held, document=None, unreadable="AccessDenied")

    held = case.policies
    return replace(
        case,
        policies=Policies(
            tuple(map(seen, held.identity)),
            held.resource and seen(held.resource),
            held.boundary and seen(held.boundary),
            tuple(map(seen, held.session)),
            tuple(tuple(map(seen, level)) for level in held.scps),
            tuple(tuple(map(seen, level)) for level in held.rcps),
        ),
    )


@pytest.mark.parametrize("less", [without_keys, without_names, without_documents])
def test_who_knows_less_never_answers_otherwise(less):
    rng = Random(20261126)  # noqa: S311 - no secret
    answers = [decided(less(rng, case)) for case in made()[::2]]
    differing = [
        index * 2
        for index, (ours, right) in enumerate(zip(answers, expected()[::2], strict=True))
        if ours not in (right, Answer.UNKNOWN)
    ]
    assert differing == []
    assert 100 < answers.count(Answer.UNKNOWN) < len(answers) * 0.7


def test_keys_that_no_policy_speaks_of_need_not_be_known():
    answers = [decided(without_unnamed_keys(case)) for case in made()[::4]]
    told = zip(answers, expected()[::4], strict=True)
    assert [index * 4 for index, (ours, right) in enumerate(told) if ours != right] == []


def test_what_is_not_known_is_named_and_nothing_else():
    rng = Random(20261127)  # noqa: S311 - no secret
    documented = [case for case, right in zip(made(), expected(), strict=True) if right is not Answer.UNKNOWN]
    for index, case in enumerate(documented[::2]):
        less = without_keys(rng, case)
        decision = evaluate(less.request, less.policies)
        missing = case.request.context.keys() - less.request.context.keys()
        named = {key.lower() for reason in decision.reasons for key in reason.keys}
        assert bool(named) == (decision.answer is Answer.UNKNOWN), index
        assert named <= missing, index
