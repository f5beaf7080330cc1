"""Our evaluation, and what documents cover of needs, on pairs of policies that AWS labelled."""

import json

import pytest

from generated import samples
from generated.recorded import FOLDER
from reconcile import policy
from reconcile.policy.evaluation import evaluate
from reconcile.policy.request import Answer

PAIRS = [
    # Nobody here comes from an identity provider.
    pair
    for pair in json.loads((FOLDER / "no_new_access.json").read_text())["cases"]
    if "Federated" not in json.dumps(pair["new"])
]


def allows(kind, document, request):
    return evaluate(request, samples.policies(kind, document, request)).answer is Answer.ALLOWED


def newly_allowed(pair):
    kind, existing, new = pair["kind"], pair["existing"], pair["new"]
    asked = samples.requests(kind, [new, existing])
    return next((each for each in asked if allows(kind, new, each) and not allows(kind, existing, each)), None)


@pytest.mark.parametrize("pair", [pytest.param(pair, id=pair["id"]) for pair in PAIRS])
def test_a_request_is_newly_allowed_exactly_where_aws_says_so(pair):
    assert (newly_allowed(pair) is not None) is (pair["expect"] == "FAIL")


def needs(document):
    """The grants of a document, where each is one need."""
    return [policy.Need.of(said) for said in policy.statements(document)]


def covered(pair):
    whole = [policy.uncovered(pair["existing"], need) == () for need in needs(pair["new"])]
    return all(whole)


def test_what_is_covered_for_sure_is_no_new_access():
    """Of pairs whose existing policy denies nothing; what is not covered for sure may be covered all the same."""
    answers = {"PASS": [], "FAIL": []}
    for pair in PAIRS:
        if any(said["Effect"] == "Deny" for said in policy.statements(pair["existing"])):
            continue
        try:
            answers[pair["expect"]].append(covered(pair))
        except ValueError:
            continue
    assert not any(answers["FAIL"])
    assert answers["PASS"].count(True) >= 5
    assert len(answers["FAIL"]) >= 10
