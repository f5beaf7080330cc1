"""The meaning of policies, as tables: tests/cases/policy/*.toml."""

import json
import tomllib
from pathlib import Path

import pytest

from reconcile import policy
from reconcile.errors import PolicyMalformed

CASES = Path(__file__).parents[1] / "cases" / "policy"


def table(name):
    return tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


def verdict(a, b):
    try:
        return {True: "equal", False: "different"}[policy.equal(*(t and policy.parse(t) for t in (a, b)))]
    except PolicyMalformed:
        return "malformed"


@pytest.mark.parametrize("case", named(table("equality_upstream")["case"] + table("equality")["case"]))
def test_equal_answers_as_the_table_says(case):
    a = case.get("a")
    b = case.get("b", a)
    assert verdict(a, b) == verdict(b, a) == case["answer"]


COVER = table("cover")
NEEDS = {name: policy.Need.of({"Effect": "Allow", **json.loads(text)}) for name, text in COVER["needs"].items()}


@pytest.mark.parametrize("case", named(COVER["case"]))
def test_what_a_document_says_of_a_need(case):
    need = NEEDS[case["need"]]
    known = case.get("known", {})
    document = policy.parse({"Version": case.get("version", "2012-10-17"), "Statement": json.loads(case["statements"])})
    missing = policy.uncovered(document, need, known=known, resources_implied=case.get("resources_implied", False))
    assert [list(pair) for pair in missing] == case.get("missing", [])
    assert list(policy.forbidding(document, need, known=known)) == case.get("forbidding", [])
    if not case.get("resources_implied"):
        assert list(policy.wider(document, need)) == case.get("wider", [])


@pytest.mark.parametrize("need", [pytest.param(need, id=name) for name, need in NEEDS.items()])
def test_a_need_is_covered_by_its_own_statement_and_by_no_absent_document(need):
    own = policy.with_statement(None, need.statement("Own"))
    assert policy.uncovered(own, need) == ()
    assert policy.wider(own, need) == ()
    assert policy.forbidding(own, need) == ()
    assert len(policy.uncovered(None, need)) == len(need.actions) * max(len(need.resources), 1)
    assert policy.statement_of(own, "Own") == need.statement("Own")


PARSE = table("parse")


@pytest.mark.parametrize("case", named(PARSE["malformed"]))
def test_parse_refuses_naming_the_place(case):
    with pytest.raises(PolicyMalformed) as refusal:
        policy.parse(case["text"])
    assert [said for said in case["says"] if said not in str(refusal.value)] == []


@pytest.mark.parametrize("case", named(PARSE["taken"]))
def test_parse_takes_what_aws_takes_and_changes_nothing(case):
    assert policy.parse(case["text"]) == json.loads(case["text"])
    assert policy.equal(policy.parse(case["text"]), policy.parse(json.loads(case["text"])))


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 100_000, '{"Statement": [], "Id": ' + "1" * 5000 + "}", "\ufeff{}"],
    ids=["lists", "objects", "digits", "byte order mark"],
)
def test_parse_survives_hostile_text(text):
    with pytest.raises(PolicyMalformed):
        policy.parse(text)


@pytest.mark.parametrize("value", [42, None, ["x"], b"{}", {1: 2}, {"Statement": [{2: 3}]}])
def test_parse_refuses_values_that_are_no_documents(value):
    with pytest.raises(PolicyMalformed):
        policy.parse(value)
