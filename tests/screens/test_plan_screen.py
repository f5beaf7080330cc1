"""The plan screen: a half-done set-up made whole, change by change, and taken back."""

from __future__ import annotations

from cases.deviations.keys import alias_moved
from reconcile import Action
from screens.conftest import Started


async def test_one_change_is_applied_and_rolled_back(start: Started) -> None:
    async with start("half-done") as screen:
        await screen.go_to("website/key-users")
        assert "+ create" in screen.line("key-users ")
        await screen.press("a")
        assert "Apply 1 change?" in screen.text
        assert "website/write-artifact" in screen.dialog.partition("mends")[2]
        await screen.press("y")
        assert "✓ applied" in screen.line("key-users ")
        await screen.press("z")
        assert "Roll back 1 change?" in screen.text
        await screen.press("y")
        assert "+ create" in screen.line("key-users ")
        assert "rolled back" in screen.text


async def test_what_a_change_would_break_is_warned_of_before_it_is_made(start: Started) -> None:
    async with start("done", prepare=alias_moved) as screen:
        await screen.go_to("website/pipeline-key")
        await screen.press("a")
        assert "website/pipeline-key BREAKS what passes now: website/decrypt-artifact" in screen.dialog


async def test_enter_alone_applies_nothing(start: Started) -> None:
    async with start("half-done") as screen:
        await screen.go_to("website/key-users")
        await screen.press("a", "enter")
        assert "+ create" in screen.line("key-users ")
        assert screen.app.desk.entries == ()


async def test_what_a_change_needs_is_offered_along(start: Started) -> None:
    async with start("half-done") as screen:
        await screen.go_to("website/trust-policy")
        await screen.press("a")
        assert "Apply 2 changes?" in screen.text
        assert "website/deploy-role" in screen.line("needed first")
        await screen.press("y")
        assert "✓ applied" in screen.line("deploy-role ")
        assert "✓ applied" in screen.line("trust-policy ")


async def test_marked_changes_are_applied_together_and_all_is_in_sync(start: Started) -> None:
    async with start("half-done", size=(160, 50)) as screen:
        pending = [change.id for change in screen.app.desk.board.plan.pending]
        for each in pending:
            await screen.go_to(each)
            await screen.press("space")
        await screen.press("A")
        assert f"Apply {len(pending)} changes?" in screen.text
        await screen.press("y")
        assert "No changes." in screen.text
        assert {change.action for change in screen.app.desk.board.plan.changes} == {Action.NONE}


async def test_a_key_that_does_nothing_says_why(start: Started) -> None:
    async with start("done") as screen:
        await screen.press("i")
        await screen.press("a")
        assert "it is in sync" in screen.told
        await screen.press("z")
        assert "nothing of it that could be rolled back" in screen.told
        await screen.press("A")
        assert "nothing is marked" in screen.told


async def test_a_read_only_run_writes_nothing(start: Started) -> None:
    async with start("half-done", read_only=True) as screen:
        assert "[read-only]" in screen.text
        await screen.go_to("website/key-users")
        await screen.press("a")
        assert "read-only" in screen.told
        assert "Apply 1 change?" not in screen.text
