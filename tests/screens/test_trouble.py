"""What goes wrong, as it is seen on the screens."""

from __future__ import annotations

from screens.conftest import Started
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts


async def test_an_apply_that_aws_refuses_shows_what_aws_said(start: Started, accounts: EmbeddedAccounts) -> None:
    async with start("half-done") as screen:
        accounts.faults.deny("kms:PutKeyPolicy")
        await screen.go_to("website/key-users")
        await screen.press("a", "y")
        assert "! failed" in screen.line("key-users ")
        assert "AccessDenied" in screen.text
        assert "0 of 1 applied" in screen.told


async def test_a_change_made_stale_by_somebody_else_shows_the_three_values(
    start: Started, accounts: EmbeddedAccounts
) -> None:
    iam = accounts.client("dev", "iam")
    policy = "arn:aws:iam::111111111111:policy/assumeprods3role"
    async with start("done", size=(120, 50)) as screen:
        iam.detach_role_policy(RoleName=doc.SERVICE_ROLE, PolicyArn=policy)
        await screen.press("R")
        iam.delete_policy(PolicyArn=policy)
        await screen.go_to("website/assume-policy")
        await screen.press("a", "y")
        assert "planned from" in screen.text
        assert "found" in screen.text
        assert "! stale" in screen.line(" assume-policy ")
