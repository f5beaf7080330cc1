"""The proof on the embedded accounts: live, planned, applied, and with each read refused in turn."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

import reconcile
from cases.deviations.keys import alias_moved
from functional.presets import assuming_nothing
from functional.proven import ASSUME, Seen, granting, lacking, open_steps, repairs, verdicts, website
from reconcile.proof.values import Verdict
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.scenarios import SCENARIOS

GRANTS = ("article", "least-privilege", "sufficient")
SERVICE = "AWSCodePipelineServiceRole-us-east-1-crossaccountdeploy"
ARTIFACTS = "policy of bucket codepipeline-us-east-1-0123456789"

HOPS = (
    "start",
    "service-role",
    "read-source",
    "write-artifact",
    "assume-deploy-role",
    "read-artifact",
    "decrypt-artifact",
    "write-output",
    "own-output",
)

HALF_DONE = {
    "write-artifact": {"key-users"},
    "assume-deploy-role": {"deploy-action-role", "deploy-role", "assume-policy", "trust-policy"},
    "read-artifact": {"artifact-access", "artifact-statements"},
    "decrypt-artifact": {"artifact-access"},
    "write-output": {"output-access"},
}
"""The hops of the article's first run that fail, and what mends them; the key is shared by then."""

DRIFTED = {
    "start": {"trigger"},
    "read-source": {"input-versioning"},
    "write-artifact": {"key-users"},
    "assume-deploy-role": {"deploy-action-role", "trust-policy"},
    "read-artifact": {"artifact-statements"},
}


