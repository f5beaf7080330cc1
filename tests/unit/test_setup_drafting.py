"""What the wizard fills in, without a screen: names, beginnings, texts of values, and the file."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest

from reconcile import adoption
from reconcile.adoption import Draft
from reconcile.errors import ConfigError, Refused
from xacct_tui.saving import save
from xacct_tui.setup.drafting import INNER, OUTER, Drafting, Start
from xacct_tui.setup.texts import text_of, value_of

ARTICLE = (Path(__file__).parents[2] / "config" / "article.toml").read_text()
WEBSITE = "deployments.website"
FIELDS = {field.key.removeprefix(f"{WEBSITE}."): field for field in adoption.fields(WEBSITE)}
ADMIN = "arn:aws:iam::111111111111:role/Admin"


def drafting(text: str | None = None) -> Drafting:
    return Drafting("xacct.toml", text)


def with_accounts() -> Drafting:
    made = drafting()
    for side, number in ((INNER, "111111111111"), (OUTER, "222222222222")):
        made.set(made.account_key(side, "id"), number)
        made.set(made.account_key(side, "region"), "us-east-1")
    return made


def new(made: Drafting, name: str = "website") -> None:
    names = made.names
    draft = adoption.draft_new(
        made.accounts, pipeline="p", name=name, account=names[INNER], target=names[OUTER], object_key="site.zip"
    )
    made.begin(Start("new", name, "p"), draft)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("pipeline", " site ", "site"),
        ("pipeline", "", None),
        ("output.extract", "no", False),
        ("output.extract", "perhaps", "perhaps"),
        ("key.admins", f"{ADMIN}  {ADMIN}2", [ADMIN, f"{ADMIN}2"]),
        ("tags", '{ team = "web" }', {"team": "web"}),
        ("tags", "team: web", "team: web"),
    ],
)
def test_what_is_typed_means_a_value(field: str, text: str, value: Any) -> None:
    assert value_of(FIELDS[field], text, None) == value
    if value is not None and not isinstance(value, str):
        assert value_of(FIELDS[field], text_of(value), None) == value


def test_a_value_that_is_shown_with_escapes_stays_what_it_was() -> None:
    hostile = "a\x1b[2J\u202eb"
    shown = text_of(hostile)
    assert shown == "a\\x1b[2J\\u202eb"
    assert value_of(FIELDS["output.cache_control"], shown, hostile) == hostile


def test_what_is_needed_is_told_before_anything_is_filled_in() -> None:
    keys = set(drafting().problems())
    assert keys == {f"accounts.{name}.{field}" for name in ("dev", "prod") for field in ("id", "region")}


def test_a_renamed_account_takes_along_what_is_filled_in() -> None:
    made = with_accounts()
    new(made)
    assert made.rename(INNER, "tools")
    assert not made.rename(INNER, "prod")
    assert not made.rename(INNER, "")
    written = tomllib.loads(made.text())
    assert written["accounts"].keys() == {"tools", "prod"}
    assert written["deployments"]["website"]["pipeline_account"] == "tools"
    assert made.problems() == {}


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        (ARTICLE, "[accounts.{}]"),
        (ARTICLE.replace("[accounts.prod]", "[ accounts . 'prod' ]  # ours"), "[ accounts . {} ]  # ours"),
        (
            ARTICLE.replace("[accounts.prod]", "# prod\n[accounts.prod]").replace("\n", "\r\n"),
            "# prod\r\n[accounts.{}]",
        ),
        ("\ufeff" + ARTICLE, "[accounts.{}]"),
    ],
    ids=["plain", "quoted", "carriage returns", "byte order mark"],
)
def test_an_account_of_the_file_is_renamed_where_it_stands(text: str, renamed: str) -> None:
    made = drafting(text)
    made.edit("website")
    for name in ("p", "live.1"):
        assert made.rename(OUTER, name)
    written = made.text()
    assert renamed.format('"live.1"') in written
    assert [line for line in text.removeprefix("\ufeff").splitlines() if line.startswith("#")] == [
        line for line in written.splitlines() if line.startswith("#")
    ]
    tables = tomllib.loads(written.removeprefix("\ufeff"))
    assert tables["accounts"].keys() == {"dev", "live.1"}
    assert tables["deployments"]["website"]["target_account"] == "live.1"


def test_a_renamed_account_is_so_in_every_deployment() -> None:
    second = ARTICLE[ARTICLE.index("[deployments.website]") :].replace("website", "second").replace("codepipe", "other")
    made = drafting(f"{ARTICLE}\n{second.replace('crossaccountdeploy', 'another')}")
    made.edit("website")
    assert not made.rename(INNER, "prod")
    assert made.rename(INNER, "tools")
    assert made.problems() == {}
    written = tomllib.loads(made.text())
    assert [each["pipeline_account"] for each in written["deployments"].values()] == ["tools", "tools"]


def test_accounts_that_change_names_with_each_other_stay_what_they_are() -> None:
    made = drafting(ARTICLE)
    made.edit("website")
    for side, name in ((INNER, "x"), (OUTER, "dev"), (INNER, "prod")):
        assert made.rename(side, name)
    made.rebase(f"# newer\n{ARTICLE}")
    before, written = tomllib.loads(ARTICLE)["accounts"], tomllib.loads(made.text())
    assert written["accounts"] == {"prod": before["dev"], "dev": before["prod"]}
    assert written["deployments"]["website"]["pipeline_account"] == "prod"


def test_another_beginning_leaves_nothing_of_the_first() -> None:
    made = with_accounts()
    new(made)
    made.set(f"{WEBSITE}.output.canned_acl", "private")
    new(made, "other")
    written = tomllib.loads(made.text())["deployments"]
    assert written.keys() == {"other"}
    assert "canned_acl" not in written["other"]["output"]


def test_another_beginning_gives_a_deployment_of_the_file_back() -> None:
    made = drafting(ARTICLE)
    made.edit("website")
    made.set(f"{WEBSITE}.pipeline", "another")
    new(made, "second")
    written = tomllib.loads(made.text())["deployments"]
    assert written["website"] == tomllib.loads(ARTICLE)["deployments"]["website"]
    assert written["second"]["pipeline"] == "p"


def test_a_field_that_is_emptied_goes_from_the_file() -> None:
    made = drafting(ARTICLE)
    made.edit("website")
    made.set(f"{WEBSITE}.source.bucket", None)
    made.set(f"{WEBSITE}.source.object_key", None)
    assert made.problems() == {}
    assert "source" not in tomllib.loads(made.text())["deployments"]["website"]


def test_a_deployment_is_edited_with_the_accounts_that_it_names() -> None:
    text = ARTICLE.replace("[accounts.dev]", "[accounts.tools]").replace(
        "[deployments.website]", '[deployments.website]\npipeline_account = "tools"'
    )
    made = drafting(text)
    assert made.names == {INNER: "tools", OUTER: "prod"}
    made.begin(Start("edit", "website"), Draft({}))
    assert made.problems() == {}


def test_a_file_that_is_not_toml_is_refused() -> None:
    with pytest.raises(ConfigError, match="not TOML"):
        drafting("[accounts")


def test_a_file_is_written_whole_with_the_mode_it_is_to_have(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    link.symlink_to(file)
    save(link, "new", mode=0o640)
    assert (link.is_symlink(), file.read_text(), stat.S_IMODE(file.stat().st_mode)) == (True, "new", 0o640)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "link"]
    with pytest.raises(Refused, match="not a regular file"):
        save(tmp_path, "new")
