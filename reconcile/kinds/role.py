"""The two roles: dev's service role with its trust and base policy, and prod's role for the deployment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from reconcile import addresses, grants, policy, statement_parts
from reconcile.change import Address, Part, Value, Want
from reconcile.desired import Account, Config, Deployment
from reconcile.errors import Blocked
from reconcile.identity_policies import identity_policies
from reconcile.kinds.protocol import Assessment, Document, Kind
from reconcile.propagation import Writes
from reconcile.reads import Reads, found
from reconcile.role_writing import BASE, create_role, delete_role, put_base
from reconcile.trust import nobody, put_trust, without_nobody

_ESSENTIAL = frozenset({"s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:GetBucketVersioning"})
"""Without these the pipeline fails; the rest of the base policy is written, but not missed where it is not there:
the console's own policies of the last years differ in it."""


class RoleKind(Kind):
    """``{"arn", "path", "permissions_boundary", "trust", "attached", "inline"}``.

    The part ``role`` is the role's existence: ``{"path", "permissions_boundary"}``. The part ``service-role`` holds
    its trust and base policy too: ``{…, "trust": [statement], "policy": [statement]}``.

    IAM takes no empty trust policy: a Deny for everybody stands for one, see :mod:`reconcile.kinds.trust_policy`.
    """

    name = "role"
    services = ("iam",)
    confirmations = 4

    def wants(self, config: Config, deployment: Deployment) -> Iterable[Want]:
        """The service role in dev, the deploy role in prod."""
        yield self._service_role(config, deployment)
        role = deployment.deploy_role
        yield Want(
            deployment=deployment.name,
            slug="deploy-role",
            address=addresses.prod(config, deployment, self.name, f"iam:role/{role.name}"),
            part=Part("role"),
            value={"path": role.path, "permissions_boundary": role.permissions_boundary or None},
            title=f"role {role.name}, which the pipeline assumes to deploy",
            creates=True,
            tags=deployment.tags,
            create_missing=deployment.missing == "create",
        )

    def _service_role(self, config: Config, deployment: Deployment) -> Want:
        role = deployment.service_role
        trust, base = grants.service_trust(), grants.service_role_base(config, deployment)
        return Want(
            deployment=deployment.name,
            slug="service-role",
            address=addresses.dev(config, deployment, self.name, f"iam:role/{role.name}"),
            part=Part("service-role", (trust.sid, *grants.sids(base))),
            value={
                "path": role.path,
                "permissions_boundary": role.permissions_boundary or None,
                "trust": [trust.statement],
                "policy": grants.statements(base),
            },
            title=f"service role {role.name}, its trust and base policy",
            creates=True,
            grants=grants.granted(base, addresses.service_role(config, deployment, "arn")),
            known={
                "aws:resourceaccount": config.pipeline_account(deployment).id,
                # by these a trust is kept to the pipeline it is for; a looser one beside it would undo that
                "aws:sourceaccount": config.pipeline_account(deployment).id,
                "aws:sourcearn": deployment.pipeline_arn(config),
            },
            tags=deployment.tags,
            create_missing=deployment.missing == "create",
        )

    def read(self, reads: Reads, address: Address) -> Document | None:
        """GetRole, and every policy of the role."""
        asked = reads.start(address.account, "iam", "get_role", RoleName=address.name)
        policies = identity_policies(reads, address.account, address.name)
        answer = found(asked, "NoSuchEntity")
        if answer is None or policies is None:
            return None
        role = answer["Role"]
        return {
            "arn": role["Arn"],
            "path": role["Path"],
            "permissions_boundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "trust": statement_parts.parsed(role["AssumeRolePolicyDocument"]),
            **policies,
        }

    def facts(self, account: Account, address: Address, value: Value, document: Document | None) -> Mapping[str, str]:
        """The ARN: the live one, whose path may differ from the TOML's, else the one that follows from the TOML."""
        predicted = f"arn:{account.partition}:iam::{account.id}:role{value['path']}{address.name}"
        arn = (document or {}).get("arn", predicted)
        return {"arn": arn, "principal": arn}

    def aim(self, document: Document | None, want: Want) -> Value:
        """A role that exists keeps its path and boundary; the service role gets what it lacks."""
        if document is None:
            return want.value
        live = self.get(document, want.part)
        if want.part.name == "role":
            return live
        _refuse_denied(document, want)
        return {
            **live,
            **({} if _trusts_codepipeline(document, want) else {"trust": want.value["trust"]}),
            **({} if _has_essentials(document, want) else {"policy": want.value["policy"]}),
        }

    def between(self, before: Value, after: Value) -> Iterable[Value]:
        """The base policy is written after the role and its trust, and goes before the role does."""
        if "policy" in (after or before):
            yield {**(after or before), "policy": (before or {}).get("policy") if after else None}

    def assess(self, document: Document | None, part: Part, after: Value) -> Assessment:
        """A role that others attach policies to stays."""
        del part
        if document is None and after is not None:
            return Assessment(notes=("rolled back only while nothing else is attached to the role",))
        return Assessment()

    def get(self, document: Document | None, part: Part) -> Value:
        """The role's own fields, and for the service role our statements in trust and base policy."""
        if document is None:
            return None
        value = {key: document[key] for key in ("path", "permissions_boundary")}
        if part.name == "role":
            return value
        return {
            **value,
            "trust": statement_parts.get(document["trust"], part),
            "policy": statement_parts.get(document["inline"].get(BASE), part),
        }

    def put(self, document: Document | None, part: Part, value: Value) -> Document | None:
        """Existence, and our trust and base policy; Blocked where what others attached or wrote would go too."""
        if value is None:
            _refuse_to_take_others(document, part)
            return None
        own = document or {"arn": "", "trust": nobody(), "attached": {}, "inline": {}}
        role = {**own, "path": value["path"], "permissions_boundary": value["permissions_boundary"]}
        if part.name == "role":
            return role
        trust = statement_parts.put(without_nobody(own["trust"]), part, value["trust"])
        base = statement_parts.put(own["inline"].get(BASE), part, value["policy"])
        others = {name: text for name, text in own["inline"].items() if name != BASE}
        return {**role, "trust": trust or nobody(), "inline": {**others, **({BASE: base} if base else {})}}

    def write(
        self,
        writes: Writes,
        address: Address,
        before: Document | None,
        after: Document | None,
        tags: Mapping[str, str],
    ) -> str:
        """CreateRole, UpdateAssumeRolePolicy, PutRolePolicy and their opposites, as far as they are needed."""
        if after is None:
            delete_role(writes, address, before or {"inline": {}})
            return ""
        if before is None:
            create_role(writes, address, after, tags)
        elif not policy.equal(before["trust"], after["trust"]):
            put_trust(writes, address, after["trust"])
        put_base(writes, address, (before or {"inline": {}})["inline"].get(BASE), after["inline"].get(BASE))
        return ""


