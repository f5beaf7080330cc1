"""The proof screen: from a hop that fails to why, and to the change that repairs it."""

from __future__ import annotations

from dataclasses import replace

import made_up_proof
from reconcile.errors import AwsError
from reconcile.proof.values import ProvenChange
from screens.conftest import Held, Started
from screens.made_up import CHANGES, Made, change
from xacct_tui.demo.accounts import EmbeddedAccounts

REPAIR = change("artifact-statements")
MADE = Made(changes=(*CHANGES, REPAIR))


async def test_the_chain_is_a_picture_with_what_the_plan_makes_of_it(show: Started) -> None:
    async with show(MADE, size=(160, 50)) as screen:
        await screen.press("P")
        assert "website, as it is now: ! FAIL   after the plan: + PASS" in screen.text
        line = screen.line("  the deploy role reads the artifa")
        assert "o<-------o" in line
        assert "! FAIL > + PASS" in line
        assert "? UNKNOWN > + PASS" in screen.line("the deploy role decrypts it")
        assert "o------->o" in screen.line("the service role assumes")


async def test_the_cursor_is_on_the_first_hop_that_fails_and_its_reasons_are_told(show: Started) -> None:
    async with show(MADE, size=(160, 50)) as screen:
        await screen.press("P")
        assert screen.line("  the deploy role reads the artifa").startswith(">")
        assert "s3:GetObject, s3:GetObjectVersion" in screen.text
        assert "lacking  dev: nothing in policy of bucket" in screen.text
        await screen.press("n")
        assert "aws:SourceVpce, aws:SourceIp" in screen.text  # unknown, with the names of the keys
        await screen.press("N", "N")
        assert any(line.startswith("> = info K17 in dev") for line in screen.lines)
        assert 'set grants = "least-privilege"' in screen.text


async def test_what_could_not_be_read_is_told_once_for_a_hop_and_findings_stand_together(show: Started) -> None:
    async with show(replace(MADE, proof=made_up_proof.UNREAD_BY_ALL, proven=()), size=(160, 50)) as screen:
        await screen.press("P")
        assert screen.line("  the deploy role reads the artifa").startswith(">")
        assert screen.text.count("AccessDenied: iam:GetPolicyVersion") == 1
        await screen.press("n", "n")
        assert screen.line("> ? 2 causes in dev could not be ruled out")
        assert all(told in screen.text for told in ("kms:DescribeKey: AccessDenied", "K11", "the key may be deleted"))


async def test_one_key_goes_from_a_failing_hop_to_the_change_that_repairs_it(show: Started) -> None:
    async with show(MADE) as screen:
        await screen.press("P", "g")
        assert screen.screen == "PlanScreen"
        assert screen.cursor == REPAIR.id
        assert "mends    website/read-artifact" in screen.text


async def test_where_no_change_repairs_it_the_key_says_so(show: Started) -> None:
    async with show(MADE) as screen:
        await screen.press("P", "n", "n", "g")
        assert screen.screen == "ProofScreen"
        assert "no change of the plan repairs it" in screen.told


async def test_the_state_after_the_plan_is_told_by_a_key(show: Started) -> None:
    async with show(MADE) as screen:
        await screen.press("P", "p")
        assert "website, after the plan: + PASS   as it is now: ! FAIL" in screen.text
        assert "B1" not in screen.text
        await screen.press("g")  # what repairs the hop is known all the same
        assert screen.cursor == REPAIR.id


async def test_a_change_that_breaks_a_hop_says_so_on_the_plan(show: Started) -> None:
    made = replace(MADE, proven=(ProvenChange("website/pipeline", breaks=("website/upload",)),))
    async with show(made) as screen:
        await screen.press("P", "escape")
        await screen.go_to("website/pipeline")
        assert "BREAKS" in screen.line("what passes now and would fail")
        await screen.press("a")
        assert "BREAKS what passes now: website/upload" in screen.dialog


