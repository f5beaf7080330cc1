"""The JSON of plans: a round trip is the identity, differences tell meaning, bad files are named."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.change import AccountSeen, Action, Address, Change, Grant, Part, Plan
from reconcile.difference import difference
from reconcile.errors import PlanFileError
from reconcile.plan_json import change_from_json, change_to_json, plan_from_json, plan_to_json

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "render" / "plan_json.toml").read_text(encoding="utf-8"))

texts = st.text(max_size=8)
tuples = st.lists(texts, max_size=2).map(tuple)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(texts | st.sampled_from(["Effect", "Sid", "name"]), inner, max_size=3)
    ),
    max_leaves=8,
)
changes = st.builds(
    Change,
    deployment=texts,
    slug=texts,
    address=st.builds(Address, texts, texts, texts, texts, texts, tuples),
    account_id=texts,
    part=st.builds(Part, texts, tuples),
    action=st.sampled_from(Action),
    title=texts,
    before=values,
    after=values,
    reason=texts,
    requires=tuples,
    effects=tuples,
    managed=st.booleans(),
    irreversible_reason=st.none() | texts,
    grants=st.lists(st.builds(Grant, texts, tuples, texts), max_size=2).map(tuple),
    notes=tuples,
    tags=st.dictionaries(texts, texts, max_size=2),
)
plans = st.builds(
    Plan,
    texts,
    texts,
    st.lists(
        st.builds(AccountSeen, texts, texts, texts, st.none() | texts, texts),
        max_size=2,
        unique_by=lambda a: a.name,
    ).map(tuple),
    st.lists(changes, max_size=2, unique_by=lambda change: change.id).map(tuple),
)

quickly = settings(derandomize=True, deadline=None, max_examples=150, database=None)


def through_json(value):
    return json.loads(json.dumps(value))


@quickly
@given(changes)
def test_a_change_survives_json(change):
    read = change_from_json(through_json(change_to_json(change)))
    assert read == change
    assert read.address.hints == change.address.hints  # hints are no part of an address's equality


@quickly
@given(plans)
def test_a_plan_survives_json(plan):
    assert plan_from_json(json.dumps(plan_to_json(plan, "0.1.0"))) == plan


@quickly
@given(values, values)
def test_a_difference_has_two_sides(before, after):
    forth, back = difference(before, after), difference(after, before)
    assert difference(before, before) == []
    assert bool(forth) == bool(back)
    ops = {"add": "remove", "remove": "add", "replace": "replace"}
    assert sorted(ops[step["op"]] for step in back) == sorted(step["op"] for step in forth)


@pytest.mark.parametrize("case", CASES["differences"], ids=[case["name"] for case in CASES["differences"]])
def test_a_difference(case):
    before, after, wanted = (json.loads(case[key]) for key in ("before", "after", "steps"))
    assert [[step["op"], step["path"]] for step in difference(before, after)] == wanted


@pytest.mark.parametrize("case", CASES["files"], ids=[case["name"] for case in CASES["files"]])
def test_a_bad_file_is_refused_by_name(case):
    document = json.loads(case.get("base", CASES["plan"]))
    *path, last = case.get("path", [""])
    holder = document
    for step in path:
        holder = holder[step]
    if "path" in case:
        holder.update({last: json.loads(case["value"])}) if "value" in case else holder.pop(last)
    with pytest.raises(PlanFileError, match=case["message"]):
        plan_from_json(case.get("text", json.dumps(document)))


def test_what_a_reader_does_not_know_is_ignored():
    document = json.loads(CASES["plan"])
    document["later"] = document["changes"][0]["later"] = {"more": 1}
    document["format_version"] = "1.7"
    assert plan_from_json(json.dumps(document)).changes[0].id == "website/key"


def test_json_nested_beyond_reason_is_refused():
    with pytest.raises(PlanFileError, match="not JSON"):
        plan_from_json("[" * 200_000)
