"""What the strict layer knows beside moto: the accounts, the sessions, the pipelines, and what is not seen yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from xacct_tui.demo.call import Caller
from xacct_tui.demo.lag import Lag, Staleness
from xacct_tui.demo.strict import state
from xacct_tui.demo.strict.pipelines import Pipeline


@dataclass(slots=True)
class World:
    """The state of the embedded AWS that moto does not hold."""

    accounts: dict[str, str]
    """Names to ids."""
    lag: Lag
    sessions: dict[str, tuple[str, Caller]] = field(default_factory=dict)
    """Access keys to session token and caller."""
    staleness: Staleness = field(default_factory=Staleness)
    unseen: dict[str, int] = field(default_factory=dict)
    """Role ids to the number of validations that still do not see the role."""
    pipelines: dict[tuple[str, str, str], Pipeline] = field(default_factory=dict)
    """(account id, region, name) to pipeline."""
    notifications: dict[str, Any] = field(default_factory=dict)
    """Bucket names to the notification configuration last put."""

    def caller(self, access_key: str, token: str) -> Caller | None:
        """Whose key and session token these are; a user's own key comes without a token."""
        known, caller = self.sessions.get(access_key, ("", None))
        if caller is None and not token and (user := state.user_of_key(access_key)):
            return Caller(user.account_id, user.arn, user.arn, user.id)
        return caller if known == token else None

    def name(self, account: str) -> str:
        """The account's name, by its id."""
        return next((name for name, number in self.accounts.items() if number == account), account)

    def forget(self) -> None:
        """Back to nothing but the accounts."""
        self.sessions.clear()
        self.staleness = Staleness()
        for kept in (self.unseen, self.pipelines, self.notifications):
            kept.clear()
