"""Policies that a role is to have: each exists under its name, is attached, and grants what is wanted.

What counts is what the role is granted, not where it is written: any policy of the role may hold it. Only what is
missing goes into the named policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reconcile import addresses, grants, policy, statement_parts
from reconcile.change import Address, Part, Value, Want
from reconcile.desired import Account, Config, Deployment
from reconcile.errors import Blocked
from reconcile.identity_policies import identity_policies, managed_policy
from reconcile.kinds.protocol import Assessment, Document, Kind
from reconcile.managed_policy import VERSIONS, create_policy, delete_policy, make_default, same_text
from reconcile.propagation import Writes
from reconcile.reads import Reads

_LIMIT = 6144


class RolePolicyKind(Kind):
    """``{"arn", "document", "versions", "attached", "beside"}`` of one named policy and the role that holds it.

    ``document`` is None where there is no policy of that name; ``beside`` is one document with all that the role's
    other policies say. The part's value is ``{"attached", "policy", "statements"}``, None without a policy: all parts
    of one policy share whether it is there and attached.
    """

    name = "role-policy"
    services = ("iam",)

    def wants(self, config: Config, deployment: Deployment) -> Iterable[Want]:
        """The service role may assume; prod's role may write the output, read the artifacts and use the key."""
        service, deploy = deployment.service_role, deployment.deploy_role
        dev, prod = addresses.dev, addresses.prod
        yield self._want(
            deployment,
            "assume-policy",
            dev(config, deployment, self.name, f"iam:policy/{service.assume_policy}", holder=service.name),
            grants.assume_deploy_role(config, deployment),
            f"the service role may assume {deploy.name}",
            ("service-role", {}),
        )
        yield self._want(
            deployment,
            "output-access",
            prod(config, deployment, self.name, f"iam:policy/{deploy.output_policy}", holder=deploy.name),
            grants.output_access(config, deployment),
            f"{deploy.name} may write to {deployment.output.bucket}",
            ("deploy-role", _within(config.target_account(deployment))),
        )
        yield self._want(
            deployment,
            "artifact-access",
            prod(config, deployment, self.name, f"iam:policy/{deploy.artifact_policy}", holder=deploy.name),
            grants.artifact_access(config, deployment),
            f"{deploy.name} may read artifacts and use their key",
            ("deploy-role", _within(config.pipeline_account(deployment))),
        )

    def _want(
        self,
        deployment: Deployment,
        slug: str,
        address: Address,
        wanted: tuple[grants.Wanted, ...],
        title: str,
        holder: tuple[str, Mapping[str, str]],
    ) -> Want:
        role_slug, known = holder
        return Want(
            deployment=deployment.name,
            slug=slug,
            address=address,
            part=Part("policy", grants.sids(wanted)),
            value={"attached": True, "policy": address.name, "statements": grants.statements(wanted)},
            title=title,
            requires=(role_slug,),
            grants=grants.granted(wanted, address.holder),
            known=known,
            tags=deployment.tags,
        )

    def read(self, reads: Reads, address: Address) -> Document | None:
        """Every policy of the role; the named one is looked up by itself where it is not attached."""
        arn = f"arn:{reads.partition(address.account)}:iam::{reads.owner(address.account)}:policy/{address.name}"
        own = f"::{reads.owner(address.account)}:policy/"
        policies = identity_policies(reads, address.account, address.holder) or {"attached": {}, "inline": {}}
        attached = {each for each in policies["attached"] if own in each and each.rpartition("/")[2] == address.name}
        arn = next(iter(attached), arn)
        named = policies["attached"].get(arn) or managed_policy(reads, address.account, arn)
        others = [each["document"] for name, each in policies["attached"].items() if name != arn]
        return {
            "arn": arn,
            "document": statement_parts.parsed(named["document"]) if named else None,
            "versions": named["versions"] if named else [],
            "attached": bool(attached),
            "beside": statement_parts.together([*others, *policies["inline"].values()]),
        }

    def aim(self, document: Document | None, want: Want) -> Value:
        """In sync where the role is granted it all; else the named policy, attached, with what it lacks."""
        live = document or _NOTHING
        needs = [policy.Need.of(statement) for statement in want.value["statements"]]
        beside, named = live["beside"], live["document"]
        in_force = statement_parts.together([beside, named]) if live["attached"] else beside
        _refuse_denied(in_force, needs)
        if not _lacking(in_force, needs, want.known):
            return self.get(document, want.part)
        value = dict(want.value)
        if named is not None and not _lacking(statement_parts.together([beside, named]), needs, want.known):
            value["statements"] = statement_parts.get(named, want.part) or []
        after = statement_parts.put(named, want.part, value["statements"])
        statement_parts.refuse_oversized(after, _LIMIT, f"policy {want.address.name}")
        return value

    def assess(self, document: Document | None, part: Part, after: Value) -> Assessment:
        """A sixth version makes the oldest go."""
        live = document or _NOTHING
        changed = after is not None and (self.get(document, part) or {}).get("statements") != after["statements"]
        if changed and len(live["versions"]) >= VERSIONS:
            oldest = live["versions"][0]
            return Assessment(
                notes=(f"the policy has {VERSIONS} versions: unless one of them fits, {oldest} is deleted",)
            )
        return Assessment()

    def between(self, before: Value, after: Value) -> Iterable[Value]:
        """A policy is written before it is attached, and detached before it is written or deleted."""
        if after is not None:
            yield {**after, "attached": False}
        if before is not None and not (after or {}).get("attached"):
            yield {**before, "attached": False}

    def get(self, document: Document | None, part: Part) -> Value:
        """Whether the policy is attached, and our statements in it."""
        live = document or _NOTHING
        if live["document"] is None:
            return None
        return {
            "attached": live["attached"],
            "policy": live["arn"].rpartition("/")[2],
            "statements": statement_parts.get(live["document"], part) or [],
        }

    def put(self, document: Document | None, part: Part, value: Value) -> Document | None:
        """Attachment, and our statements replaced; None takes the policy away, Blocked if others write in it."""
        live = document or _NOTHING
        if value is None:
            if others := statement_parts.others(live["document"], part):
                raise Blocked(f"{live['arn']} also says {', '.join(others)}: it stays, since others rely on it")
            return {**live, "document": None, "attached": False, "versions": []}
        if not (text := statement_parts.put(live["document"], part, value["statements"])):
            raise Blocked(f"policy {value['policy']} would be left without a statement, and AWS takes no such policy")
        return {
            **live,
            "arn": live["arn"] or f"arn:aws:iam::000000000000:policy/{value['policy']}",
            "document": text,
            "attached": value["attached"],
        }

    def write(
        self,
        writes: Writes,
        address: Address,
        before: Document | None,
        after: Document | None,
        tags: Mapping[str, str],
    ) -> str:
        """Make or change the policy first, then attach it; the other way round to take it away."""
        old, new = before or _NOTHING, after or _NOTHING
        attachment = {"RoleName": address.holder, "PolicyArn": old["arn"]}
        remark = ""
        if old["attached"] and not new["attached"]:
            writes(address.account, "iam", "detach_role_policy", **attachment)
        if new["document"] is None:
            if old["document"] is not None:
                delete_policy(writes, address, old["arn"], reattach=attachment if old["attached"] else None)
            return remark
        if old["document"] is None:
            create_policy(writes, address, new["document"], tags)
        elif not same_text(old["document"], new["document"]):
            remark = make_default(writes, address.account, old["arn"], new["document"])
        if new["attached"] and not old["attached"]:
            writes(address.account, "iam", "attach_role_policy", **attachment)
        return remark


_NOTHING: Document = {"arn": "", "document": None, "versions": [], "attached": False, "beside": None}


def _within(account: Account) -> Mapping[str, str]:
    """The condition that the console fences its own policies with holds for resources of this account."""
    return {"aws:resourceaccount": account.id}


def _lacking(document: dict[str, Any], needs: Iterable[policy.Need], known: Mapping[str, str]) -> bool:
    return any(policy.uncovered(document, need, known=known) for need in needs)


def _refuse_denied(document: dict[str, Any], needs: Iterable[policy.Need]) -> None:
    for need in needs:
        if denying := policy.forbidding(document, need):
            raise Blocked(f"{denying[0]} of the role's policies denies it: change that statement first")


KIND = RolePolicyKind()
