"""Laws of equality, cover and edits, over random policies."""

import fnmatch
import random
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile import policy
from reconcile.policy import pattern

LAW = settings(max_examples=150, derandomize=True, deadline=None, database=None)

ACTIONS = ["s3:GetObject", "s3:Get*", "s3:*", "kms:Decrypt", "kms:ReEncrypt*", "*"]
RESOURCES = [
    "*",
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::${aws:username}/*",
    "${xacct:site/key.arn}",
]
PRINCIPALS = [
    ("AWS", "*"),
    ("AWS", "222222222222"),
    ("AWS", "arn:aws:iam::111111111111:role/service-role/pipeline"),
    ("Service", "codepipeline.amazonaws.com"),
]
CONDITIONS = [
    ("StringEquals", "aws:ResourceAccount", "111111111111"),
    ("StringNotEquals", "s3:x-amz-acl", "private"),
    ("Bool", "kms:GrantIsForAWSResource", True),
]


def some(values):
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


@st.composite
def statements(draw):
    statement = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    principal = {}
    for kind, name in draw(st.one_of(st.just([]), some(PRINCIPALS))):
        principal.setdefault(kind, []).append(name)
    if principal:
        statement["Principal"] = principal
    statement[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(some(ACTIONS))
    statement[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(some(RESOURCES))
    condition = {}
    for operator, key, value in draw(st.lists(st.sampled_from(CONDITIONS), max_size=2, unique=True)):
        condition[operator] = {key: [value]}
    return statement | ({"Condition": condition} if condition else {})


def document(found):
    return {"Version": "2012-10-17", "Statement": found}


documents = st.lists(statements(), max_size=4).map(document)
seeds = st.integers(0, 2**32).map(random.Random)


@st.composite
def needs(draw):
    principal = draw(st.sampled_from([None, *PRINCIPALS]))
    conditions = draw(st.sampled_from([{}, {"StringEquals": {"aws:ResourceAccount": ("111111111111",)}}]))
    return policy.Need(principal, tuple(draw(some(ACTIONS))), tuple(draw(some(RESOURCES))), conditions)


def shuffled(rng, values):
    return rng.sample(values, len(values))


def scalar_or_list(rng, values):
    return values[0] if len(values) == 1 and rng.random() < 0.5 else shuffled(rng, [*values, values[0]])


def respelled_principal(rng, principal):
    if principal == {"AWS": ["*"]} and rng.random() < 0.5:
        return "*"
    root = {"222222222222": "arn:aws:iam::222222222222:root"} if rng.random() < 0.5 else {}
    return {kind: scalar_or_list(rng, [root.get(name, name) for name in names]) for kind, names in principal.items()}


def respelled(rng, statement):
    """The same statement as another tool, or AWS, would write it."""
    changed = dict(statement)
    for key in ("Action", "NotAction", "Resource", "NotResource"):
        if key in changed:
            values = [v.upper() if "Action" in key and rng.random() < 0.3 else v for v in changed[key]]
            changed[key] = scalar_or_list(rng, values)
    if "Principal" in changed:
        changed["Principal"] = respelled_principal(rng, changed["Principal"])
    condition = {
        operator.lower(): {key.upper(): "true" if values == [True] else values for key, values in keys.items()}
        for operator, keys in statement.get("Condition", {}).items()
    }
    changed["Condition"] = condition
    changed["Sid"] = rng.choice(["", f"S{rng.random()}"])
    return {key: changed[key] for key in shuffled(rng, list(changed))}


def split(rng, statement):
    """The same statement as two, by one of the elements that are lists of atoms."""
    key = rng.choice([key for key in ("Action", "Resource") if key in statement] or ["Effect"])
    if key == "Effect" or len(statement[key]) == 1:
        return [statement]
    return [statement | {key: statement[key][:1]}, statement | {key: statement[key][1:]}]


def rewritten(rng, found):
    parts = [part for statement in found for part in split(rng, statement)]
    return {
        "Id": "x",
        "Statement": shuffled(rng, [respelled(rng, part) for part in parts]),
        "Version": "2012-10-17",
    }


@LAW
@given(documents, seeds)
def test_a_rewriting_that_keeps_the_meaning_is_equal(before, rng):
    after = policy.parse(rewritten(rng, before["Statement"]))
    assert policy.equal(before, after)
    assert policy.equal(after, before)
    assert policy.diff_statements(before, after) == ((), ())


@LAW
@given(documents)
def test_the_normal_form_keeps_the_meaning(before):
    assert policy.equal(before, document([policy.normal_statement(each) for each in before["Statement"]]))


@LAW
@given(documents, statements(), seeds)
def test_a_change_of_one_atom_is_a_difference(foreign, statement, rng):
    key = rng.choice(["Effect", "Action", "Resource", "Principal", "Condition"])
    news = {
        "Effect": "Deny" if statement["Effect"] == "Allow" else "Allow",
        "Action": ["sts:TagSession"],
        "Resource": ["arn:aws:s3:::new"],
        "Principal": {"AWS": "333333333333"},
        "Condition": {"StringEquals": {"aws:ResourceAccount": "333333333333"}},
    }
    changed = statement | {key: news[key]}
    changed.pop(f"Not{key}", None)
    marked = [each | {"Resource": ["elsewhere"]} for each in foreign["Statement"]]
    before, after = (
        document([*({k: v for k, v in m.items() if k != "NotResource"} for m in marked), each])
        for each in (statement, changed)
    )
    assert not policy.equal(before, after)
    assert policy.diff_statements(before, after) != ((), ())


@LAW
@given(documents, needs())
def test_cover_is_reflexive_and_monotone(live, need):
    own = policy.with_statement(live, need.statement("Own"))
    assert policy.uncovered(own, need) == ()
    reduced = document(live["Statement"][1:])
    assert set(policy.uncovered(live, need)) <= set(policy.uncovered(reduced, need))
    assert set(policy.uncovered(live, need, known={"aws:resourceaccount": "111111111111"})) <= set(
        policy.uncovered(live, need)
    )


@LAW
@given(documents, needs(), seeds)
def test_what_a_document_grants_does_not_depend_on_its_text(live, need, rng):
    other = rewritten(rng, live["Statement"])
    assert policy.uncovered(live, need) == policy.uncovered(other, need)
    assert bool(policy.forbidding(live, need)) == bool(policy.forbidding(other, need))


@LAW
@given(documents, statements(), statements())
def test_statement_edits_are_a_lens(before, statement, other):
    put = policy.with_statement(before, statement | {"Sid": "Ours"})
    assert policy.statement_of(put, "Ours") == policy.normal_statement(statement | {"Sid": "Ours"})
    assert put["Statement"][:-1] == before["Statement"]
    changed = policy.with_statement(put, other | {"Sid": "Ours"})
    assert policy.with_statement(changed, statement | {"Sid": "Ours"}) == put
    assert (policy.without_sid(put, "Ours") or document([])) == before


@LAW
@given(documents, st.lists(st.sampled_from(["111111111111", "arn:aws:iam::222222222222:root", "*"]), unique=True))
def test_principal_edits_are_a_lens(foreign, named):
    statement = {"Sid": "Users", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
    own = [statement | {"Principal": {"AWS": named}}] if named else []
    before = document([*foreign["Statement"], *own])
    put = policy.with_principal(before, statement, "arn:aws:iam::333333333333:role/new")
    assert policy.has_principal(put, "Users", "arn:aws:iam::333333333333:role/new")
    assert put["Statement"][: len(foreign["Statement"])] == foreign["Statement"]
    assert policy.equal(policy.without_principal(put, "Users", "arn:aws:iam::333333333333:role/new"), before)


# No pattern has a c in it: what is true of c is true of every other letter.
NAMES = ["".join(letters) for length in range(6) for letters in product("abc", repeat=length)]


def globs(alphabet, longest):
    return st.text(alphabet=alphabet, max_size=longest)


def matched(glob):
    return set(fnmatch.filter(NAMES, glob))


@LAW
@given(globs("ab*", 5), globs("ab*?", 5))
def test_a_pattern_without_question_marks_covers_exactly_what_it_matches(wide, narrow):
    assert pattern.covers(wide, narrow) == (matched(narrow) <= matched(wide))


@LAW
@given(globs("ab*?", 5), globs("ab*?", 5))
def test_a_pattern_never_covers_what_it_does_not_match(wide, narrow):
    assert not pattern.covers(wide, narrow) or matched(narrow) <= matched(wide)
    assert pattern.covers(wide, wide)


@LAW
@given(globs("ab*?", 3), globs("ab*?", 2))
def test_patterns_meet_exactly_where_one_name_matches_both(one, other):
    assert pattern.meets(one, other) == pattern.meets(other, one) == bool(matched(one) & matched(other))


def test_hostile_patterns_are_decided():
    hostile = "*a" * 200 + "?"
    assert not pattern.covers(hostile, "a" * 4000 + "*")
    assert not pattern.meets(hostile, "b" * 500)
