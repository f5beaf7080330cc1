"""What policies decide of a request, as tables: tests/cases/evaluation/*.toml.

A file's ``[base]`` says what its cases leave out; its ``[statement]`` what their statements leave out. A policy is the
JSON of its statements (Version 2012-10-17), or of a whole document; or a list of such. Reasons are effect, policy,
statement, unknown keys: all of them, in any order.
"""

import json
import tomllib
from pathlib import Path

import pytest

from reconcile.policy.evaluation import evaluate
from reconcile.policy.request import Caller, CallerType, HeldPolicy, Policies, Request

CASES = Path(__file__).parents[1] / "cases" / "evaluation"
CONDITIONS = CASES / "condition.toml"
ACCOUNTS = {"dev": "111111111111", "prod": "222222222222", "other": "333333333333", "": ""}
SERVICE_ROLE = "arn:aws:iam::111111111111:role/service-role/pipeline"
DEPLOY_ROLE = "arn:aws:iam::222222222222:role/prods3role"
CALLERS = {
    "service-role": Caller(CallerType.ROLE, SERVICE_ROLE, "AROAPIPELINE", "run"),
    "service-role-in-some-session": Caller(CallerType.ROLE, SERVICE_ROLE, "AROAPIPELINE"),
    "service-role-of-unknown-id": Caller(CallerType.ROLE, SERVICE_ROLE, session="run"),
    "deploy-role": Caller(CallerType.ROLE, DEPLOY_ROLE, "AROADEPLOY", "deploy"),
    "user": Caller(CallerType.USER, "arn:aws:iam::111111111111:user/people/alice", "AIDAALICE"),
    "prod-user": Caller(CallerType.USER, "arn:aws:iam::222222222222:user/bob", "AIDABOB"),
    "root": Caller(CallerType.ROOT, "arn:aws:iam::111111111111:root"),
    "prod-root": Caller(CallerType.ROOT, "arn:aws:iam::222222222222:root"),
    "china-role": Caller(CallerType.ROLE, "arn:aws-cn:iam::111111111111:role/pipeline", "AROACHINA", "run"),
    "codepipeline": Caller(CallerType.SERVICE, "codepipeline.amazonaws.com"),
    "events": Caller(CallerType.SERVICE, "events.amazonaws.com"),
}


def cases():
    for file in sorted(set(CASES.glob("*.toml")) - {CONDITIONS}):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        for case in table["case"]:
            whole = {**table["base"], **case, "statement": table.get("statement", {})}
            yield pytest.param(whole, id=f"{file.stem}-{case['name']}")


def filled(statement, defaults):
    """The statement, with what it leaves out: an element is there also in its Not… form."""
    left_out = {k: v for k, v in defaults.items() if k not in statement and f"Not{k}" not in statement}
    return {**left_out, **statement}


def held(text, name, case):
    if text.startswith("unreadable"):
        return HeldPolicy("account", name, None, unreadable=text)
    if not text:
        return HeldPolicy("account", name, None)
    defaults = {k: v for k, v in case["statement"].items() if k != "Principal" or name in ("resource", "rcp")}
    document = json.loads(text)
    if isinstance(document, list):
        document = {"Version": "2012-10-17", "Statement": [filled(each, defaults) for each in document]}
    return HeldPolicy("account", name, document)


def one(case, side):
    return held(case[side], side, case) if side in case else None


def several(case, side):
    texts = [case[side]] if isinstance(case.get(side, []), str) else case.get(side, [])
    names = [side] if len(texts) == 1 else [f"{side}-{index}" for index in range(len(texts))]
    return tuple(held(text, name, case) for text, name in zip(texts, names, strict=True))


def policies_of(case):
    return Policies(
        several(case, "identity"),
        one(case, "resource"),
        one(case, "boundary"),
        several(case, "session"),
        tuple(several({**case, "scp": level}, "scp") for level in case.get("scps", [])),
        tuple(several({**case, "rcp": level}, "rcp") for level in case.get("rcps", [])),
    )


def request_of(case):
    context = {key.lower(): (v,) if isinstance(v, str) else tuple(v) for key, v in case.get("context", {}).items()}
    context |= {key.lower(): None for key in case.get("absent", [])}
    return Request(CALLERS[case["caller"]], case["action"], case["on"], ACCOUNTS[case["owner"]], context)


def told(reason):
    parts = [reason.effect.value, reason.policy or reason.side.value]
    parts += [] if reason.statement is None else [str(reason.statement)]
    return " ".join([*parts, *reason.keys])


@pytest.mark.parametrize("case", list(cases()))
def test_a_request_is_decided_for_these_reasons(case):
    decision = evaluate(request_of(case), policies_of(case))
    assert (decision.answer.value, sorted(map(told, decision.reasons))) == (case["answer"], sorted(case["reasons"]))
    texts = [each.text for each in decision.reasons if each.text]
    assert texts == case.get("texts", texts)


BASE = {"caller": "service-role", "action": "s3:ListBucket", "on": "arn:aws:s3:::b", "owner": "dev", "statement": {}}
ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
CONDITION_CASES = tomllib.loads(CONDITIONS.read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", [pytest.param({**BASE, **case}, id=case["name"]) for case in CONDITION_CASES])
def test_a_condition_is_met(case):
    conditional = {"Action": "*", "Resource": "*", "Condition": json.loads(case["condition"])}
    as_allow = evaluate(request_of(case), policies_of(case | {"identity": json.dumps([ALLOW | conditional])}))
    as_deny = evaluate(
        request_of(case), policies_of(case | {"identity": json.dumps([ALLOW, {"Effect": "Deny", **conditional}])})
    )
    expected = {
        "yes": ("allows identity 0", "denies identity 1"),
        "no": ("missing identity", "allows identity 0"),
    }.get(str(case["met"])) or tuple(" ".join([f"unknown identity {index}", *case["met"]]) for index in (0, 1))
    assert ([told(each) for each in as_allow.reasons], [told(each) for each in as_deny.reasons]) == tuple(
        [each] for each in expected
    )
    answers = {"allows": "allowed", "denies": "denied", "missing": "denied", "unknown": "unknown"}
    assert [as_allow.answer, as_deny.answer] == [answers[each.partition(" ")[0]] for each in expected]
