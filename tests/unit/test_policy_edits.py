"""Edits of one statement or one principal, and what the ids of deleted principals do to a document."""

import copy
import json

import pytest

from reconcile import policy
from reconcile.errors import Blocked

ROLE = "arn:aws:iam::111111111111:role/service-role/pipeline"
PROD = "222222222222"
PROD_ROOT = f"arn:aws:iam::{PROD}:root"
DEAD = "AROAEXAMPLEEXAMPLE01"

FOREIGN = {
    "Sid": "Theirs",
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["s3:*"],
    "Resource": ["b", "a"],
    "New": 1,
}
USE = {"Sid": "Allow use of the key", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}


def document(*statements, **top):
    return {"Id": "key-consolepolicy-3", "Statement": list(statements), "Version": "2012-10-17", **top}


def using(*names, **others):
    return {**USE, "Principal": {"AWS": list(names), **others}}


def test_a_statement_goes_in_last_or_in_the_place_of_its_sid():
    before = document(FOREIGN, using(ROLE), FOREIGN | {"Sid": ""}, Scope="x")
    kept = copy.deepcopy(before)
    edited = policy.with_statement(before, using(PROD))
    assert edited == document(FOREIGN, using(PROD), FOREIGN | {"Sid": ""}, Scope="x")
    assert list(edited) == list(before)
    assert policy.with_statement(edited, {"Sid": "", "Effect": "Deny"})["Statement"][3:] == [
        {"Sid": "", "Effect": "Deny"}
    ]
    assert before == kept


def test_no_document_becomes_a_fresh_one_and_an_object_becomes_a_list():
    assert policy.with_statement(None, FOREIGN) == {"Version": "2012-10-17", "Statement": [FOREIGN]}
    assert policy.with_statement({"Statement": FOREIGN}, USE) == {"Statement": [FOREIGN, USE]}


def test_the_last_statement_takes_the_document_with_it():
    assert policy.without_sid(document(FOREIGN, USE), USE["Sid"]) == document(FOREIGN)
    assert policy.without_sid(document(USE), USE["Sid"]) is None
    assert policy.without_sid(document(FOREIGN), "absent") == document(FOREIGN)
    assert policy.without_sid(document(FOREIGN | {"Sid": ""}), "") == document(FOREIGN | {"Sid": ""})
    assert policy.without_sid(None, "x") is None


def test_two_statements_of_one_sid_cannot_be_edited():
    twice = document(USE, FOREIGN, USE)
    for edit in (policy.statement_of, policy.without_sid):
        with pytest.raises(Blocked, match="Allow use of the key"):
            edit(twice, USE["Sid"])
    assert policy.statement_of(twice, "Theirs") == policy.normal_statement(FOREIGN)


def test_the_normal_form():
    live = {
        "NotAction": ["s3:b", "s3:B", "s3:a"],
        "Sid": "",
        "Effect": "Allow",
        "Principal": {"Service": [], "AWS": [PROD, PROD_ROOT]},
        "Resource": ["*"],
        "Condition": {"NumericEquals": {"n": [2, 10.5, "2"]}, "Bool": {"b": True}, "Null": {}},
        "New": {"kept": [1]},
    }
    normal = policy.normal_statement(live)
    assert normal == {
        "Effect": "Allow",
        "Principal": {"AWS": PROD_ROOT},
        "NotAction": ["s3:B", "s3:a"],
        "Resource": "*",
        "Condition": {"Bool": {"b": "true"}, "NumericEquals": {"n": ["10.5", "2"]}},
        "New": {"kept": [1]},
    }
    assert policy.normal_statement(normal) == normal
    assert policy.normal_statement(live, partition="aws-cn")["Principal"] == {
        "AWS": [f"arn:aws-cn:iam::{PROD}:root", PROD_ROOT]
    }
    assert policy.normal_statement({"Effect": "Deny", "Principal": "*", "Condition": {"Bool": {}}}) == {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
    }


