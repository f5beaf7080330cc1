"""The trust policy of prod's role: that dev's service role may assume it, and what may not be lost beside that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconcile import addresses, grants, statement_parts
from reconcile.change import Address, Part, Value, Want
from reconcile.desired import Config, Deployment
from reconcile.kinds.protocol import Assessment, Document, Kind
from reconcile.propagation import Writes
from reconcile.reads import Reads, found
from reconcile.trust import nobody, put_trust, without_nobody

_LIMIT = 4096
"""The highest quota an account can have; 2,048 is what it has unless it asked."""


class TrustPolicyKind(Kind):
    """``{"policy"}``: the trust policy of a role.

    IAM takes no empty trust policy: a Deny for everybody stands for one. A Deny that somebody put beside statements of
    ours is taken for it once they are gone, and does not come back with them.
    """

    name = "trust-policy"
    services = ("iam",)
    confirmations = 4  # AWS may show a principal's internal id for a moment after a save

    def wants(self, config: Config, deployment: Deployment) -> Iterable[Want]:
        """The service role may assume the deploy role."""
        role = deployment.deploy_role.name
        wanted = grants.trust(config, deployment)
        yield Want(
            deployment=deployment.name,
            slug="trust-policy",
            address=addresses.prod(config, deployment, self.name, f"iam:role/{role}"),
            part=Part("trust", grants.sids(wanted)),
            value=grants.statements(wanted),
            title=f"{role} trusts the pipeline's service role",
            grants=grants.granted(wanted),
            known={"aws:securetransport": "true", "aws:principalaccount": config.pipeline_account(deployment).id},
        )

    def read(self, reads: Reads, address: Address) -> Document | None:
        """GetRole."""
        answer = found(reads.start(address.account, "iam", "get_role", RoleName=address.name), "NoSuchEntity")
        if answer is None:
            return None
        return {"policy": statement_parts.parsed(answer["Role"]["AssumeRolePolicyDocument"])}

    def aim(self, document: Document | None, want: Want) -> Value:
        """In sync where any statement trusts the service role."""
        live = without_nobody((document or {}).get("policy"))
        value = statement_parts.aim(live, want)
        after = statement_parts.put(live, want.part, value)
        statement_parts.refuse_oversized(after, _LIMIT, f"the trust policy of {want.address.name}")
        return value

    def assess(self, document: Document | None, part: Part, after: Value) -> Assessment:
        """Deleted principals are dropped with the write."""
        live = (document or {}).get("policy")
        if after == self.get(document, part):
            return Assessment(notes=statement_parts.wider(live, after))
        return Assessment(notes=statement_parts.dead_notes(live))

    def get(self, document: Document | None, part: Part) -> Value:
        """Our statements."""
        return statement_parts.get((document or {}).get("policy"), part)

    def put(self, document: Document | None, part: Part, value: Value) -> Document | None:
        """Our statements replaced; a role whose last statement goes trusts nobody, since none is not allowed."""
        live = without_nobody((document or {}).get("policy"))
        return {"policy": statement_parts.put(live, part, value) or nobody()}

    def write(
        self,
        writes: Writes,
        address: Address,
        before: Document | None,
        after: Document | None,
        tags: Mapping[str, str],
    ) -> str:
        """UpdateAssumeRolePolicy."""
        del before, tags
        put_trust(writes, address, (after or {}).get("policy"))
        return ""


KIND = TrustPolicyKind()