async def test_a_proof_is_made_again_once_something_was_written(show: Started) -> None:
    made = replace(MADE, read=[])
    async with show(made) as screen:
        await screen.press("P")
        before = len(made.read)
        await screen.press("escape", "P")
        assert len(made.read) == before
        await screen.press("escape", "R", "P")
        assert len(made.read) == before + 2


def sites(count: int) -> Made:
    """So many deployments with the changes that are made up."""
    changes = tuple(replace(each, deployment=f"site{number:03}") for number in range(count) for each in MADE.changes)
    of_one = (replace(made_up_proof.PROOF.deployments[0], deployment="site000"),)
    return replace(MADE, changes=changes, proof=replace(made_up_proof.PROOF, deployments=of_one), read=[])


async def test_all_deployments_are_proven_since_a_change_of_one_may_break_another(show: Started) -> None:
    breaking = ProvenChange(f"site099/{REPAIR.slug}", breaks=("site000/upload",))
    made = replace(sites(100), proven=(breaking,))
    async with show(made) as screen:
        await screen.go_to(f"site000/{REPAIR.slug}")
        await screen.press("P", "escape")
        assert made.read[-1] == ()
        await screen.go_to(f"site099/{REPAIR.slug}")
        assert "BREAKS" in screen.line("what passes now and would fail")


async def test_of_very_many_deployments_the_one_at_the_cursor_is_proven(show: Started) -> None:
    made = sites(260)
    async with show(made) as screen:
        await screen.go_to(f"site000/{REPAIR.slug}")
        await screen.press("P")
        assert "site000, as it is now: ! FAIL" in screen.text
        assert {each.partition("/")[0] for each in made.read[-1]} == {"site000"}


async def test_a_proof_that_cannot_be_made_is_told_and_not_tried_forever(show: Started) -> None:
    failure = AwsError("dev", "iam:GetRole", "Throttling", "slow down")
    async with show(replace(MADE, failure=failure, read=[])) as screen:
        await screen.press("P")
        assert "not proven; R tries again" in screen.text
        assert "slow down" in screen.told


async def test_a_healthy_chain_has_nothing_bad_to_go_to(show: Started) -> None:
    made = replace(MADE, proof=made_up_proof.HEALTHY, proven=())
    async with show(made, size=(80, 24)) as screen:
        await screen.press("P", "n")
        assert "everything else is well" in screen.told
        assert screen.text.count("+ PASS") >= len(made_up_proof.HOPS)


async def test_a_half_done_set_up_is_mended_from_its_proof(start: Started) -> None:
    async with start("half-done", size=(160, 50)) as screen:
        await screen.press("P")
        await screen.sees("website, as it is now: ! FAIL   after the plan: + PASS")
        assert screen.line("  the pipeline writes the artifact").startswith(">")
        assert "kms:GenerateDataKey" in screen.text
        await screen.press("g")
        assert screen.cursor == "website/key-users"
        assert "mends    website/write-artifact" in screen.text
        await screen.press("a")
        await screen.press("y")
        await screen.press("P")
        await screen.sees("website, as it is now: ! FAIL")
        assert "! FAIL" not in screen.line("  the pipeline writes the artifact").partition("│")[0]
        assert screen.line("  the service role becomes the role that").startswith(">")


async def test_where_all_is_in_sync_the_proof_is_there_all_the_same(start: Started) -> None:
    async with start("done", size=(80, 24)) as screen:
        await screen.press("P")
        await screen.sees("website, as it is now: + PASS")


async def test_the_proof_waits_until_everything_is_read(start: Started, held: Held) -> None:
    def hold(accounts: EmbeddedAccounts) -> None:
        accounts.faults.hook("codepipeline:GetPipeline", held, "before", None)

    async with start("half-done", waits=False, prepare=hold) as screen:
        await screen.until(lambda: bool(screen.rows))
        await screen.press_only("P")
        assert "proving, as soon as everything is read" in screen.text
        held.let_go()
        await screen.sees("website, as it is now: ! FAIL")
        assert screen.text.count("! FAIL > + PASS") == 5
