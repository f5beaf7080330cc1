"""The key's policy: who administers the key, who uses it, and that prod may.

Principals go where the KMS console shows them, one at a time: into the statements that the console knows by their
Sids. Where such a statement stands but grants less than it should (somebody took a verb out, or put a condition in),
it is left alone, and the principal goes into a statement of our own beside it. The console knows no statement for
the least privilege: that is in statements of our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from reconcile import addresses, grants, policy, statement_parts
from reconcile.change import Address, Grant, Part, Value, Want
from reconcile.desired import Account, Config, Deployment
from reconcile.errors import Blocked
from reconcile.key_lookup import find_key
from reconcile.kinds.protocol import Assessment, Document, Kind
from reconcile.propagation import Writes
from reconcile.reads import Reads, found
from reconcile.references import reference

_LIMIT = 32 * 1024

ADMINISTRATORS = "Allow access for Key Administrators"
USE = "Allow use of the key"
GRANTS = "Allow attachment of persistent resources"
_OWN = " (xacct-tui)"

_GRANTED: Mapping[str, policy.Need] = {
    ADMINISTRATORS: policy.Need(None, grants.KEY_ADMINISTRATION, ("*",)),
    USE: policy.Need(None, grants.KEY_USE, ("*",)),
    GRANTS: policy.Need(None, grants.KEY_GRANTS, ("*",), {"Bool": {"kms:GrantIsForAWSResource": ("true",)}}),
}
"""What each of the console's statements grants."""


class KeyPolicyKind(Kind):
    """``{"policy"}``: the key's policy.

    The value of the parts ``admins``, ``users`` and ``sharing`` says of each principal, by which statements it is
    granted: ``{principal: [Sid]}``. The part ``statements`` holds statements of ours.

    Where somebody changed a statement of the console, putting its only principal back writes it as the console
    does: a statement has to name somebody, so it goes with its last principal, and with it what it said.
    """

    name = "key-policy"
    services = ("kms", "codepipeline")
    confirmations = 5  # KMS shows the old policy now and then after it showed the new one

    def wants(self, config: Config, deployment: Deployment) -> Iterable[Want]:
        """Administrators, users, and prod."""
        key = deployment.key
        if key.admins:
            yield self._principals(config, deployment, "admins", key.admins, (ADMINISTRATORS,))
        if grants.is_article(deployment):
            role = addresses.service_role(config, deployment, "principal")
            yield self._principals(config, deployment, "users", (role, *key.users), (USE, GRANTS))
            prod = config.target_account(deployment).root_arn
            yield self._principals(config, deployment, "sharing", (prod,), (USE, GRANTS))
        else:
            yield self._statements(config, deployment, "users", grants.key_users_least(config, deployment))
            yield self._statements(config, deployment, "sharing", grants.key_sharing_least(config, deployment))

    def _principals(
        self,
        config: Config,
        deployment: Deployment,
        part: str,
        principals: Iterable[str],
        groups: tuple[str, ...],
    ) -> Want:
        named = tuple(sorted(set(principals)))
        return Want(
            deployment=deployment.name,
            slug=f"key-{part}",
            address=addresses.key(config, deployment, self.name),
            part=Part(part, named),
            value={principal: sorted(groups) for principal in named},
            title=_TITLES[part],
            grants=tuple(
                Grant(principal, _GRANTED[group].actions, "the key") for principal in named for group in groups
            ),
        )

    def _statements(self, config: Config, deployment: Deployment, part: str, wanted: tuple[grants.Wanted, ...]) -> Want:
        return Want(
            deployment=deployment.name,
            slug=f"key-{part}",
            address=addresses.key(config, deployment, self.name),
            part=Part("statements", grants.sids(wanted)),
            value=grants.statements(wanted),
            title=_TITLES[part],
            grants=grants.granted(wanted),
        )

    def read(self, reads: Reads, address: Address) -> Document | None:
        """GetKeyPolicy of the key, which has but one policy, ``default``."""
        key = find_key(reads, address)
        if key is None or key["KeyState"].startswith("Pending"):
            return None
        asked = reads.start(
            address.account,
            "kms",
            "get_key_policy",
            region=address.region,
            KeyId=key["KeyId"],
            PolicyName="default",
        )
        answer = found(asked, "NotFoundException")
        if answer is None:
            return None
        return {"policy": statement_parts.parsed(answer["Policy"]), "key": key["KeyId"]}

    def fresh(self, account: Account, address: Address) -> Document | None:
        """The policy that KMS gives a key that is made without one."""
        if not address.resource.startswith("kms:key/"):
            return None
        root = {"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": {"AWS": account.root_arn}}
        statement = {**root, "Action": "kms:*", "Resource": "*"}
        default = {"Version": "2012-10-17", "Id": "key-default-1", "Statement": [statement]}
        return {"policy": default, "key": reference(address.place, "arn")}

    def aim(self, document: Document | None, want: Want) -> Value:
        """For each principal: where it stands now, and what is missing where it is not granted yet."""
        live = (document or {}).get("policy")
        if want.part.name == "statements":
            value = statement_parts.aim(live, want)
        else:
            now = self.get(document, want.part) or {}
            wanted = {
                principal: _sids(live, principal, groups, now.get(principal, []))
                for principal, groups in want.value.items()
            }
            value = {principal: sids for principal, sids in wanted.items() if sids} or None
        after = self.put(document, want.part, value)
        statement_parts.refuse_oversized((after or {}).get("policy"), _LIMIT, "the key policy")
        return value

    def assess(self, document: Document | None, part: Part, after: Value) -> Assessment:
        """Deleted principals are dropped with the write: KMS refuses every policy that holds one."""
        live = (document or {}).get("policy")
        if after == self.get(document, part):
            return Assessment()
        return Assessment(notes=statement_parts.dead_notes(live))

    def get(self, document: Document | None, part: Part) -> Value:
        """Where each principal stands, or our statements."""
        live = (document or {}).get("policy")
        if part.name == "statements":
            return statement_parts.get(live, part)
        stands = {
            principal: [sid for sid in _known_sids(part) if _stands(live, sid, principal)] for principal in part.of
        }
        return {principal: sids for principal, sids in stands.items() if sids} or None

    def put(self, document: Document | None, part: Part, value: Value) -> Document | None:
        """Principals put into and taken out of the statements, one at a time."""
        live: dict[str, Any] | None = (document or {}).get("policy")
        if part.name == "statements":
            return {**(document or {}), "policy": statement_parts.put(live, part, value)}
        for principal in part.of:
            wanted = (value or {}).get(principal, [])
            for sid in _known_sids(part):
                live = _placed(live, sid, principal, sid in wanted)
        return {**(document or {}), "policy": live}

    def write(
        self,
        writes: Writes,
        address: Address,
        before: Document | None,
        after: Document | None,
        tags: Mapping[str, str],
    ) -> str:
        """PutKeyPolicy; the check that we can still change it afterwards is never bypassed."""
        del tags
        document = statement_parts.savable((after or {})["policy"])
        if document is None:
            raise Blocked("the key would be left without a policy, and nobody could change it any more")
        if before is None:
            raise Blocked("there is no key yet whose policy could be written: make the key first")
        writes(
            address.account,
            "kms",
            "put_key_policy",
            region=address.region,
            document=document,
            KeyId=before["key"],
            PolicyName="default",
            Policy=statement_parts.text(document),
        )
        return ""


