"""What is asked of AWS while a configuration is made. Each of these takes its time; none of them writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from reconcile import adoption
from reconcile.adoption import DeployAction, Identity, Inventory, Sessions
from reconcile.clients import Clients
from reconcile.desired import Account
from reconcile.errors import XacctError

if TYPE_CHECKING:
    from reconcile.change import Plan
    from reconcile.events import Observer

WAYS_IN = ("profile", "role_arn", "source_profile", "external_id", "mfa_serial")
"""The fields of an account that tell how it is reached."""


@dataclass(slots=True)
class Seen:
    """What AWS said of one account; None for what was not asked, or not answered yet."""

    way: tuple[str, ...] | None = None
    """The ways in that it was asked with."""
    identity: Identity | XacctError | None = None
    account: Account | None = None
    """The account that was listed."""
    inventory: Inventory | XacctError | None = None
    actions: dict[str, tuple[DeployAction, ...] | XacctError] = field(default_factory=dict)
    """By pipeline."""

    @property
    def role_arn(self) -> str:
        """The role behind the caller, if it can be told; empty for anybody else."""
        if not isinstance(self.identity, Identity) or not isinstance(self.inventory, Inventory):
            return ""
        name = self.identity.arn.partition(":assumed-role/")[2].partition("/")[0]
        return next((role.arn for role in self.inventory.roles if role.name == name), "")


@dataclass(frozen=True, slots=True)
class Access:
    """How accounts are reached: who is asked for MFA codes, what was let in by them, and this run's own profiles."""

    ask_mfa: Callable[[str], str]
    sessions: Sessions
    profiles: Mapping[str, str]
    """By account: the profile that is used whatever is filled in."""

    def to(self, accounts: Mapping[str, Account]) -> Clients:
        """Read-only access to these accounts, a context."""
        return adoption.connect(accounts, profiles=self.profiles, ask_mfa=self.ask_mfa, sessions=self.sessions)

    def renamed(self, names: Mapping[str, str]) -> Access:
        """The same for accounts that are called otherwise now."""
        return replace(self, profiles={names.get(name, name): profile for name, profile in self.profiles.items()})

    def forget(self, name: str, told: Mapping[str, Any]) -> None:
        """Resolve the credentials of an account anew."""
        way = told.get("source_profile" if told.get("role_arn") else "profile")
        self.sessions.forget(self.profiles.get(name) or way or "")


def who(name: str, told: Mapping[str, Any], access: Access) -> Identity:
    """Whose account these ways in lead to; raises XacctError."""
    if told.get("role_arn") and name not in access.profiles:
        return _who_by_role(name, told, access)
    profile = access.profiles.get(name) or told.get("profile") or ""
    answer = adoption.identify(profile, name=name, ask_mfa=access.ask_mfa, sessions=access.sessions)
    if isinstance(answer, Exception):
        raise answer
    return answer


def _who_by_role(name: str, told: Mapping[str, Any], access: Access) -> Identity:
    ways = {key: told.get(key) or "" for key in WAYS_IN if key != "profile"}
    number = ways["role_arn"].split(":")[4]
    # what is filled in need not be sound yet
    account = Account.model_construct(None, id=number, region=told.get("region") or "us-east-1", **ways)
    with access.to({name: account}) as clients:
        return Identity("", number, clients.verify(name), "")


def listed(account: Account, access: Access) -> Inventory:
    """What there is in an account."""
    with access.to({account.name: account}) as clients:
        return adoption.inventory(clients, account.name)


def actions_of(
    account: Account,
    pipelines: tuple[str, ...],
    access: Access,
    tell: Callable[[str, tuple[DeployAction, ...] | XacctError], None],
) -> None:
    """Look at pipelines one after the other, telling the S3 deploy actions of each."""
    with access.to({account.name: account}) as clients:
        for pipeline in pipelines:
            try:
                tell(pipeline, adoption.deploy_actions(clients, account.name, pipeline))
            except XacctError as error:
                tell(pipeline, error)


def planned(text: str, path: str, access: Access, observe: Observer) -> Plan:
    """The plan that would follow from a file with this text; raises XacctError."""
    import reconcile

    config = adoption.config_of(text, path)
    with access.to(config.accounts) as clients:
        return reconcile.plan(config, reconcile.read(config, clients, only=(), observe=observe))
