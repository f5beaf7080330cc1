"""R: which role the deploy action acts as, and what limits the roles' own policies."""

from __future__ import annotations

from collections.abc import Iterator

from reconcile import policy
from reconcile.policy.request import Side
from reconcile.proof import places
from reconcile.proof.checks.check import ERROR, INFO, WARNING, Evidence, check
from reconcile.proof.checks.lacks import Lack, lacks, told
from reconcile.proof.checks.statements import written
from reconcile.proof.checks.subject import Subject
from reconcile.proof.resources import Role

_PUT_DENIED = "You do not have sufficient permissions to call s3.putObject for the deployment bucket, <bucket>"
_INLINE_LIMIT = 10240
_NEARLY = 0.9


@check(
    "R1",
    ERROR,
    "The deploy action has no role of its own, so the pipeline's service role writes to the other account's bucket",
    fix="set the deploy action's roleArn to the deploy role; the console cannot, the pipeline's JSON can",
    symptom=f"{_PUT_DENIED}; or it succeeds, and the target account cannot read the objects",
    slugs=("deploy-action-role",),
    rather_than=("D1",),
)
def no_role(subject: Subject) -> Iterator[Evidence]:
    """A deploy action without roleArn to a bucket that is not the pipeline account's."""
    if _acts_itself(subject) and subject.deploy:
        yield Evidence(subject.dev.name, f"{subject.place_of(subject.deploy)}: no roleArn", subject.service_role)


def _acts_itself(subject: Subject) -> bool:
    deploy, output = subject.deploy, subject.output
    return deploy is not None and not deploy.role and (output.account_id if output else "") != subject.dev.id


@check(
    "R2",
    ERROR,
    "The deploy action's role is of another account than the output bucket",
    fix="name a role of the output bucket's account in the deploy action's roleArn",
    symptom=_PUT_DENIED,
    slugs=("deploy-action-role",),
    rather_than=("R20", "R21"),
)
def role_of_another_account(subject: Subject) -> Iterator[Evidence]:
    """By the account ids in roleArn and of the bucket's owner."""
    deploy, output = subject.deploy, subject.output
    if deploy and subject.acts_as_stranger:
        owner = output.account_id if output else subject.prod.id
        line = f"{subject.place_of(deploy)}, roleArn: {deploy.role}; the bucket is of {owner}"
        yield Evidence(subject.dev.name, line, deploy.role)


@check(
    "R10",
    ERROR,
    "A CloudFormation action passes a role of one account while it acts in another",
    fix="set roleArn of the action and RoleArn of its configuration to roles of the same account",
    symptom="Cross-account pass role is not allowed",
)
def passes_a_foreign_role(subject: Subject) -> Iterator[Evidence]:
    """By the account ids in the two ARNs."""
    for one in subject.actions:
        passed = one.configuration.get("RoleArn", "")
        if (
            (one.category, one.provider) == ("Deploy", "CloudFormation")
            and passed
            and places.account_id(passed) != subject.account_of(one)
        ):
            line = f"{subject.place_of(one)}: configuration.RoleArn {passed}, roleArn {one.role or 'not set'}"
            yield Evidence(subject.dev.name, line)


def _of_artifacts(subject: Subject, lack: Lack) -> bool:
    """Whether the deploy role's own policies lack something about artifacts or their key."""
    request = lack.request
    return (
        request.caller.arn == subject.deploy_role
        and lack.reason.side is Side.IDENTITY
        and (request.resource in subject.artifact_keys or subject.is_artifact(request.resource))
    )


@check(
    "R16",
    ERROR,
    "None of the deploy role's policies is about the artifacts: the one that is meant to be is not attached",
    fix="attach the policy that allows reading the artifacts and using their key (the article's devkmss3access)",
    symptom="Access Denied in the deploy action, when it reads the artifact",
    slugs=("artifact-access",),
    rather_than=("K5", "B1"),
)
def wrong_policies(subject: Subject) -> Iterator[Evidence]:
    """Of all that the role needs of artifacts and key its policies allow nothing, not even on another key."""
    lacking = {lack.request.action for lack in lacks(subject, lambda lack: _of_artifacts(subject, lack))}
    role = subject.role(subject.deploy_role) if {"kms:Decrypt", "s3:GetObject"} <= lacking else None
    if role is None:
        return
    held = list(subject.identity(role.arn))
    if not any(each.acts("kms:Decrypt") or each.acts("s3:GetObject") for each in written(*held)):
        names = ", ".join(each.name.partition(" of role ")[0] for each in held) or "no policy"
        yield Evidence(role.account, f"role {role.name} has {names}", role.arn)


