"""What a draft comes to: the set-up by hand again, and the configuration that was written."""

from collections.abc import Iterator
from typing import Any

import pytest

import reconcile
from library import connect, sessions
from reconcile import Action, Plan, adoption
from reconcile.toml import nested
from xacct_tui.demo.accounts import EmbeddedAccounts


@pytest.fixture
def reached(accounts: EmbeddedAccounts) -> Iterator[reconcile.Clients]:
    assert accounts.endpoint
    with adoption.connect(known("dev", "prod"), sessions=sessions()) as clients:
        yield clients


def known(*profiles: str) -> dict[str, Any]:
    """The accounts as their profiles lead to them."""
    found = {profile: adoption.identify(profile, sessions=sessions()) for profile in profiles}
    return {name: each.account(name) for name, each in found.items() if isinstance(each, adoption.Identity)}


def planned(text: str) -> Plan:
    config = adoption.config_of(text)
    with connect(config) as clients:
        return reconcile.plan(config, reconcile.read(config, clients))


def left(plan: Plan) -> dict[str, Action]:
    return {change.id: change.action for change in plan.changes if change.action is not Action.NONE}


def deployment(draft: adoption.Draft) -> Any:
    return nested(draft.values)["deployments"]["website"]


def fields_of(remarks: tuple[adoption.Remark, ...]) -> set[str]:
    return {remark.key.removeprefix("deployments.website.") for remark in remarks}
