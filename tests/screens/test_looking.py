"""Finding one's way: filters, the palette, help, raw documents, the mouse, reading again."""

from __future__ import annotations

import json

import pytest

from screens.conftest import Started
from screens.made_up import CHANGES, Made, change
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts

SHOWN = ["deploy-role", "trust-policy", "pipeline", "key", "key-users", "trigger", "assume-policy"]
"""What is not in sync."""


async def test_a_text_filters_the_list(show: Started) -> None:
    async with show() as screen:
        await screen.press("slash")
        await screen.type("key")
        assert screen.rows == ["key", "key-users"]
        await screen.press("enter")
        assert "only 'key'" in screen.line("Plan:")
        await screen.press("j")
        assert screen.cursor == "website/key-users"
        await screen.press("slash")
        await screen.type("zzz")
        assert screen.rows == []
        assert "Nothing passes the filter" in screen.text
        await screen.press("escape")
        assert screen.rows == SHOWN
        assert "only" not in screen.line("Plan:")


async def test_actions_and_accounts_filter_the_list(show: Started) -> None:
    async with show() as screen:
        seen = {}
        for _ in range(5):
            await screen.press("f")
            seen[screen.line("Plan:").split("  Plan")[0].removeprefix(" only ")] = screen.rows
        assert seen == {
            "create": ["deploy-role", "trust-policy", "key", "assume-policy"],
            "update": ["pipeline"],
            "blocked": ["key-users"],
            "unreadable": ["trigger"],
            "in sync": ["output-bucket", "service-role"],
        }
        await screen.press("f", "p", "p")
        assert screen.rows == SHOWN[:2]
        assert "only in prod" in screen.line("Plan:")
        await screen.press("i")
        assert screen.rows == [*SHOWN[:2], "output-bucket"]
        await screen.press("escape")
        assert screen.rows == [each.slug for each in CHANGES]
        await screen.press("i")
        assert screen.rows == SHOWN


async def test_n_goes_to_the_next_change_that_is_to_be_made(show: Started) -> None:
    async with show() as screen:
        assert screen.cursor == "website/deploy-role"
        for slug in ("trust-policy", "pipeline", "key", "assume-policy", "deploy-role"):
            await screen.press("n")
            assert screen.cursor == f"website/{slug}"
        for slug in ("assume-policy", "key"):
            await screen.press("N")
            assert screen.cursor == f"website/{slug}"


async def test_the_palette_finds_actions_and_changes(show: Started) -> None:
    async with show() as screen:
        await screen.press("colon")
        await screen.type("go to website/service-role")
        await screen.sees("what service-role is for")
        await screen.press("enter")
        assert screen.cursor == "website/service-role"
        await screen.press("colon")
        await screen.type("history")
        await screen.sees("show what was applied")
        await screen.press("enter")
        assert screen.screen == "HistoryScreen"


async def test_the_palette_is_guarded_as_the_keys_are(show: Started) -> None:
    async with show(Made(read_only=True)) as screen:
        for name, does, told in (
            ("Apply marked", "apply the marked changes", "this run is read-only"),
            ("Stop", "stop after the current call", "nothing is being written"),
        ):
            await screen.press("ctrl+p")
            await screen.type(name)
            await screen.sees(does)
            await screen.press("enter")
            assert told in screen.told


async def test_the_palette_leads_nowhere_past_a_question(show: Started) -> None:
    async with show() as screen:
        for key in ("ctrl+p", "colon"):
            await screen.press("a", key)
            assert screen.screen == "ConfirmScreen"
            await screen.press("n")


async def test_help_tells_every_key_and_why_some_do_nothing(show: Started) -> None:
    async with show(size=(120, 50)) as screen:
        await screen.go_to("website/key-users")
        await screen.press("question_mark")
        told = screen.dialog
        for action in ("apply this change", "copy this change as commands", "edit the configuration", "find an action"):
            assert action in told
        assert "(not now: it is blocked: the key policy names a principal that is gone)" in told
        assert "(not now: nothing is being written)" in told
        await screen.press("escape")
        await screen.press("a")
        assert "it is blocked: the key policy names" in screen.told


async def test_the_raw_document_is_shown_and_copied(show: Started) -> None:
    async with show() as screen:
        await screen.press("v")
        assert '"address": "iam:role/deploy-role#role"' in screen.text
        await screen.press("c")
        copied = json.loads(screen.app.clipboard)
        assert copied["after"] == {"path": "/service-role/"}


async def test_the_mouse_chooses_rows_and_buttons(show: Started) -> None:
    async with show() as screen:
        await screen.click("what pipeline is for")
        assert screen.cursor == "website/pipeline"
        await screen.click("Apply")
        assert "Apply 1 change?" in screen.text
        await screen.click(" No ")
        assert screen.screen == "PlanScreen"
        await screen.click("Apply")
        await screen.click("Yes (y)")
        assert "1 of 1 applied" in screen.told


@pytest.mark.parametrize(("key", "read"), [("r", ("website/deploy-role",)), ("R", ())])
async def test_reading_again_keeps_the_cursor_and_the_marks(show: Started, key: str, read: tuple[str, ...]) -> None:
    made = Made()
    async with show(made) as screen:
        await screen.press("space", "k")
        made.changes = [change("output-access", "prod"), *CHANGES]
        await screen.press(key)
        assert made.read[-1] == read
        assert screen.cursor == "website/deploy-role"
        assert "[x]" in screen.line("deploy-role   ")
        assert (" output-access " in screen.text) == (key == "R")


async def test_what_somebody_else_did_is_seen_when_read_again(start: Started, accounts: EmbeddedAccounts) -> None:
    iam = accounts.client("prod", "iam")
    async with start() as screen:
        await screen.go_to("website/deploy-role")
        iam.create_role(RoleName=doc.DEPLOY_ROLE, AssumeRolePolicyDocument=json.dumps(doc.deploy_trust(doc.DEV)))
        await screen.press("r")
        assert "deploy-role" not in screen.rows
        assert "trust-policy" in screen.rows


async def test_a_small_terminal_shows_the_keys_that_matter(show: Started) -> None:
    async with show(size=(80, 24)) as screen:
        for key in (
            "a Apply",
            "space Mark",
            "A Apply marked",
            "z Roll back",
            "/ Filter",
            "P Proof",
            "? Help",
            "q Quit",
        ):
            assert key in screen.lines[-1]
