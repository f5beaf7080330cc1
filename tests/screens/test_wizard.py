"""The wizard: a file made from nothing, one made from a live pipeline, and one that is there edited."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path
from threading import Event

import pytest

from screens.wizard import SetUp, set_up
from xacct_tui.demo.accounts import EmbeddedAccounts

ARTICLE = (Path(__file__).parents[2] / "config" / "article.toml").read_text()
COMMENTED = ARTICLE.replace("[accounts.prod]", "# the one that customers see\n[accounts.prod]")
BUCKETS = {
    "source.bucket": "codepipeline-input-bucket",
    "source.object_key": "sample-website.zip",
    "artifacts.bucket": "codepipeline-us-east-1-0123456789",
    "output.bucket": "codepipeline-output-bucket",
}
__all__ = ["set_up"]


async def test_from_nothing_to_the_article(set_up: SetUp) -> None:
    async with set_up("empty") as wizard:
        assert "assumed-role/Admin" in wizard.line("111111111111:")
        assert "assumed-role/Admin" in wizard.line("222222222222:")
        await wizard.press("ctrl+n")
        await wizard.press("enter")
        for name, text in BUCKETS.items():
            await wizard.fill(name, text)
        await wizard.fill("key.admins", "")
        await wizard.next()
        assert "in sync" in wizard.text or "to create" in wizard.text
        assert not wizard.file.exists()
        await wizard.press("ctrl+s")
        assert tomllib.loads(wizard.file.read_text()) == tomllib.loads(ARTICLE)
        assert "website/key-users" in wizard.pending


async def test_a_complete_set_up_is_adopted_and_in_sync(set_up: SetUp) -> None:
    async with set_up("done") as wizard:
        await wizard.adopt()
        assert wizard.step == 3
        await wizard.next()
        assert "No changes." in wizard.text
        await wizard.press("ctrl+s")
        assert wizard.pending == []


async def test_a_half_done_set_up_is_adopted_with_what_is_not_known(set_up: SetUp) -> None:
    async with set_up("half-done") as wizard:
        await wizard.adopt()
        assert "? 1 not known (Deploy role: Name)" in wizard.text
        await wizard.go_to_field("deploy_role.name")
        assert "the deploy action names no role yet" in wizard.text
        await wizard.next()
        await wizard.press("ctrl+s")
        assert "website/deploy-role" in wizard.pending
        assert "website/pipeline" not in wizard.pending


async def test_an_account_that_cannot_be_used_is_described_by_hand(set_up: SetUp) -> None:
    async with set_up("done", trouble=lambda faults: faults.expire("prod")) as wizard:
        assert "ExpiredToken" in wizard.text
        assert "aws sts get-caller-identity --profile prod" in wizard.text
        await wizard.fill("target_account/id", "222222222222")
        await wizard.fill("target_account/region", "us-east-1")
        await wizard.adopt()
        assert "not known" in wizard.text
        await wizard.next()
        await wizard.press("ctrl+s")
        written = tomllib.loads(wizard.file.read_text())
        assert written["accounts"]["prod"] == {"id": "222222222222", "region": "us-east-1", "profile": "prod"}


async def test_the_pipeline_tells_the_id_of_an_account_that_cannot_be_used(set_up: SetUp) -> None:
    async with set_up("done", trouble=lambda faults: faults.expire("prod")) as wizard:
        await wizard.adopt()
        await wizard.next()
        await wizard.press("ctrl+s")
        assert tomllib.loads(wizard.file.read_text())["accounts"]["prod"]["id"] == "222222222222"


async def test_renewed_credentials_are_checked_again(set_up: SetUp, accounts: EmbeddedAccounts) -> None:
    async with set_up("empty", trouble=lambda faults: faults.expire("prod")) as wizard:
        assert "ExpiredToken" in wizard.text
        accounts.faults.clear()
        await wizard.press("ctrl+r")
        assert "ExpiredToken" not in wizard.text
        assert "assumed-role/Admin" in wizard.line("222222222222:")


async def test_what_may_not_be_listed_is_told_and_typed(set_up: SetUp) -> None:
    async with set_up("done", trouble=lambda faults: faults.deny("codepipeline:ListPipelines")) as wizard:
        await wizard.next()
        assert "ListPipelines" in wizard.text
        assert "adopt " not in wizard.text
        await wizard.press("enter")
        assert wizard.step == 3


async def test_a_wrong_value_is_told_while_it_is_typed(set_up: SetUp) -> None:
    async with set_up("empty") as wizard:
        await wizard.press("ctrl+n")
        await wizard.press("enter")
        await wizard.fill("output.bucket", "")
        await wizard.type("NO")
        assert '! found "NO"; allowed: a bucket name: 3 to 63 lower-case letters' in wizard.text
        await wizard.next()
        assert wizard.step == 3
        assert "deployments.website.output.bucket" in wizard.told
        await wizard.fill("output.bucket", "now-it-is-one")
        assert "! found" not in wizard.text
        await wizard.next()
        assert wizard.step == 4


async def test_going_back_and_forth_keeps_what_was_typed(set_up: SetUp) -> None:
    async with set_up("empty") as wizard:
        await wizard.fill("pipeline_account/name", "tools")
        await wizard.press("ctrl+n")
        await wizard.press("enter")
        await wizard.fill("output.bucket", "kept-in-mind")
        await wizard.press("escape", "escape")
        assert wizard.step == 1
        assert "The pipeline's account (tools)" in wizard.text
        await wizard.next()
        await wizard.next()
        assert "kept-in-mind" in wizard.text
        await wizard.next()
        assert "[accounts.tools]" in wizard.text


async def test_leaving_writes_nothing_and_asks_where_something_would_be_lost(set_up: SetUp) -> None:
    async with set_up("empty") as wizard:
        await wizard.press("ctrl+n")
        await wizard.press("enter")
        await wizard.next()
        await wizard.press("q")
        assert "Leave without writing the file?" in wizard.text
        await wizard.press("n")
        assert wizard.step == 4
        await wizard.press("q", "y")
        assert wizard.app.return_value == 0
        assert list(wizard.file.parent.glob("*.toml")) == []


@pytest.mark.parametrize("presses", [0, 3])
async def test_control_c_ends_at_every_step(set_up: SetUp, presses: int) -> None:
    async with set_up("empty") as wizard:
        for _ in range(presses):
            await wizard.next()
        assert wizard.step == presses + 1
        await wizard.pilot.press("ctrl+c")
        assert wizard.app.return_value == 130
        assert not wizard.file.exists()


async def test_editing_keeps_comments_and_mode_and_asks(set_up: SetUp) -> None:
    async with set_up("done", text=COMMENTED, wizard=False) as wizard:
        wizard.file.chmod(0o640)
        await wizard.press("w")
        await wizard.until(lambda: wizard.step == 1)
        await wizard.next()
        await wizard.press("enter")
        await wizard.fill("deploy_role.name", "another-role")
        await wizard.next()
        assert "+[deployments.website.deploy_role]" in wizard.text
        assert "customers" not in wizard.text
        await wizard.press("ctrl+s")
        assert "Write over the file that is there?" in wizard.text
        assert wizard.file.read_text() == COMMENTED
        await wizard.press("y")
        written = wizard.file.read_text()
        assert "# the one that customers see" in written
        assert tomllib.loads(written)["deployments"]["website"]["deploy_role"] == {"name": "another-role"}
        assert stat.S_IMODE(wizard.file.stat().st_mode) == 0o640
        assert "website/deploy-role" in wizard.pending


async def test_an_account_of_the_file_is_renamed(set_up: SetUp) -> None:
    async with set_up("done", text=COMMENTED) as wizard:
        await wizard.fill("target_account/name", "dev")
        assert "a name that no other account has" in wizard.text
        await wizard.next()
        assert wizard.step == 1
        await wizard.fill("target_account/name", "live")
        await wizard.next()
        await wizard.press("enter")
        await wizard.next()
        assert "+[accounts.live]" in wizard.text
        await wizard.press("ctrl+s", "y")
        assert wizard.file.read_text().count("# the one that customers see\n[accounts.live]") == 1
        assert wizard.pending == []


async def test_a_file_that_somebody_else_changed_is_not_written_over(set_up: SetUp) -> None:
    async with set_up("done", text=ARTICLE) as wizard:
        await wizard.next()
        await wizard.press("enter")
        await wizard.fill("deploy_role.name", "another-role")
        await wizard.next()
        wizard.file.write_text(COMMENTED)
        await wizard.press("ctrl+s", "y")
        assert "was changed by somebody else meanwhile" in wizard.told
        assert wizard.file.read_text() == COMMENTED
        await wizard.press("ctrl+s", "y")
        assert "# the one that customers see" in wizard.file.read_text()
        assert "another-role" in wizard.file.read_text()


async def test_a_second_deployment_goes_into_the_file_that_is_there(set_up: SetUp) -> None:
    async with set_up("done", text=ARTICLE) as wizard:
        await wizard.press("ctrl+n", "down")
        await wizard.press("enter")
        assert wizard.step == 3
        await wizard.fill("pipeline", "another")
        await wizard.next()
        assert wizard.step == 4, wizard.told
        await wizard.press("ctrl+s", "y")
        assert set(tomllib.loads(wizard.file.read_text())["deployments"]) == {"website", "website-2"}


async def test_a_bucket_is_chosen_from_those_there_are(set_up: SetUp) -> None:
    async with set_up("done") as wizard:
        await wizard.press("ctrl+n")
        await wizard.press("enter")
        await wizard.go_to_field("output.bucket")
        await wizard.press("ctrl+l")
        assert "codepipeline-output-bucket" in wizard.text
        await wizard.press("enter")
        await wizard.next()
        assert 'bucket = "codepipeline-output-bucket"' in wizard.text


HOSTILE = "[/red] [@click=app.quit]x[/] \x1b[2J \u202etxt.exe"


async def test_hostile_texts_of_aws_are_shown_as_they_are(set_up: SetUp, accounts: EmbeddedAccounts) -> None:
    async with set_up("done") as wizard:
        kms = accounts.client("dev", "kms")
        key = kms.create_key(Description=HOSTILE)["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName="alias/hostile", TargetKeyId=key)
        pipeline = accounts.client("dev", "codepipeline")
        declaration = pipeline.get_pipeline(name="crossaccountdeploy")["pipeline"]
        declaration["stages"][1]["actions"][0]["configuration"]["CacheControl"] = HOSTILE
        pipeline.update_pipeline(pipeline=declaration)
        await wizard.next()
        await wizard.press("ctrl+r")
        await wizard.press("down", "enter")
        await wizard.go_to_field("key.alias")
        await wizard.press("ctrl+l")
        assert "[/red] [@click=app.quit]x[/] \\x1b[2J \\u202etxt.exe" in wizard.text
        await wizard.press("escape")
        await wizard.go_to_field("output.cache_control")
        assert "\x1b" not in wizard.text
        assert "\u202e" not in wizard.text


async def test_slow_answers_keep_nobody_from_typing(set_up: SetUp, accounts: EmbeddedAccounts) -> None:
    async with set_up("empty") as wizard:
        held = Event()
        accounts.faults.hook("sts:GetCallerIdentity", lambda _: held.wait(60), times=None)
        try:
            await wizard.pilot.press("ctrl+r")
            await wizard.go_to_field("target_account/region")
            await wizard.type("-x")
            assert "… asking who prod is" in wizard.text
            assert '! found "us-east-1-x"' in wizard.text
        finally:
            held.set()
        await wizard.idle()
        assert "us-east-1-x" in wizard.text
