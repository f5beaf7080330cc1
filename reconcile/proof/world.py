"""The accounts as a proof sees them: roles, keys, buckets and pipelines, live or as a plan will leave them.

Every answer is the thing, None where it does not exist, or the error that kept it from being seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from reconcile.change import Address
from reconcile.desired import Account, Config, Deployment
from reconcile.engine.live import Seen
from reconcile.errors import AwsError, XacctError
from reconcile.policy.request import HeldPolicy
from reconcile.proof import organization, places
from reconcile.proof.organization import Organization
from reconcile.proof.overlay import Roles
from reconcile.proof.resources import Bucket, Encryption, Key, Role

Document = dict[str, Any]
T = TypeVar("T")


class World:
    """What the documents say of the things that a chain touches. The documents never change, so answers are kept."""

    def __init__(self, config: Config, documents: Mapping[Address, Seen]) -> None:
        self.config, self.documents = config, documents
        self._names = {account.id: account.name for account in config.accounts.values()}
        self._roles = Roles(config, documents)
        self._buckets: dict[tuple[str, ...], Bucket | XacctError | None] = {}
        self._known_keys: dict[Address, Key | XacctError | None] = {}

    def having(self, documents: Mapping[Address, Seen]) -> World:
        """The same accounts with other documents; files are not read again."""
        other = World(self.config, documents)
        other.organization = Organization(self.config, documents, self.organization.of_files)
        return other

    @cached_property
    def organization(self) -> Organization:
        """What the organization lets each account do at most."""
        return Organization(self.config, self.documents, organization.files(self.config))

    @cached_property
    def _keys(self) -> Mapping[str, Address]:
        """Where each key was read, by its ARN: first where the changes of a plan are about it."""
        read = ((each, self.documents[each]) for each in reversed(list(self.documents)) if each.kind == "key")
        return {document["arn"]: address for address, document in read if isinstance(document, dict)}

    def account(self, number: str) -> str:
        """The name in the TOML of the account with this id; the id where it has none."""
        return self._names.get(number, number)

    def seen(self, address: Address) -> Seen:
        """The document at an address; an error for one that was not asked for."""
        if address in self.documents:
            return self.documents[address]
        return _unread(address.account, f"{address.kind} of {address.resource}")

    def role(self, arn: str) -> Role | XacctError | None:
        """A role by its ARN, with its policies as the changes of the state leave them.

        None also where there is a role of that name, but its ARN is another one: its path differs.
        """
        account = places.owner(self.config, places.account_id(arn))
        if account is None:
            return _foreign(places.account_id(arn), arn)
        found = self._roles.named(account, arn.rpartition("/")[2])
        return found if not isinstance(found, Role) or found.arn == arn else None

    def trust(self, arn: str) -> HeldPolicy | None:
        """A role's trust policy, also where its other policies could not be seen; None where there is no such role."""
        found, number = self.role(arn), places.account_id(arn)
        if isinstance(found, Role):
            return found.trust
        account, name = places.owner(self.config, number), arn.rpartition("/")[2]
        told = f"trust policy of role {name}"
        if found is None or account is None:
            return None if found is None else HeldPolicy(number, told, None, unreadable=str(found))
        known = self.documents.get(places.role(account, name, "role-id"))
        trust = self.documents.get(places.role(account, name, "trust-policy"))
        if isinstance(known, dict) and known["arn"] == arn and isinstance(trust, dict):
            return HeldPolicy(account.name, told, trust["policy"])
        return HeldPolicy(account.name, told, None, unreadable=str(found))

    def there(self, arn: str) -> object:
        """Whether there is a role: something of it, None, or why that is not known."""
        trust = self.trust(arn)
        return self.role(arn) if trust is None or trust.unreadable else trust

    def role_named(self, account: Account, name: str) -> Role | XacctError | None:
        """A role by its name, whatever its path."""
        return self._roles.named(account, name)

    def boundary(self, account: Account, arn: str | None) -> HeldPolicy | None:
        """The permissions boundary that a role of the account is made with; None where none is named."""
        return self._roles.boundary(account, arn)

    def key(self, name: str, account: Account) -> Key | XacctError | None:
        """A key as it is named in a setting: by ARN, or by an id or alias of ``account``."""
        address = self.key_address(name, account)
        if address is None:
            return _foreign(places.account_id(name), name)
        if address not in self._known_keys:
            self._known_keys[address] = self._key(address)
        return self._known_keys[address]

    def key_arn(self, name: str, account: Account) -> str:
        """The ARN of a key that is named so; empty for one that was not found."""
        address = self.key_address(name, account)
        document = None if address is None else self.seen(address)
        return str(document["arn"]) if isinstance(document, dict) else ""

    def key_address(self, name: str, account: Account) -> Address | None:
        """Where a key is read that is named so in a setting of the account; None in an account not in the TOML."""
        return self._keys.get(name) or places.key(self.config, name, account)

    def bucket(self, name: str, *accounts: Account) -> Bucket | XacctError | None:
        """A bucket, looked for in these accounts one after the other, then in all others of the TOML.

        Bucket names are global: where one account is told that there is none, there is none.
        """
        wanted = (name, *(each.id for each in accounts))
        if wanted not in self._buckets:
            looked = {each.name: each for each in (*accounts, *self.config.accounts.values())}
            self._buckets[wanted] = self._look_for(name, looked.values())
        return self._buckets[wanted]

    def pipeline(self, deployment: Deployment) -> Document | XacctError | None:
        """The pipeline's declaration."""
        account = self.config.pipeline_account(deployment)
        seen = self.seen(places.at(account, "pipeline", f"codepipeline:pipeline/{deployment.pipeline}"))
        return seen if seen is None or isinstance(seen, XacctError) else dict(seen["pipeline"])

    def trigger(self, deployment: Deployment) -> Document | XacctError | None:
        """The document of the kind ``trigger``; None for a deployment that wants nothing of it."""
        address = places.trigger(self.config, deployment)
        return None if address is None else self.seen(address)

    def project(self, account: Account, region: str, name: str) -> Document | XacctError | None:
        """A CodeBuild project: ``{"role", "key"}``."""
        return self.seen(places.project(account, region, name))

    def service_role_arn(self, deployment: Deployment) -> str:
        """The role that the pipeline runs as: what the live pipeline says, else the TOML."""
        live = self.pipeline(deployment)
        if isinstance(live, dict) and "${" not in str(live["roleArn"]):
            return str(live["roleArn"])
        account, name = self.config.pipeline_account(deployment), deployment.service_role.name
        return self._roles.arn(account, name) or deployment.service_role_arn(self.config)

    def deploy_role_arn(self, deployment: Deployment) -> str:
        """The deploy role of the TOML: with the path of the role of that name, where there is one."""
        account = self.config.target_account(deployment)
        return self._roles.arn(account, deployment.deploy_role.name) or deployment.deploy_role_arn(self.config)

    def _key(self, address: Address) -> Key | XacctError | None:
        document = self.seen(address)
        if document is None or isinstance(document, XacctError):
            return document
        account = self.config.accounts[address.account]
        policy = self.seen(_of_kind(address, "key-policy"))
        return Key(
            account.name,
            account.id,
            **{each: str(document[each]) for each in ("arn", "state", "spec", "usage", "manager", "deletion")},
            policy=held(account.name, f"key policy of {document['arn'].rpartition('/')[2]}", policy, "policy"),
        )

    def _look_for(self, name: str, accounts: Iterable[Account]) -> Bucket | XacctError | None:
        problem: XacctError | None = None
        for account in accounts:
            document = self.documents.get(places.bucket(account, name), _unread(account.name, f"bucket {name}"))
            if not isinstance(document, XacctError):
                return self._bucket_of(account, name, document) if document else None
            problem = problem or document
        return problem

    def _bucket_of(self, account: Account, name: str, document: Document) -> Bucket:
        def setting(kind: str) -> Seen:
            return self.seen(places.bucket(account, name, kind))

        everywhere = self.seen(places.at(account, "account-public-access", f"s3:account/{account.id}"))
        return Bucket(
            account.name,
            account.id,
            name,
            str(document["region"]),
            policy=held(account.name, f"policy of bucket {name}", setting("bucket-policy"), "policy"),
            versioning=_or_error(setting("bucket-versioning"), lambda found: str(found.get("status", ""))),
            encryption=_or_error(setting("bucket-encryption"), lambda found: Encryption(**found), Encryption("AES256")),
            ownership=_or_error(setting("bucket-ownership"), lambda found: str(found["ownership"]), _NEW["ownership"]),
            public_access=_or_error(setting("bucket-public-access"), dict, _NEW["public_access"]),
            account_public_access=_or_error(everywhere, dict),
        )


def held(account: str, name: str, seen: Seen, field: str) -> HeldPolicy:
    """A policy where it hangs, of the document that holds it in ``field``."""
    if isinstance(seen, XacctError):
        return HeldPolicy(account, name, None, unreadable=str(seen))
    return HeldPolicy(account, name, (seen or {}).get(field))


def _of_kind(address: Address, kind: str) -> Address:
    return Address(address.account, address.region, kind, address.resource)


_NEW: Mapping[str, Any] = {
    "ownership": "BucketOwnerEnforced",
    "public_access": dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
    ),
}
"""What S3 gives a bucket that is made today: one that a plan makes has no settings yet that could be read."""


def _or_error(seen: Seen, read: Callable[[Document], T], new: Any = None) -> Any:
    if isinstance(seen, XacctError):
        return seen
    return read(seen or {}) if seen is not None or new is None else new


def _unread(account: str, what: str) -> AwsError:
    return AwsError(account, "", "NotRead", f"{what} was not read")


def _foreign(number: str, what: str) -> AwsError:
    return AwsError(
        number, "", "NotInScope", f"{what} is of account {number or 'unknown'}, which the TOML does not name"
    )
