"""A change as commands of the AWS CLI: copied, and shown for terminals that take no copies."""

from __future__ import annotations

from screens.conftest import Started
from xacct_tui.demo.accounts import EmbeddedAccounts


async def test_c_copies_a_change_with_a_word_on_what_it_needs(start: Started, accounts: EmbeddedAccounts) -> None:
    async with start(size=(120, 40)) as screen:
        await screen.go_to("website/trust-policy")
        await screen.press("c")
        copied = screen.app.clipboard
        assert copied.splitlines()[:2] == [
            "# website/trust-policy needs these first: website/deploy-role",
            "# website/trust-policy in prod (222222222222)",
        ]
        assert copied.count("aws iam ") == copied.count("aws ") == 1
        assert "--role-name prods3role" in copied
        assert "website/trust-policy as commands" in screen.text
        assert "aws iam update-assume-role-policy" in screen.text
        await screen.press("escape")
        assert screen.journal == []
    assert accounts.client("prod", "iam").list_roles()["Roles"][1:] == []


async def test_a_read_only_run_copies_too(start: Started) -> None:
    async with start(read_only=True) as screen:
        await screen.go_to("website/key-users")
        await screen.press("c")
        assert "aws kms put-key-policy" in screen.app.clipboard
        assert "needs these first" not in screen.app.clipboard


async def test_what_is_in_sync_has_no_commands(show: Started) -> None:
    async with show() as screen:
        await screen.go_to("website/service-role")
        await screen.press("c")
        assert "it is in sync" in screen.told
        assert screen.app.clipboard == ""