_TITLES = {
    "admins": "key administrators may manage the key",
    "users": "the service role, and who else is listed, may use the key",
    "sharing": "prod may use the key",
}


def _known_sids(part: Part) -> tuple[str, ...]:
    groups = (ADMINISTRATORS,) if part.name == "admins" else (GRANTS, USE)
    return tuple(sorted((*groups, *(group + _OWN for group in groups))))


def _sids(live: dict[str, Any] | None, principal: str, groups: Iterable[str], now: Iterable[str]) -> list[str]:
    """Where the principal stands and, for each group that is not granted to it, where it should be put."""
    missing = []
    for group in groups:
        need = replace(_GRANTED[group], principal=("AWS", principal))
        if denying := policy.forbidding(live, need):
            raise Blocked(f"{denying[0]} of the key policy denies it to {principal}: change that statement first")
        if policy.uncovered(live, need):
            missing.append(group if _takes(live, group) else group + _OWN)
    return sorted({*now, *missing})


def _takes(live: dict[str, Any] | None, sid: str) -> bool:
    """Whether a principal in the console's statement would be granted all it should: or there is no such one yet."""
    statement = policy.statement_of(live, sid)
    if statement is None:
        return True
    probe = _GRANTED[sid].statement(sid)
    plain = {key: value for key, value in statement.items() if key not in ("Principal", "NotPrincipal")}
    return "NotPrincipal" not in statement and not policy.uncovered(
        {"Version": "2012-10-17", "Statement": [plain]}, policy.Need.of(probe)
    )


def _stands(live: dict[str, Any] | None, sid: str, principal: str) -> bool:
    """Whether the statement grants to the principal: a Deny may have a Sid of the console's too."""
    statement = policy.statement_of(live, sid)
    return statement is not None and statement["Effect"] == "Allow" and policy.has_principal(live, sid, principal)


def _placed(live: dict[str, Any] | None, sid: str, principal: str, wanted: bool) -> dict[str, Any] | None:
    stands = _stands(live, sid, principal)
    if wanted and not stands:
        return policy.with_principal(live, _GRANTED[sid.removesuffix(_OWN)].statement(sid), principal)
    if stands and not wanted and live is not None:
        return policy.without_principal(live, sid, principal)
    return live


KIND = KeyPolicyKind()
