"""The article's chain with every piece of its policies taken away, widened, denied or conditioned.

Three evaluators answer each: ours, those by other people (recorded), and the strict layer of the embedded accounts.
"""

import json
from collections import Counter

import pytest

from generated.article import CHAIN, PLACES, changes
from generated.cases import fingerprint
from generated.recorded import ANSWERS, FOLDER
from reconcile.policy.evaluation import evaluate
from reconcile.policy.request import Answer, CallerType, Effect
from xacct_tui.demo import article
from xacct_tui.demo.strict import state
from xacct_tui.demo.strict.evaluate import Question, governed, may, resource_based

RECORD = json.loads((FOLDER / "article.json").read_text())
CHANGES = changes()


@pytest.fixture(scope="module")
def decisions():
    return [evaluate(each.case.request, each.case.policies) for each in CHANGES]


def named(indices):
    return [f"{CHANGES[index].hop}: {CHANGES[index].place}: {CHANGES[index].what}" for index in indices]


def test_the_changes_are_those_that_the_verdicts_are_about():
    assert fingerprint([each.case for each in CHANGES]) == RECORD["sha256"]


def test_every_answer_is_that_of_all_others_who_decide(decisions):
    said = list(zip(*RECORD["verdicts"].values(), strict=True))
    differing = [
        index
        for index, letters in enumerate(said)
        if {ANSWERS[each] for each in letters if each != "-"} != {decisions[index].answer}
    ]
    assert named(differing) == []


def test_the_article_is_allowed_and_each_policy_is_needed(decisions):
    as_written = {decision.answer for each, decision in zip(CHANGES, decisions, strict=True) if "article" in each.what}
    assert as_written == {Answer.ALLOWED}
    denied = Counter(
        (each.place, each.hop)
        for each, decision in zip(CHANGES, decisions, strict=True)
        if decision.answer is Answer.DENIED
    )
    assert {place for place, _ in denied} == set(PLACES)
    assert {hop for _, hop in denied} == set(CHAIN)


def test_what_is_denied_names_the_account_and_the_policy_that_was_changed(decisions):
    """A policy that lost its grant may leave it to another one of the same side, of which nobody knows which."""
    wrong = [
        index
        for index, (each, decision) in enumerate(zip(CHANGES, decisions, strict=True))
        if decision.answer is Answer.DENIED
        and not any(
            reason.account == PLACES[each.place].account
            and reason.policy in ((each.place, "") if reason.effect is Effect.MISSING else (each.place,))
            for reason in decision.reasons
        )
    ]
    assert named(wrong) == []


def in_the_strict_layer(each):
    """What the strict layer says, of a role with just these policies."""
    request, policies = each.case.request, each.case.policies
    document = policies.resource.document if policies.resource else None
    keys = tuple((key, found[0]) for key, found in request.context.items() if found)
    if request.caller.type is CallerType.SERVICE:
        question = Question("", request.action, request.resource, service=request.caller.arn, keys=keys)
        return resource_based(document, question)[0] == "allow"
    role = state.role_at(request.caller.arn)
    role.managed_policies.clear()
    role.policies = {held.name: json.dumps(held.document) for held in policies.identity}
    question = Question(request.caller.arn, request.action, request.resource, keys=keys)
    if request.action.startswith(("kms:", "sts:")):
        return governed(document, question, request.owner)
    return may(question, document, request.owner)


def test_the_embedded_accounts_decide_the_same(accounts, decisions):
    article.follow(accounts)
    differing = [
        index
        for index, (each, decision) in enumerate(zip(CHANGES, decisions, strict=True))
        if in_the_strict_layer(each) is not (decision.answer is Answer.ALLOWED)
    ]
    assert named(differing) == []
