"""Roles with all that speaks of them: several documents of a state may, and a plan changes one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconcile import policy
from reconcile.change import Address
from reconcile.desired import Account, Config
from reconcile.engine.live import Seen
from reconcile.errors import AwsError, XacctError
from reconcile.policy.request import HeldPolicy
from reconcile.proof import places
from reconcile.proof.resources import Role
from reconcile.trust import nobody

Document = dict[str, Any]


class Roles:
    """The roles of a state. What a ``trust-policy`` or ``role-policy`` document says of a role comes first."""

    def __init__(self, config: Config, documents: Mapping[Address, Seen]) -> None:
        self._config, self._documents = config, documents
        self._policies: dict[tuple[str, str], list[Address]] = {}
        for address in documents:
            if address.kind == "role-policy":
                self._policies.setdefault((address.account, address.holder), []).append(address)
        self._known: dict[tuple[str, str], Role | XacctError | None] = {}

    def named(self, account: Account, name: str) -> Role | XacctError | None:
        """The role of this name."""
        wanted = (account.name, name)
        if wanted not in self._known:
            self._known[wanted] = self._role(account, name)
        return self._known[wanted]

    def arn(self, account: Account, name: str) -> str:
        """The ARN of the role of this name, whatever its policies are; empty for one that was not found."""
        document = self._documents.get(places.role(account, name))
        return _arn(account, name, document) if isinstance(document, dict) else ""

    def _role(self, account: Account, name: str) -> Role | XacctError | None:
        address = places.role(account, name)
        document = self._documents[address] if address in self._documents else _unread(address)
        if document is None or isinstance(document, XacctError):
            return document
        identity = self._documents.get(places.role(account, name, "role-id"))
        known = identity if isinstance(identity, dict) and document["arn"] else {}
        return Role(
            account.name,
            account.id,
            _arn(account, name, document),
            trust=HeldPolicy(account.name, f"trust policy of role {name}", self._trust(account, name, document)),
            identity=self._identity(account, name, document),
            boundary=self.boundary(account, document["permissions_boundary"]),
            unique_id=known.get("id", ""),
            created=known.get("created", ""),
        )

    def _trust(self, account: Account, name: str, document: Document) -> Document:
        """The trust that both documents have, or what one of them has more: each is changed by itself."""
        own: Document = document["trust"]
        other = self._documents.get(places.role(account, name, "trust-policy"))
        if not isinstance(other, dict) or own == other["policy"]:
            return own
        trust: Document = other["policy"]
        ours = [each for each in policy.statements(own) if str(each.get("Sid", "")).startswith("Xacct")]
        beside = [each for each in ours if each not in policy.statements(trust) and each not in _NOBODY]
        return {**trust, "Statement": [*policy.statements(trust), *beside]} if beside else trust

    def _identity(self, account: Account, name: str, document: Document) -> tuple[HeldPolicy, ...]:
        attached = {arn: each["document"] for arn, each in document["attached"].items()}
        unseen: list[HeldPolicy] = []
        for address in self._policies.get((account.name, name), ()):
            seen = self._documents[address]
            if isinstance(seen, XacctError):
                if not any(arn.rpartition("/")[2] == address.name for arn in attached):
                    unseen.append(HeldPolicy(account.name, _managed(address.name, name), None, unreadable=str(seen)))
            elif seen is not None and seen["attached"]:
                attached[seen["arn"]] = seen["document"]
            elif seen is not None:
                attached.pop(seen["arn"], None)
        return (
            *(HeldPolicy(account.name, _managed(arn.rpartition("/")[2], name), text) for arn, text in attached.items()),
            *(
                HeldPolicy(account.name, f"inline policy {each} of role {name}", text)
                for each, text in document["inline"].items()
            ),
            *unseen,
        )

    def boundary(self, account: Account, arn: str | None) -> HeldPolicy | None:
        """The permissions boundary of this ARN; None where none is named."""
        if not arn:
            return None
        told = f"permissions boundary {arn.rpartition('/')[2]}"
        seen = self._documents.get(places.at(account, "managed-policy", f"iam:policy/{arn}"))
        if isinstance(seen, dict):
            return HeldPolicy(account.name, told, seen["document"])
        why = str(seen) if isinstance(seen, XacctError) else f"{arn} was not found"
        return HeldPolicy(account.name, told, None, unreadable=why)


_NOBODY = policy.statements(nobody())


def _arn(account: Account, name: str, document: Document) -> str:
    return document["arn"] or f"arn:{account.partition}:iam::{account.id}:role{document['path']}{name}"


def _managed(name: str, role: str) -> str:
    return f"policy {name} of role {role}"


def _unread(address: Address) -> AwsError:
    return AwsError(address.account, "", "NotRead", f"{address.resource} was not read")