@check(
    "R17",
    ERROR,
    "A permissions boundary keeps a role of the chain from what its policies allow",
    fix="widen the boundary, or use a role without it",
    symptom="Access Denied, with no mention of the boundary in older services' texts",
)
def bounded(subject: Subject) -> Iterator[Evidence]:
    """What the boundary's side of any request lacks."""
    yield from told(subject, lacks(subject, lambda lack: lack.reason.side is Side.BOUNDARY))


@check(
    "R18",
    WARNING,
    "A role's inline policies have nearly the size that IAM takes, and the next deployment adds to them",
    fix="move statements into managed policies, or name roles by a pattern",
    symptom="Maximum policy size of 10240 bytes exceeded for role <role>",
)
def inline_policies_full(subject: Subject) -> Iterator[Evidence]:
    """From nine tenths of the limit on."""
    for arn in (subject.service_role, subject.deploy_role):
        role = subject.role(arn)
        inline = [each for each in subject.identity(arn) if each.name.startswith("inline policy ")]
        size = sum(policy.size(dict(each.document or {})) for each in inline)
        if role and size >= _NEARLY * _INLINE_LIMIT:
            yield Evidence(role.account, f"role {role.name}: {size} of {_INLINE_LIMIT} characters", arn)


@check(
    "R19",
    INFO,
    "The service role's policy is fenced to its own account: it cannot touch another account's bucket by itself",
    fix="leave the fence, and let the deploy action assume a role of the target account",
    symptom=_PUT_DENIED,
    slugs=("deploy-action-role",),
)
def fenced(subject: Subject) -> Iterator[Evidence]:
    """A condition on aws:ResourceAccount, where the service role is to write the output itself."""
    for each in written(*subject.identity(subject.service_role)) if _acts_itself(subject) else ():
        fences = [values for _, key, values in each.conditions if key == "aws:resourceaccount"]
        if fences and each.acts("s3:PutObject"):
            yield Evidence(each.policy.account, f"{each.place}, aws:ResourceAccount: {', '.join(fences[0])}")


@check(
    "R20",
    ERROR,
    "The deploy role was made in the pipeline's account instead of the target's, where it has no effect",
    fix="make the role in the target account and name that one in the deploy action",
    symptom="InvalidStructureException, or Access Denied: the role does not exist where it is looked for",
    slugs=("deploy-role", "deploy-action-role"),
    rather_than=("R21",),
)
def role_in_the_wrong_account(subject: Subject) -> Iterator[Evidence]:
    """No role of that ARN, but one of that name in the pipeline's account."""
    if places.account_id(subject.deploy_role) != subject.dev.id and subject.role(subject.deploy_role) is None:
        found = subject.world.role_named(subject.dev, subject.deploy_role.rpartition("/")[2])
        if isinstance(found, Role):
            yield Evidence(
                found.account, f"role {found.arn} is there, {subject.deploy_role} is not", subject.deploy_role
            )


@check(
    "R21",
    ERROR,
    "The deploy role does not exist in the target account",
    fix="make the role, with its trust and its policies, before the pipeline names it",
    symptom="The role with name <role> cannot be found (NoSuchEntity), or InvalidStructureException",
    slugs=("deploy-role", "trust-policy", "output-access", "artifact-access"),
    rather_than=("B1", "D1", "D2", "D7", "K5", "R3"),
)
def no_deploy_role(subject: Subject) -> Iterator[Evidence]:
    """By its ARN: a role of that name on another path is another role."""
    if subject.role(subject.deploy_role) is None:
        account = subject.world.account(places.account_id(subject.deploy_role))
        yield Evidence(account, f"{subject.deploy_role} does not exist", subject.deploy_role)


CHECKS = (
    no_role,
    role_of_another_account,
    passes_a_foreign_role,
    wrong_policies,
    bounded,
    inline_policies_full,
    fenced,
    role_in_the_wrong_account,
    no_deploy_role,
)

LEFT_OUT = {
    "R11": "it is about who edits the pipeline, not about what the pipeline may; AWS names it when it is edited",
    "R15": "it passes by itself within seconds of a write; applying waits it out",
}
