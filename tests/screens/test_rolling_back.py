"""Roll-backs from the plan screen, what cannot be undone, and what a change does beyond its document."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconcile.change import Grant
from screens.conftest import Started
from screens.made_up import CHANGES, Made, change, entry
from xacct_tui.demo.accounts import EmbeddedAccounts

KEY = "website/key"


async def test_what_rests_on_a_change_is_rolled_back_with_it(start: Started, accounts: EmbeddedAccounts) -> None:
    iam = accounts.client("prod", "iam")
    before = iam.list_roles()["Roles"]
    async with start() as screen:
        await screen.go_to("website/trust-policy")
        await screen.press("a")
        await screen.press("y")
        await screen.go_to("website/deploy-role")
        await screen.press("z")
        assert "Roll back 2 changes?" in screen.text
        assert "website/trust-policy" in screen.line("Rolled back first, since")
        await screen.press("y")
        assert "2 of 2 rolled back" in screen.told
        assert "+ create" in screen.line("deploy-role ")
        assert "+ create" in screen.line(" trust-policy ")
    assert iam.list_roles()["Roles"][1:] == before[1:]


async def test_what_cannot_be_undone_wants_the_accounts_name(start: Started, accounts: EmbeddedAccounts) -> None:
    kms = accounts.client("dev", "kms")
    async with start("empty") as screen:
        await screen.go_to(KEY)
        assert "cannot be undone" in screen.text
        await screen.press("a")
        assert "cannot be undone: type dev to go ahead" in screen.text
        assert screen.app.focused.id == "no"
        await screen.press("y")
        assert "type dev to go ahead" in screen.told
        await screen.click("Yes (y)")
        assert screen.screen == "ConfirmScreen"
        await screen.press("tab")
        await screen.type("pro")
        await screen.press("enter")
        assert screen.screen == "ConfirmScreen"
        assert kms.list_keys()["Keys"] == []
        await screen.press("backspace", "backspace", "backspace")
        await screen.type("dev")
        await screen.press("enter")
        assert "1 of 1 applied" in screen.told
    assert len(kms.list_keys()["Keys"]) == 1


async def test_a_typed_name_frees_the_key_for_yes(show: Started) -> None:
    async with show() as screen:
        await screen.go_to(KEY)
        await screen.press("a", "tab")
        await screen.type("dev")
        await screen.press("tab")
        assert screen.app.focused.id == "no"
        await screen.press("y")
        assert "1 of 1 applied" in screen.told


async def test_enter_and_escape_never_go_ahead(show: Started) -> None:
    async with show() as screen:
        for slug, answer in (("key", "enter"), ("key", "escape"), ("deploy-role", "enter"), ("deploy-role", "n")):
            await screen.go_to(f"website/{slug}")
            await screen.press("a")
            assert screen.screen == "ConfirmScreen"
            await screen.press(answer)
            assert screen.screen == "PlanScreen"
        assert screen.app.desk.board.outcomes == {}


async def test_what_happens_beyond_the_document_is_said_before(start: Started, accounts: EmbeddedAccounts) -> None:
    async with start("half-done") as screen:
        execution = accounts.execution("crossaccountdeploy", "InProgress")
        await screen.go_to("website/deploy-action-role")
        await screen.press("r")
        assert f"effect   stops execution {execution}" in screen.text
        await screen.press("a")
        assert f"effect: stops execution {execution}, which is in progress" in screen.dialog
        await screen.press("n")
    assert (
        accounts.client("dev", "codepipeline").get_pipeline_execution(
            pipelineName="crossaccountdeploy", pipelineExecutionId=execution
        )["pipelineExecution"]["status"]
        == "InProgress"
    )


async def test_the_effects_of_a_roll_back_are_said_before_too(show: Started) -> None:
    undone = [replace(each, before=None) for each in CHANGES if each.slug == "pipeline"]
    async with show(Made(entries=[entry(1, *undone)])) as screen:
        await screen.go_to("website/pipeline")
        await screen.press("z")
        assert "effect: stops the execution that is in progress" in screen.text


async def test_a_long_list_of_changes_is_scrolled(show: Started) -> None:
    many = [change(f"number-{each}", requires=[f"website/number-{each - 1}"]) for each in range(20)]
    async with show(Made(many), size=(80, 24)) as screen:
        await screen.go_to("website/number-19")
        await screen.press("a")
        assert "Apply 20 changes?" in screen.text
        assert "Yes (y)" in screen.text
        assert "+ create website/number-19" not in screen.text
        await screen.press(*["down"] * 24)
        assert "+ create website/number-19" in screen.text
        assert screen.app.focused.id == "no"


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_a_question_shows_what_is_written_and_who_is_let_in(show: Started, size: tuple[int, int]) -> None:
    many = [change(f"number-{each}", effects=(f"starts execution {each}",) if each > 5 else ()) for each in range(7)]
    grants = (Grant("arn:aws:iam::111111111111:role/r", ("sts:AssumeRole",), "*"),)
    last = change("last", requires=[each.id for each in many], grants=grants, irreversible_reason="it stays")
    async with show(Made([*many, last]), size=size) as screen:
        await screen.go_to(last.id)
        await screen.press("a")
        told = screen.dialog
        assert "website/number-6: effect: starts execution 6" in told  # before anything is scrolled
        assert "website/last cannot be undone: it stays" in told
        for _ in range(8):
            assert "Yes (y)" in screen.dialog
            await screen.press("pagedown")
            told += screen.dialog
        assert "+ path: /service-role/" in told
        assert "grants arn:aws:iam::111111111111:role/r may sts:AssumeRole on *" in told
