"""R: who may assume the roles, and whom their policies still name."""

from __future__ import annotations

from collections.abc import Iterator

from reconcile.policy import dead_principals
from reconcile.policy.request import HeldPolicy, Side
from reconcile.proof import places
from reconcile.proof.checks.check import ERROR, WARNING, Evidence, check
from reconcile.proof.checks.lacks import Lack, about, lacks, told
from reconcile.proof.checks.statements import Written, arns, written
from reconcile.proof.checks.subject import Subject
from reconcile.proof.resources import Role

_NOT_AUTHORIZED = "InvalidStructureException: <service role> is not authorized to perform AssumeRole on role <role>"


def _keeps_out(subject: Subject) -> bool:
    """Whether the deploy role's trust policy keeps the service role out."""

    def of_trust(lack: Lack) -> bool:
        request = lack.request
        return request.action == "sts:AssumeRole" and request.resource == subject.deploy_role and _is_theirs(lack)

    return any(lacks(subject, of_trust))


def _is_theirs(lack: Lack) -> bool:
    return lack.reason.side is Side.RESOURCE


def _trusting(subject: Subject) -> Iterator[Written]:
    """The statements by which the deploy role lets anybody in."""
    return (each for each in written(*subject.trust(subject.deploy_role)) if each.allows)


@check(
    "R3",
    ERROR,
    "A role of the chain cannot be assumed by who has to: it takes the right to assume it, and its trust",
    fix="allow sts:AssumeRole on the role in a policy of the one who assumes it, and name that one in its trust policy",
    symptom=_NOT_AUTHORIZED,
    slugs=("assume-policy", "trust-policy", "service-role"),
)
def not_assumable(subject: Subject) -> Iterator[Evidence]:
    """Both sides of the deploy role's assumption, and CodePipeline's of the service role."""

    def assumes(role: str, side: Side) -> Iterator[Lack]:
        wanted = ("sts:AssumeRole", role, side)
        return lacks(subject, lambda lack: (lack.request.action, lack.request.resource, lack.reason.side) == wanted)

    yield from told(subject, assumes(subject.deploy_role, Side.IDENTITY), slugs=("assume-policy",))
    yield from told(subject, assumes(subject.deploy_role, Side.RESOURCE), slugs=("trust-policy",))
    yield from told(subject, assumes(subject.service_role, Side.RESOURCE), slugs=("service-role",))


@check(
    "R4",
    ERROR,
    "The deploy role trusts others, such as an AWS service, and not the pipeline's service role",
    fix="name the service role in the deploy role's trust policy: it is the pipeline's role that assumes it",
    symptom=_NOT_AUTHORIZED,
    slugs=("trust-policy",),
    rather_than=("R3",),
)
def trusts_others(subject: Subject) -> Iterator[Evidence]:
    """The trust policy lets somebody in, but no statement of it is about the service role."""
    trusting = list(_trusting(subject)) if _keeps_out(subject) else []
    root = f"arn:{subject.dev.partition}:iam::{places.account_id(subject.service_role)}:root"
    if arns(trusting).isdisjoint({subject.service_role, root, "*"}):
        for each in trusting:
            names = ", ".join(name for _, name in each.principals) or "NotPrincipal"
            line = f"{each.place}: {names}; the service role is {subject.service_role}"
            yield Evidence(each.policy.account, line, subject.deploy_role)


@check(
    "R5",
    ERROR,
    "The deploy role trusts a role of the service role's name on another path",
    fix="write the service role's ARN as IAM shows it, with its path (service-role/)",
    symptom="Invalid principal in policy when the trust policy is saved, or " + _NOT_AUTHORIZED,
    slugs=("trust-policy",),
    rather_than=("R3", "R4"),
)
def trust_without_path(subject: Subject) -> Iterator[Evidence]:
    """As principal or as aws:PrincipalArn: same account, same name, another ARN."""
    for each in _trusting(subject) if _keeps_out(subject) else ():
        pinned = [value for _, key, values in each.conditions if key == "aws:principalarn" for value in values]
        for name in sorted({*arns([each]), *pinned}):
            if name != subject.service_role and _same_name(name, subject.service_role):
                line = f"{each.place}: {name}; the service role is {subject.service_role}"
                yield Evidence(each.policy.account, line, subject.deploy_role)


