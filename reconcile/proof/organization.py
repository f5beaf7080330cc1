"""The policies of AWS Organizations that limit an account: as far as they are known, and what is taken for granted."""

from __future__ import annotations

from typing import Literal

from reconcile.policy.request import HeldPolicy
from reconcile.proof.world import World

Sort = Literal["scp", "rcp"]

NAMES = {"scp": "service control policies", "rcp": "resource control policies"}


def levels(world: World, sort: Sort, number: str) -> tuple[tuple[HeldPolicy, ...], ...]:
    """The policies of the account with this id, by level from the organization's root.

    None where the TOML takes them as allowing everything; one that nobody has read where it says nothing.
    """
    if sort in world.config.proof.assume:
        return ()
    account = world.account(number) or "unknown"
    return ((_unread(account, sort),),)


def assumptions(world: World) -> tuple[str, ...]:
    """What is taken for granted of them, one sentence each."""
    return tuple(f"{NAMES[sort]} allow everything ([proof] assume)" for sort in sorted(world.config.proof.assume))


def _unread(account: str, sort: Sort) -> HeldPolicy:
    told = f'{NAMES[sort]} of {account} were not read; [proof] assume = ["{sort}"] takes them as allowing'
    return HeldPolicy(account, NAMES[sort], None, unreadable=told)