def test_the_article_works_if_the_organization_lets_it(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["done"](accounts)
    proof = Seen.by(work(extra=ASSUME)).prove()

    assert tuple(hop.id for hop in website(proof).hops) == HOPS
    assert open_steps(proof) == []
    assert proof.verdict is Verdict.PASS
    assert {each for each in proof.assumptions if "control policies" in each} == {
        "resource control policies of dev and prod allow everything ([proof] assume)",
        "service control policies of dev and prod allow everything ([proof] assume)",
    }


def test_what_the_organization_says_is_not_known_unless_it_is_assumed(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["done"](accounts)
    proof = Seen.by(work(edit=assuming_nothing)).prove()

    steps = [step for hop in website(proof).hops for step in hop.steps if step.request]
    assert {step.verdict for step in steps} == {Verdict.UNKNOWN}
    assert {hop.verdict for hop in website(proof).hops} == {Verdict.UNKNOWN, Verdict.PASS}
    assert proof.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(("scenario", "expected"), [("half-done", HALF_DONE), ("drifted", DRIFTED)])
def test_each_failing_hop_names_what_mends_it(
    accounts: EmbeddedAccounts, work: Any, scenario: str, expected: dict[str, set[str]]
) -> None:
    SCENARIOS[scenario](accounts)
    proof = Seen.by(work(extra=ASSUME)).prove()

    assert verdicts(proof) == dict.fromkeys(expected, "fail")
    assert repairs(proof) == expected


def test_each_failing_hop_names_the_side_that_lacks(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["half-done"](accounts)

    assert lacking(Seen.by(work(extra=ASSUME)).prove()) == {
        ("identity", "dev", f"policy {SERVICE} of role {SERVICE}"),
        ("identity", "prod", "policies of role prods3role"),
        ("resource", "prod", "trust policy of role prods3role"),
        ("resource", "dev", ARTIFACTS),
    }


@pytest.mark.usefixtures("accounts")
def test_in_empty_accounts_every_hop_fails_and_names_all_changes(work: Any) -> None:
    seen = Seen.by(work(extra=ASSUME))
    proof = seen.prove()

    assert verdicts(proof) == dict.fromkeys(HOPS, "fail")
    told = {slug for slugs in repairs(proof).values() for slug in slugs}
    assert told | {"key-alias"} == {change.slug for change in seen.plan().pending}


@pytest.mark.parametrize("grants", GRANTS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_is_proven_of_the_plan_is_so_once_it_is_applied(
    accounts: EmbeddedAccounts, work: Any, scenario: str, grants: str
) -> None:
    SCENARIOS[scenario](accounts)
    world = work(edit=granting(grants), extra=ASSUME)
    seen = Seen.by(world)
    planned = seen.prove(seen.plan())
    assert (open_steps(planned), planned.planned) == ([], True)

    world.apply()
    applied = Seen.by(world)
    assert open_steps(applied.prove()) == []
    assert applied.plan().pending == ()


@pytest.mark.parametrize(("bounds", "expected"), [("*", {}), ("s3:*", {"start": "fail"})])
def test_the_role_that_comes_with_a_rule_is_proven_within_its_boundary(
    accounts: EmbeddedAccounts, work: Any, bounds: str, expected: dict[str, str]
) -> None:
    SCENARIOS["done"](accounts)
    accounts.client("dev", "events").disable_rule(Name=doc.RULE)
    statement = {"Effect": "Allow", "Action": bounds, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = accounts.client("dev", "iam").create_policy(PolicyName="Bounds", PolicyDocument=document)
    world = work(extra=f'service_role.permissions_boundary = "{made["Policy"]["Arn"]}"\n{ASSUME}')
    seen = Seen.by(world)
    assert verdicts(seen.prove(seen.plan())) == expected

    world.apply()
    applied = Seen.by(world)
    assert verdicts(applied.prove()) == expected
    reason = applied.plan()["website/trigger"].reason
    assert ("permissions boundary Bounds does not allow it: take that away" in reason) is bool(expected)


def test_a_plan_is_the_same_whatever_the_proof_reads_beside_it(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["drifted"](accounts)
    for grants in GRANTS:
        world = work(edit=granting(grants), extra=ASSUME)
        assert Seen.by(world).plan().changes == world.plan().changes


ONLY_THE_PROOF = {
    "s3:GetBucketPolicy": 2,  # of source and output bucket
    "s3:GetBucketEncryption": 3,
    "s3:GetBucketOwnershipControls": 1,
    "s3:GetPublicAccessBlock": 2,
}
"""The calls that a plan does without."""


def test_no_call_is_made_twice_and_none_that_is_not_needed(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["done"](accounts)
    world = work(extra=ASSUME)
    world.plan()
    accounts.calls.clear()
    world.plan()
    planning, names = Counter(map(str, accounts.calls)), Counter(call.name for call in accounts.calls)
    accounts.calls.clear()
    Seen.by(world)
    proving = Counter(map(str, accounts.calls))

    assert planning <= proving
    assert {call for call, times in proving.items() if times > 1} == set()
    assert Counter(call.name for call in accounts.calls) - names == ONLY_THE_PROOF


NOT_MISSED = {
    "sts:GetCallerIdentity": "nothing of a proof rests on who reads",
    "codepipeline:ListPipelineExecutions": "nor on what runs at the moment",
    "s3:GetPublicAccessBlock": "no public ACL is set",
    "s3:GetBucketOwnershipControls": "the role that writes is of the bucket's account",
}


def test_no_read_that_is_refused_makes_a_verdict(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["done"](accounts)
    world = work(extra=ASSUME)
    accounts.calls.clear()
    Seen.by(world)
    calls = {call.name for call in accounts.calls}
    assert len(calls) > len(NOT_MISSED)

    for call in sorted(calls - NOT_MISSED.keys()):
        assert _without(accounts, world, call) is Verdict.UNKNOWN, call
    for call in sorted(calls & NOT_MISSED.keys()):
        assert _without(accounts, world, call) is Verdict.PASS, call


def _without(accounts: EmbeddedAccounts, world: Any, call: str) -> Verdict:
    accounts.faults.deny(call)
    proof = Seen.by(world).prove()
    accounts.faults.clear()
    assert not {step.verdict for hop in website(proof).hops for step in hop.steps} & {Verdict.FAIL}, call
    return proof.verdict


def test_a_read_that_is_refused_leaves_known_what_does_not_need_it(accounts: EmbeddedAccounts, work: Any) -> None:
    """Which policies prod's role has is not known then, but who may become it is."""
    SCENARIOS["done"](accounts)
    accounts.faults.deny("iam:ListRolePolicies", account="prod")
    proof = Seen.by(work(extra=ASSUME)).prove()

    assert verdicts(proof) == dict.fromkeys(("read-artifact", "decrypt-artifact", "write-output"), "unknown")


def test_an_account_out_of_scope_is_not_known(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["done"](accounts)
    proof = Seen.by(work(extra=ASSUME, only_accounts=("dev",))).prove()

    assert verdicts(proof) == dict.fromkeys(HOPS[4:], "unknown")


def test_each_change_says_what_it_mends(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["half-done"](accounts)
    seen = Seen.by(work(extra=ASSUME))
    proven = reconcile.proven_changes(seen.config, seen.live, seen.plan())

    assert {each.change: each.mends for each in proven if each.mends} == {
        "website/key-users": ("website/write-artifact",),
        "website/artifact-access": ("website/decrypt-artifact",),
        "website/output-access": ("website/write-output",),
        "website/deploy-action-role": ("website/assume-deploy-role",),
    }
    assert [each.change for each in proven if each.breaks] == []


def test_a_change_that_breaks_a_hop_says_so(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["done"](accounts)
    alias_moved(accounts)
    seen = Seen.by(work(extra=ASSUME))
    proven = reconcile.proven_changes(seen.config, seen.live, seen.plan())

    assert verdicts(seen.prove()) == {}
    assert {each.change: each.breaks for each in proven if each.breaks} == {
        "website/pipeline-key": ("website/decrypt-artifact",)
    }
    assert verdicts(seen.prove(seen.plan())) == {}


def test_what_is_granted_beyond_need_is_told(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["done"](accounts)
    told = {
        (each.account, each.policy, grant.principal, grant.resource): grant.actions
        for each in website(Seen.by(work(extra=ASSUME)).prove()).excess
        for grant in each.grants
    }
    prod, deploy = "arn:aws:iam::222222222222:root", "arn:aws:iam::222222222222:role/prods3role"
    output, artifacts = "arn:aws:s3:::codepipeline-output-bucket", "arn:aws:s3:::codepipeline-us-east-1-0123456789"
    assert told["dev", ARTIFACTS, prod, f"{artifacts}/*"] == ("s3:Get*", "s3:Put*")
    assert told["prod", "policy outputbucketdeployaccess of role prods3role", deploy, f"{output}/*"] == ("s3:Put*",)
    assert told["prod", "policy outputbucketdeployaccess of role prods3role", deploy, output] == ("s3:ListBucket",)
    assert not [each for each in told if "trust" in each[1]]


@pytest.mark.usefixtures("accounts")
def test_the_least_privilege_grants_nothing_beyond_need(work: Any) -> None:
    world = work(edit=granting("least-privilege"), extra=ASSUME)
    changes = reconcile.proven_changes(world.config, (seen := Seen.by(world)).live, seen.plan())
    assert [each.change for each in changes if each.excess] == []

    world.apply()
    assert website(Seen.by(world).prove()).excess == ()


def test_what_a_change_grants_beyond_need_is_told_with_it(accounts: EmbeddedAccounts, work: Any) -> None:
    SCENARIOS["half-done"](accounts)
    seen = Seen.by(work(extra=ASSUME))
    proven = reconcile.proven_changes(seen.config, seen.live, seen.plan())

    assert {each.change.partition("/")[2] for each in proven if each.excess} == {
        "artifact-access",
        "artifact-statements",
        "key-users",
        "output-access",
    }