def test_one_principal_at_a_time():
    before = document(FOREIGN, using(PROD_ROOT, Service="s3.amazonaws.com"))
    added = policy.with_principal(before, USE, ROLE)
    assert added == document(FOREIGN, using(PROD_ROOT, ROLE, Service="s3.amazonaws.com"))
    assert policy.has_principal(added, USE["Sid"], ROLE)
    assert policy.has_principal(added, USE["Sid"], PROD)
    assert not policy.has_principal(before, USE["Sid"], ROLE)
    assert policy.with_principal(added, USE, PROD) == added
    assert policy.without_principal(added, USE["Sid"], ROLE) == before
    assert policy.without_principal(before, USE["Sid"], PROD) == document(
        FOREIGN, {**USE, "Principal": {"Service": "s3.amazonaws.com"}}
    )


def test_the_first_principal_brings_the_statement_and_the_last_takes_it():
    added = policy.with_principal(document(FOREIGN), using("ignored"), ROLE)
    assert added == document(FOREIGN, {**USE, "Principal": {"AWS": ROLE}})
    assert policy.without_principal(added, USE["Sid"], ROLE) == document(FOREIGN)
    assert policy.without_principal(policy.with_principal(None, USE, ROLE), USE["Sid"], ROLE) is None
    assert policy.without_principal(document(FOREIGN), USE["Sid"], ROLE) == document(FOREIGN)
    assert not policy.has_principal(None, USE["Sid"], ROLE)


def test_everyone_stays_everyone():
    added = policy.with_principal(document({**USE, "Principal": "*"}), USE, ROLE)
    assert added == document(using("*", ROLE))


@pytest.mark.parametrize("live", [{**USE, "Effect": "Deny", "Principal": "*"}, {**USE, "NotPrincipal": {"AWS": PROD}}])
def test_nobody_is_added_to_what_would_not_grant(live):
    with pytest.raises(Blocked, match="Allow use of the key"):
        policy.with_principal(document(live), USE, ROLE)


def test_dead_principals_are_found_and_taken_out():
    live = document(using(DEAD, ROLE), using(DEAD), using(DEAD, Service="s"), {**USE, "Principal": {"AWS": "AIDAX1"}})
    assert policy.dead_principals(live) == ("AIDAX1", DEAD)
    assert policy.without_dead_principals(live) == document(using(ROLE), {**USE, "Principal": {"Service": "s"}})
    assert policy.without_dead_principals(document(using(DEAD))) is None
    assert policy.without_dead_principals(document(FOREIGN, using(ROLE))) == document(FOREIGN, using(ROLE))


def test_a_dead_notprincipal_is_found_and_left():
    live = document({**USE, "Effect": "Deny", "NotPrincipal": {"AWS": [DEAD, ROLE]}})
    assert policy.dead_principals(live) == (DEAD,)
    assert policy.without_dead_principals(live) == live


def test_size_counts_no_white_space_but_in_strings():
    text = '{"Version": "2012-10-17", "Statement": [ {"Sid": "é a", "Effect": "Allow"} ]}'
    assert policy.size(json.loads(text)) == len('{"Version":"2012-10-17","Statement":[{"Sid":"é a","Effect":"Allow"}]}')


def test_the_difference_is_of_content():
    both = {**USE, "Principal": {"AWS": [PROD, ROLE]}, "Action": ["kms:Decrypt", "kms:Encrypt"]}
    split = [{**both, "Sid": f"Part{action[4:]}", "Action": action} for action in both["Action"]]
    assert policy.diff_statements(document(FOREIGN, both), document(*split, FOREIGN)) == ((), ())
    assert policy.diff_statements(document(FOREIGN, both), document(split[0])) == (
        (),
        (policy.normal_statement(FOREIGN), policy.normal_statement(both)),
    )
    assert policy.diff_statements(None, document(both)) == ((policy.normal_statement(both),), ())


def test_a_need_is_what_a_statement_says():
    statement = policy.normal_statement({**using(PROD), "Sid": "", "Condition": {"Bool": {"kms:x": [True]}}})
    need = policy.Need.of(statement)
    assert need == policy.Need(("AWS", PROD_ROOT), ("kms:Decrypt",), ("*",), {"Bool": {"kms:x": ("true",)}})
    assert need.statement() == statement
    assert len({need, policy.Need.of(statement)}) == 1


@pytest.mark.parametrize("statement", [FOREIGN, using(PROD, ROLE), {"Effect": "Allow", "NotAction": "s3:*"}])
def test_what_is_not_one_need(statement):
    with pytest.raises(ValueError, match="not one need"):
        policy.Need.of(statement)
