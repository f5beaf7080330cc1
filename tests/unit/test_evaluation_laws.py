"""Laws of an evaluation, over random requests and policies of the chain's domain."""

import random
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.policy.evaluation import evaluate
from reconcile.policy.request import Answer, Caller, CallerType, Effect, HeldPolicy, Policies, Request

LAW = settings(max_examples=200, derandomize=True, deadline=None, database=None)

DEV, PROD = "111111111111", "222222222222"
ROLE = f"arn:aws:iam::{DEV}:role/service-role/pipeline"
CALLERS = [
    Caller(CallerType.ROLE, ROLE, "AROAPIPELINE", "run"),
    Caller(CallerType.USER, f"arn:aws:iam::{DEV}:user/alice", "AIDAALICE"),
    Caller(CallerType.ROOT, f"arn:aws:iam::{DEV}:root"),
    Caller(CallerType.SERVICE, "codepipeline.amazonaws.com"),
]
REQUESTED = [
    ("s3:GetObject", "arn:aws:s3:::b/k"),
    ("s3:ListBucket", "arn:aws:s3:::b"),
    ("kms:Decrypt", f"arn:aws:kms:us-east-1:{DEV}:key/1"),
    ("sts:AssumeRole", f"arn:aws:iam::{PROD}:role/prods3role"),
]
VALUES = {
    "k:x": [None, ("a",), ("b",), ("a", "b"), ("5",)],
    "k:y": [None, ("a",), ("true",)],
    "aws:sourceip": [None, ("10.0.0.1",), ("192.0.2.1",)],
}
ACTIONS = ["*", "*", "s3:*", "s3:GetObject", "kms:Decrypt", "sts:AssumeRole", "s3:?et*"]
RESOURCES = ["*", "*", "arn:aws:s3:::b/*", "arn:aws:s3:::b*", "arn:aws:s3:::${k:x}/*", "arn:aws:iam::*:role/*"]
PRINCIPALS = [
    "*",
    {"AWS": DEV},
    {"AWS": [ROLE, f"arn:aws:iam::{DEV}:user/alice"]},
    {"AWS": f"arn:aws:sts::{DEV}:assumed-role/pipeline/run"},
    {"AWS": ["AROAPIPELINE", "AROADEAD"]},
    {"Service": "codepipeline.amazonaws.com"},
    {"AWS": PROD},
]
CONDITIONS = [
    {"StringEquals": {"k:x": "a"}},
    {"StringNotEquals": {"k:x": ["a", "b"]}},
    {"StringEqualsIfExists": {"k:x": "${k:y}"}},
    {"StringNotLike": {"k:y": "${k:x, 'a'}*"}},
    {"ForAllValues:StringLike": {"k:x": ["a", "b*"]}},
    {"ForAnyValue:StringNotEquals": {"k:x": "a"}},
    {"Null": {"k:y": "true"}},
    {"Bool": {"k:y": True}},
    {"NumericLessThan": {"k:x": 6}},
    {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    {"IpAddressIfExists": {"aws:SourceIp": "10.0.0.0/8"}, "StringEquals": {"k:x": "a"}},
    {"StringSounds": {"k:x": "a"}},
]


def some(rng, values):
    return rng.sample(values, rng.choice([1, 1, 2]))


def statement(rng, effect, *, principals=(), resources=True):
    made = {"Effect": effect, rng.choice(["Action", "Action", "Action", "NotAction"]): some(rng, ACTIONS)}
    if resources:
        made[rng.choice(["Resource", "Resource", "Resource", "NotResource"])] = some(rng, RESOURCES)
    if principals:
        made["NotPrincipal" if effect == "Deny" and rng.random() < 0.5 else "Principal"] = rng.choice(principals)
    return made | ({"Condition": rng.choice(CONDITIONS)} if rng.random() < 0.5 else {})


def pool(seed, effects=("Allow", "Allow", "Allow", "Allow", "Deny"), **elements):
    """Policies to draw from: quicker than to draw each of their parts."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    return [
        HeldPolicy("account", "policy", {"Version": "2012-10-17", "Statement": found})
        for _ in range(400)
        for found in [[statement(rng, rng.choice(effects), **elements) for _ in range(rng.choice([1, 2, 3]))]]
    ]


OWN = pool(1)
OF_RESOURCES = pool(2, principals=PRINCIPALS)
OF_ROLES = pool(3, principals=PRINCIPALS, resources=False)
OF_EVERYONE = pool(4, principals=["*"])
ADDED = {effect: [held.document["Statement"][0] for held in pool(5, effects=[effect])] for effect in ("Allow", "Deny")}
owns, everyones = st.sampled_from(OWN), st.sampled_from(OF_EVERYONE)


def rarely(strategy):
    return st.one_of(st.none(), st.none(), st.none(), strategy)


@st.composite
def questions(draw, requested=REQUESTED):
    action, resource = draw(st.sampled_from(requested))
    context = {key: draw(st.sampled_from(values)) for key, values in VALUES.items()}
    request = Request(draw(st.sampled_from(CALLERS)), action, resource, draw(st.sampled_from([DEV, PROD])), context)
    resources = OF_ROLES if action.startswith("sts:") else OF_RESOURCES
    policies = Policies(
        (draw(owns), draw(owns)),
        draw(st.one_of(st.none(), st.sampled_from(resources), st.sampled_from(resources))),
        draw(rarely(owns)),
        tuple(filter(None, [draw(rarely(owns))])),
        tuple((level,) for level in filter(None, [draw(rarely(owns))])),
        tuple((level,) for level in filter(None, [draw(rarely(everyones))])),
    )
    return request, policies


def replaced(value, **fields):
    names = type(value).__dataclass_fields__
    return type(value)(**{name: fields.get(name, getattr(value, name)) for name in names})


def with_identity(policies, statement):
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return replaced(policies, identity=(*policies.identity, HeldPolicy("account", "added", document)))


@LAW
@given(questions(), st.sampled_from(ADDED["Deny"]))
def test_another_deny_allows_nothing(question, added):
    request, policies = question
    before, after = evaluate(request, policies), evaluate(request, with_identity(policies, added))
    assert after.answer is before.answer or after.answer is not Answer.ALLOWED
    assert before.answer is not Answer.DENIED or after.answer is Answer.DENIED


@LAW
@given(questions(), st.sampled_from(ADDED["Allow"]))
def test_another_allow_denies_nothing(question, added):
    request, policies = question
    before, after = evaluate(request, policies), evaluate(request, with_identity(policies, added))
    assert before.answer is not Answer.ALLOWED or after.answer is Answer.ALLOWED
    assert after.answer is before.answer or after.answer is not Answer.DENIED


@LAW
@given(questions(), st.sets(st.sampled_from(sorted(VALUES)), min_size=1))
def test_what_is_decided_without_knowing_keys_is_so_for_all_their_values(question, unknown):
    request, policies = question
    known = {key: values for key, values in request.context.items() if key not in unknown}
    decided = evaluate(replaced(request, context=known), policies)
    names = sorted(unknown)
    of_all = {
        evaluate(replaced(request, context={**known, **dict(zip(names, values, strict=True))}), policies).answer
        for values in product(*(VALUES[name] for name in names))
    }
    assert decided.answer is Answer.UNKNOWN or of_all == {decided.answer}


SOME_NAMES = ["arn:aws:s3:::b/", "arn:aws:s3:::b/k", "arn:aws:s3:::b/a/x", "arn:aws:s3:::b/k/k"]


@LAW
@given(questions(REQUESTED[:2]), st.sampled_from(["arn:aws:s3:::b/*", "arn:aws:s3:::b/k*", "arn:aws:s3:::*/k"]))
def test_what_is_decided_of_a_part_of_a_name_is_so_for_all_such_names(question, pattern):
    request, policies = question
    head, _, tail = pattern.partition("*")
    decided = evaluate(replaced(request, resource=pattern), policies)
    of_all = {
        evaluate(replaced(request, resource=name), policies).answer
        for name in [*SOME_NAMES, "arn:aws:s3:::a/k", "arn:aws:s3:::c/k"]
        if name.startswith(head) and name.endswith(tail)
    }
    assert decided.answer is Answer.UNKNOWN or of_all == {decided.answer}


@LAW
@given(questions())
def test_what_is_decided_without_the_callers_ids_is_so_with_them(question):
    request, policies = question
    nameless = replaced(request, caller=replaced(request.caller, unique_id="", session=""))
    assert evaluate(nameless, policies).answer in (Answer.UNKNOWN, evaluate(request, policies).answer)


@LAW
@given(questions(REQUESTED[:2]))
def test_what_is_decided_without_the_owner_is_so_for_every_owner(question):
    request, policies = question
    decided = evaluate(replaced(request, owner=""), policies).answer
    of_all = {evaluate(replaced(request, owner=owner), policies).answer for owner in (DEV, PROD, "333333333333")}
    assert decided is Answer.UNKNOWN or of_all == {decided}


@LAW
@given(questions(), st.sampled_from(["identity", "resource", "boundary", "scps", "rcps"]))
def test_an_unreadable_policy_decides_nothing_wrongly(question, side):
    request, policies = question
    unreadable = HeldPolicy("account", "policy", None, unreadable="AccessDenied")
    unread = {"resource": unreadable, "boundary": unreadable, "identity": (unreadable,)}.get(side, ((unreadable,),))
    if not getattr(policies, side):
        return
    decided = evaluate(request, replaced(policies, **{side: unread}))
    assert decided.answer in (Answer.UNKNOWN, evaluate(request, policies).answer)


@LAW
@given(questions())
def test_an_answer_has_reasons_of_its_own_kind(question):
    decision = evaluate(*question)
    effects = {reason.effect for reason in decision.reasons}
    assert decision.reasons
    assert (
        effects
        <= {
            Answer.ALLOWED: {Effect.ALLOWS},
            Answer.DENIED: {Effect.DENIES, Effect.MISSING},
            Answer.UNKNOWN: {Effect.UNKNOWN},
        }[decision.answer]
    )
    assert len(effects) == 1
