"""Who the user is in an account, and access to accounts before there is a file that names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reconcile.clients import Clients
from reconcile.credentials import Sessions
from reconcile.desired import Account, Config
from reconcile.desired.forms import REGION
from reconcile.errors import AwsError
from reconcile.profiles import default_region

_ANY_REGION = "us-east-1"
"""Where STS is asked if a profile names no region, or none that there can be."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose account a profile leads to, as AWS itself says."""

    profile: str
    """Empty for the default chain."""
    account_id: str
    arn: str
    """The caller's; of a role it is the session's ARN."""
    region: str
    """What botocore's chain gives with the profile; empty where it gives none."""

    def account(self, name: str) -> Account:
        """The account under a name of one's own, for :func:`connect`."""
        return Account(id=self.account_id, region=_usable(self.region), profile=self.profile).named(name)


def identify(
    profile: str = "", *, name: str = "", ask_mfa: Callable[[str], str] | None = None, sessions: Sessions | None = None
) -> Identity | AwsError:
    """Ask AWS who a profile (empty: the default chain) is; a prompt says for which account, by its ``name``.

    Where that cannot be known, the error says why, and which command renews the credentials.
    """
    region = default_region(profile)
    label = name or profile or "default chain"
    unknown = Account.model_construct(id="", region=_usable(region), profile=profile).named(label)
    with connect({label: unknown}, ask_mfa=ask_mfa, sessions=sessions) as clients:
        try:
            answer = clients.call(label, "sts", "get_caller_identity")
        except AwsError as error:
            return error
    return Identity(profile, answer["Account"], answer["Arn"], region)


def connect(
    accounts: Mapping[str, Account],
    *,
    profiles: Mapping[str, str] | None = None,
    ask_mfa: Callable[[str], str] | None = None,
    sessions: Sessions | None = None,
) -> Clients:
    """Read-only access to these accounts, without a call yet; a context that lets go at its end.

    ``profiles`` (account name → profile) are used instead of what the accounts say. With the ``sessions`` of another
    one, whoever is let in there is let in here.
    """
    named = {name: account.named(name) for name, account in accounts.items()}
    config = Config.model_construct(accounts=named, deployments={}, read_only=True)
    return Clients(config, profiles=profiles, ask_mfa=ask_mfa, sessions=sessions)


def _usable(region: str) -> str:
    return region if REGION.fits(region) else _ANY_REGION
