"""The role by which an EventBridge rule starts a pipeline: what one is made with, and whether a live one may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconcile import contexts, grants, statement_parts
from reconcile.change import Address
from reconcile.errors import AccessProblem, XacctError
from reconcile.identity_policies import identity_policies, managed_policy
from reconcile.policy import Need
from reconcile.policy.evaluation import evaluate
from reconcile.policy.request import Answer, Caller, CallerType, Decision, Effect, HeldPolicy, Policies, Request, Side
from reconcile.reads import Reads, found

EVENTS = "events.amazonaws.com"
START = "codepipeline:StartPipelineExecution"
POLICY = "start-pipeline"
"""The inline policy of a role that is made for a rule."""
PATH = "/service-role/"


def trust() -> dict[str, Any]:
    """The trust policy that a rule's role is made with."""
    return _document(Need(("Service", EVENTS), ("sts:AssumeRole",)))


def policy(pipeline_arn: str) -> dict[str, Any]:
    """The inline policy that a rule's role is made with."""
    return _document(grants.start_pipeline(pipeline_arn).need)


def ask(reads: Reads, account: str, role_arn: str) -> None:
    """Have what :func:`hindrance` looks at first be read, while something else is waited for."""
    name = role_arn.rpartition("/")[2]
    for operation in ("get_role", "list_attached_role_policies", "list_role_policies"):
        reads.start(account, "iam", operation, RoleName=name)


def hindrance(reads: Reads, address: Address, rule_arn: str, role_arn: str) -> dict[str, Any] | None:
    """Why the rule does not start the pipeline at the address by this role: ``{"told", "lasting"}``.

    ``lasting`` says that no grant would end it: a statement denies it, or the role's permissions boundary does not
    allow it. None where the role may start the pipeline, and where nobody knows: what cannot be seen, or follows from
    no configuration, is not taken for broken.
    """
    account = reads.clients.accounts[address.account]
    if f"::{account.id}:" not in role_arn:
        return {"told": f"role {role_arn} is of another account than the rule", "lasting": False}
    try:
        role = _read(reads, address.account, role_arn)
    except AccessProblem:
        raise
    except XacctError:
        return None
    if role is None:
        return {"told": f"role {role_arn} does not exist", "lasting": False}
    event = {**contexts.OUTSIDE, **contexts.by_service(rule_arn, account.id)}
    become = Request(Caller(CallerType.SERVICE, EVENTS), "sts:AssumeRole", role_arn, account.id, event)
    pipeline, call = account.pipeline_arn(address.name), {**contexts.OUTSIDE, **contexts.plain(address.region)}
    start = Request(Caller(CallerType.ROLE, role_arn), START, pipeline, account.id, call)
    untrusting = _told(evaluate(become, role.trust), f"role {role.name} does not trust {EVENTS}")
    return untrusting or _told(evaluate(start, role.own), f"role {role.name} may not start {address.name}")


@dataclass(frozen=True, slots=True)
class _Role:
    name: str
    trust: Policies
    """What decides who becomes the role."""
    own: Policies
    """What decides what the role may."""


def _read(reads: Reads, account: str, arn: str) -> _Role | None:
    name = arn.rpartition("/")[2]
    asked = reads.start(account, "iam", "get_role", RoleName=name)
    policies, answer = identity_policies(reads, account, name), found(asked, "NoSuchEntity")
    if answer is None or policies is None or answer["Role"]["Arn"] != arn:
        return None
    role = answer["Role"]
    bound = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    trust = HeldPolicy(account, "its trust policy", statement_parts.parsed(role["AssumeRolePolicyDocument"]))
    held = tuple(_held(account, policies)) or (HeldPolicy(account, "its policies", None),)
    boundary = _boundary(reads, account, bound) if bound else None
    return _Role(name, Policies(resource=trust), Policies(identity=held, boundary=boundary))


def _held(account: str, policies: Mapping[str, Any]) -> Iterator[HeldPolicy]:
    for arn, each in policies["attached"].items():
        yield HeldPolicy(account, f"policy {arn.rpartition('/')[2]}", each["document"])
    for name, document in policies["inline"].items():
        yield HeldPolicy(account, f"inline policy {name}", document)


def _boundary(reads: Reads, account: str, arn: str) -> HeldPolicy:
    name = f"permissions boundary {arn.rpartition('/')[2]}"
    read = managed_policy(reads, account, arn)
    return HeldPolicy(account, name, read and read["document"], unreadable="" if read else "it was not found")


def _told(decision: Decision, what: str) -> dict[str, Any] | None:
    if decision.answer is not Answer.DENIED:
        return None
    for reason in decision.reasons:
        if reason.effect is Effect.DENIES:
            named = reason.sid or f"number {(reason.statement or 0) + 1}"
            return {"told": f"{what}: statement {named} of {reason.policy} denies it", "lasting": True}
        if reason.side is Side.BOUNDARY:
            return {"told": f"{what}: {reason.policy} does not allow it", "lasting": True}
    return {"told": what, "lasting": False}


def _document(need: Need) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [need.statement()]}