def _refuse_to_take_others(document: Document | None, part: Part) -> None:
    if document is None:
        return
    trust = without_nobody(statement_parts.put(document["trust"], part, None))
    base = document["inline"].get(BASE)
    others = [
        *document["attached"],
        *(name for name in document["inline"] if name != BASE),
        *(f"the statement {name} in {BASE}" for name in statement_parts.others(base, part)),
        *(f"the trust {name}" for name in statement_parts.others(trust, part)),
    ]
    if others:
        raise Blocked(f"{document['arn']} also has {', '.join(others)}: it stays, since others rely on it")


def _trusts_codepipeline(document: Document, want: Want) -> bool:
    return not policy.uncovered(document["trust"], grants.service_trust().need, known=want.known)


def _has_essentials(document: Document, want: Want) -> bool:
    """Whether the role's policies, taken together, grant what the pipeline cannot do without."""
    granted = _granted(document)
    return not any(policy.uncovered(granted, need, known=want.known) for need in _essentials(want))


def _refuse_denied(document: Document, want: Want) -> None:
    """Raise Blocked where a statement denies to CodePipeline, or to the role, what no Allow could give then."""
    trust = without_nobody(document["trust"])
    if denying := policy.forbidding(trust, grants.service_trust().need, known=want.known):
        raise Blocked(f"{denying[0]} of the trust policy denies it to CodePipeline: change that statement first")
    for index, each in enumerate(policy.statements(_granted(document))):
        if each.get("Effect") == "Deny" and _takes_all_of_one(each, want):
            name = policy.statement_name(each, index)
            raise Blocked(f"{name} of the role's policies denies it: change that statement first")


def _takes_all_of_one(deny: Mapping[str, Any], want: Want) -> bool:
    """Whether nothing is left to the role of a resource; some of its objects may well be kept from it."""
    alone = statement_parts.together([{"Statement": [{**deny, "Effect": "Allow"}]}])
    return any(
        len(policy.uncovered(alone, need, known=want.known)) < len(need.actions) * len(need.resources)
        for need in _essentials(want)
    )


def _granted(document: Document) -> Document:
    attached = [each["document"] for each in document["attached"].values()]
    return statement_parts.together([*attached, *document["inline"].values()])


def _essentials(want: Want) -> Iterator[policy.Need]:
    for need in map(policy.Need.of, want.value["policy"]):
        if essential := tuple(action for action in need.actions if action in _ESSENTIAL):
            yield replace(need, actions=essential)


KIND = RoleKind()
