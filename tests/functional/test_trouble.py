"""What a run does when it was interrupted, may not read, or has the wrong credentials: says so, and writes nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import reconcile
from checkpoint import SCENARIOS
from reconcile import Action, Result
from reconcile.errors import AccessProblem
from xacct_tui.demo.accounts import EmbeddedAccounts

CONFIG = Path(__file__).parents[2] / "config" / "article.toml"
ROLE = "prods3role"
READS = (
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "iam:GetRole",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:ListPolicyVersions",
    "iam:GetPolicyVersion",
    "s3:HeadBucket",
    "s3:GetBucketPolicy",
    "s3:GetBucketVersioning",
    "s3:GetBucketNotificationConfiguration",
    "codepipeline:GetPipeline",
    "events:ListRuleNamesByTarget",
)


class Crash(BaseException):
    """The process ends here."""


@pytest.fixture
def library(accounts: EmbeddedAccounts) -> Iterator[tuple[Any, ...]]:
    config = reconcile.load(CONFIG)
    with reconcile.connect(config) as clients, reconcile.open_journal(config) as journal:
        yield accounts, config, clients, journal


def _crash_before(call: str, library: tuple[Any, ...], change: str) -> None:
    """Apply one change, and lose the process just before the call."""
    _, config, clients, journal = library
    plan = reconcile.plan(config, reconcile.read(config, clients))
    write = clients.call

    def dying(account: str, service: str, operation: str, **parameters: Any) -> Any:
        if f"{service}:{operation}" == call:
            raise Crash
        return write(account, service, operation, **parameters)

    clients.call = dying
    with pytest.raises(Crash):
        reconcile.apply([plan[change]], plan, clients, journal, pause=lambda _: None)
    clients.call = write


@pytest.mark.parametrize(
    ("call", "state", "attached"),
    [
        ("iam:create_policy", "failed", None),
        ("iam:attach_role_policy", "done", False),
    ],
)
def test_a_crash_is_settled_by_looking(library: tuple[Any, ...], call: str, state: str, attached: bool | None) -> None:
    accounts, config, clients, journal = library
    SCENARIOS["done"](accounts)
    iam = accounts.client("prod", "iam")
    arn = "arn:aws:iam::222222222222:policy/outputbucketdeployaccess"
    iam.detach_role_policy(RoleName=ROLE, PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)

    _crash_before(call, library, "website/output-access")
    reconcile.recover(clients, journal, pause=lambda _: None)

    (entry,) = journal.entries()
    assert entry.state == state
    if attached is not None:
        assert entry.change.after["attached"] is attached
        undone = reconcile.rollback([entry], clients, journal, pause=lambda _: None)
        assert [outcome.result for outcome in undone] == [Result.APPLIED]
    plan = reconcile.plan(config, reconcile.read(config, clients))
    assert [change.id for change in plan.pending] == ["website/output-access"]
    assert plan.pending[0].action is Action.CREATE


@pytest.mark.parametrize("call", READS)
def test_what_may_not_be_read_is_unreadable_and_not_created(library: tuple[Any, ...], call: str) -> None:
    accounts, config, clients, _ = library
    SCENARIOS["done"](accounts)
    for account in ("dev", "prod"):
        accounts.faults.deny(call, account=account)

    plan = reconcile.plan(config, reconcile.read(config, clients))

    unreadable = [change for change in plan.changes if change.action is Action.UNREADABLE]
    assert unreadable
    assert all(call in change.reason or "AccessDenied" in change.reason for change in unreadable)
    assert plan.pending == ()


@pytest.mark.usefixtures("accounts")
def test_credentials_of_another_account_stop_the_run() -> None:
    config = reconcile.load(CONFIG)
    with (
        reconcile.connect(config, profiles={"prod": "dev"}) as clients,
        pytest.raises(AccessProblem, match=r"profile 'dev' belongs to account 111111111111"),
    ):
        reconcile.read(config, clients)


def test_one_account_out_of_scope_leaves_the_other_readable(accounts: EmbeddedAccounts) -> None:
    SCENARIOS["done"](accounts)
    config = reconcile.load(CONFIG)
    accounts.calls.clear()
    with reconcile.connect(config, only_accounts=["dev"]) as clients:
        plan = reconcile.plan(config, reconcile.read(config, clients))

    assert {change.action for change in plan.changes if change.address.account == "dev"} == {Action.NONE}
    assert {change.reason for change in plan.changes if change.address.account == "prod"} == {"not in scope"}
    assert {call.account for call in accounts.calls} == {"dev"}
