"""The least privilege is the least: without one action on one resource of it the proof fails, and says where."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from functional.proven import ASSUME, Seen, granting, lacking, open_steps
from reconcile.policy import statements
from reconcile.policy.normal import listed
from reconcile.proof.values import Verdict

ACL = 'output = { bucket = "codepipeline-output-bucket" }'


def _edited(text: str) -> str:
    with_acl = text.replace(ACL, ACL.replace(" }", ', canned_acl = "bucket-owner-full-control" }'))
    return str(granting("least-privilege")(with_acl))


@pytest.mark.usefixtures("accounts")
def test_no_action_on_no_resource_can_be_done_without(work: Any) -> None:
    world = work(edit=_edited, extra=ASSUME)
    world.apply()
    seen = Seen.by(world)
    assert open_steps(seen.prove()) == []

    where = Counter(
        _where(seen, policy, without)
        for policy in _policies(dict(seen.live.documents))
        for without in _without_one(policy)
    )
    assert where == {
        ("identity", "dev"): 11,  # the service role's buckets, its use of the key, and the role it becomes
        ("identity", "prod"): 7,  # output with its ACL, artifacts, key
        ("resource", "dev"): 6,  # artifact bucket and key for prod, and that CodePipeline becomes the service role
        ("resource", "prod"): 1,  # the trust of the role that deploys
    }


def _where(seen: Seen, policy: dict[str, Any], without: dict[str, Any]) -> tuple[str, str]:
    """Which side of which account the proof finds lacking with one policy in place of the other."""
    documents = {key: _replaced(each, policy, without) for key, each in seen.live.documents.items()}
    proof = seen.having(documents).prove()
    sides = {(side, account) for side, account, _ in lacking(proof)}
    assert (proof.verdict, len(sides)) == (Verdict.FAIL, 1), without
    return sides.pop()


def _policies(value: Any) -> list[dict[str, Any]]:
    """Every policy document somewhere in a value that holds statements of ours, each once."""
    found = {json.dumps(each, sort_keys=True): each for each in _walked(value)}
    return list(found.values())


def _walked(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if any(str(each.get("Sid", "")).startswith("Xacct") for each in statements(_policy(value))):
            yield value
        else:
            for key, item in value.items():
                yield from () if key == "beside" else _walked(item)


def _policy(value: dict[str, Any]) -> dict[str, Any] | None:
    return value if isinstance(value.get("Statement"), list) else None


def _without_one(policy: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for number, statement in enumerate(statements(policy)):
        if not str(statement.get("Sid", "")).startswith("Xacct") or statement["Effect"] != "Allow":
            continue
        for action in listed(statement["Action"]):
            for resource in listed(statement.get("Resource", "")):
                rest = list(_rest(statement, action, resource))
                others = statements(policy)
                yield {**policy, "Statement": [*others[:number], *rest, *others[number + 1 :]]}


def _rest(statement: dict[str, Any], action: str, resource: str) -> Iterator[dict[str, Any]]:
    """What is left of a statement: all other actions, and this one on all other resources."""
    if actions := [each for each in listed(statement["Action"]) if each != action]:
        yield {**statement, "Action": actions}
    if resources := [each for each in listed(statement.get("Resource", "")) if each != resource]:
        yield {**statement, "Action": action, "Resource": resources}


def _replaced(value: Any, old: dict[str, Any], new: dict[str, Any]) -> Any:
    if value == old:
        return new
    if isinstance(value, dict):
        return {key: _replaced(item, old, new) for key, item in value.items()}
    return value


@pytest.mark.usefixtures("accounts")
def test_what_another_deployment_of_the_accounts_needs_is_no_excess(work: Any) -> None:
    """Both have statements in the policies of one bucket and of one key."""
    grants = '[deployments.website]\ngrants = "least-privilege"\n', '[deployments.manual]\ngrants = "least-privilege"\n'

    def least(text: str) -> str:
        return text.replace("[deployments.website]\n", grants[0]).replace("[deployments.manual]\n", grants[1])

    world = work("two-deployments", edit=least, extra=ASSUME)
    world.apply()
    proof = Seen.by(world).prove()
    assert open_steps(proof) == []
    assert [excess for each in proof.deployments for excess in each.excess] == []