def _same_name(one: str, other: str) -> bool:
    same_account = places.account_id(one) == places.account_id(other)
    return same_account and ":role/" in one and one.rpartition("/")[2] == other.rpartition("/")[2]


@check(
    "R6",
    ERROR,
    "A policy names a deleted principal by its old id, which a role made anew under the same name does not match",
    fix="save the policy again with the role's ARN; an account's root with a condition on aws:PrincipalArn survives "
    "that a role is made anew",
    symptom="Access Denied, although the policy looks right; CloudFormation's drift detection does not see it",
    rather_than=("R3", "R4", "K4", "K7", "B1", "B3", "B4"),
)
def stale_principal(subject: Subject) -> Iterator[Evidence]:
    """An AROA or AIDA id as principal; a warning where nothing of the chain lacks by it."""
    lacking = about(subject, lambda lack: lack.on_resource)
    for owner, held, slugs in _naming_principals(subject):
        for dead in dead_principals(held.document):
            line = f"{held.name}, Principal: {dead}"
            severity = None if owner in lacking else WARNING
            yield Evidence(held.account, line, owner, slugs, severity=severity)


def _naming_principals(subject: Subject) -> Iterator[tuple[str, HeldPolicy, tuple[str, ...]]]:
    yield from ((subject.deploy_role, held, ("trust-policy",)) for held in subject.trust(subject.deploy_role))
    yield from ((arn, held, ("key-users", "key-sharing")) for arn, held in subject.key_policies)
    yield from ((arn, held, ("artifact-statements",)) for arn, held in subject.artifact_policies)


@check(
    "R7",
    ERROR,
    "The artifact bucket's policy asks for the role id of a role that is not there any more",
    fix="put the role's id of today into the condition on aws:userid, or use aws:PrincipalArn instead",
    symptom="The service role gets S3 access denied for the bucket, since the day it was made anew",
    rather_than=("B1", "B3", "B4"),
)
def id_of_another_role(subject: Subject) -> Iterator[Evidence]:
    """A condition on aws:userid that names a role id, none of them that of the role that is kept out."""
    for arn in (subject.service_role, subject.deploy_role):
        role = subject.role(arn)
        if role and role.unique_id:
            yield from _other_ids(subject, role)


def _other_ids(subject: Subject, role: Role) -> Iterator[Evidence]:
    kept_out = about(subject, lambda lack: _is_theirs(lack) and lack.request.caller.arn == role.arn)
    for owner, held in subject.artifact_policies:
        for each in written(held) if owner in kept_out else ():
            for _, key, values in each.conditions:
                ids = [value for value in values if value.startswith("AROA")]
                if key == "aws:userid" and ids and not any(one.startswith(role.unique_id) for one in ids):
                    line = f"{each.place}, aws:userid: {', '.join(ids)}; {role.name} is {role.unique_id}"
                    yield Evidence(held.account, line, owner)


@check(
    "R8",
    WARNING,
    "The deploy role trusts a whole account: every role there with sts:AssumeRole can write to the output",
    fix="name the service role, or add a condition ArnEquals aws:PrincipalArn with its ARN",
    symptom="None: the pipeline works, and so does everybody else in that account",
)
def trusts_an_account(subject: Subject) -> Iterator[Evidence]:
    """The root of another account, or everyone, without a condition that says who."""
    for each in _trusting(subject):
        for name in sorted(arns([each])):
            wide = name == "*" or (name.endswith(":root") and f":{places.account_id(subject.deploy_role)}:" not in name)
            if wide and each.open:
                yield Evidence(each.policy.account, f"{each.place}: {name} without a condition on who calls")


CHECKS = (
    not_assumable,
    trusts_others,
    trust_without_path,
    stale_principal,
    id_of_another_role,
    trusts_an_account,
)

LEFT_OUT = {
    "R9": "no user reported it; the chain knows that CodePipeline sends neither external id nor MFA, and names the key",
}
