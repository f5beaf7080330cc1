"""Drafts: what can be filled in, what is wrong with it, and the file that comes of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from reconcile import adoption
from reconcile.adoption.draft import Draft, Remark
from reconcile.desired import Account, schema
from reconcile.errors import ConfigError
from reconcile.toml import dotted_key, flat, key_path, literal, nested

ROOT = Path(__file__).parents[2]
PRESETS = sorted((ROOT / "config").glob("*.toml"))
COMPLETE = (ROOT / "config/complete.toml").read_text()
WEBSITE = "deployments.website"
ACCOUNTS = {
    "dev": Account(id="111111111111", region="us-east-1", profile="dev"),
    "prod": Account(id="222222222222", region="us-east-1", profile="prod"),
}


def new(**rest: Any) -> Draft:
    return adoption.draft_new(ACCOUNTS, pipeline="crossaccountdeploy", **rest)


@pytest.mark.parametrize("table", ["", "accounts.dev", WEBSITE])
def test_every_field_of_the_models_can_be_labelled(table: str) -> None:
    found = adoption.fields(table)

    assert all(field.label and field.description.endswith(".") for field in found)
    assert {field.sort for field in found} <= {"text", "choice", "flag", "list", "table"}
    assert all(bool(field.choices) is (field.sort == "choice") for field in found)


def test_no_field_of_the_models_is_left_out() -> None:
    tables = {"Account": "accounts.dev", "Deployment": WEBSITE}
    inner = {"Key": "key", "ServiceRole": "service_role", "Source": "source", "Artifacts": "artifacts",
             "Output": "output", "DeployRole": "deploy_role"}  # fmt: skip
    tables |= {model: f"{WEBSITE}.{name}" for model, name in inner.items()} | {"Proof": "proof", "Journal": "journal"}
    keys = {field.key for table in ("", "accounts.dev", WEBSITE) for field in adoption.fields(table)}
    models = schema()["$defs"]

    wanted = {f"{tables[model]}.{name}" for model, found in models.items() for name in found["properties"]}
    assert keys == (wanted | {"read_only"}) - {f"{WEBSITE}.{name}" for name in inner.values()}


def test_fields_tell_what_a_form_needs() -> None:
    found = {field.key: field for field in adoption.fields(WEBSITE)}

    assert found[f"{WEBSITE}.pipeline"].required
    assert not found[f"{WEBSITE}.pipeline_account"].required
    assert (found[f"{WEBSITE}.service_role.name"].group, found[f"{WEBSITE}.output.canned_acl"].label) == (
        "Service role",
        "Canned ACL",
    )
    assert found[f"{WEBSITE}.grants"].choices == ("article", "least-privilege", "sufficient")
    assert found[f"{WEBSITE}.output.extract"].default is True
    assert found[f"{WEBSITE}.deploy_role.name"].default == "prods3role"
    assert found[f"{WEBSITE}.tags"].sort == "table"
    with pytest.raises(KeyError):
        adoption.fields("nonsense")


def test_a_new_draft_is_the_article() -> None:
    names = {
        "source_bucket": "codepipeline-input-bucket",
        "object_key": "sample-website.zip",
        "artifact_bucket": "codepipeline-us-east-1-0123456789",
        "output_bucket": "codepipeline-output-bucket",
    }
    written = tomllib.loads(adoption.write_toml(new(**names)))
    assert written == tomllib.loads((ROOT / "config/article.toml").read_text())


@pytest.mark.parametrize("pipeline", ["crossaccountdeploy", "A.B_C@d", "x" * 100, "@"])
def test_buckets_are_proposed_that_can_be(pipeline: str) -> None:
    draft = adoption.draft_new(ACCOUNTS, pipeline=pipeline)
    assert adoption.check(draft) == {}
    assert draft.values[f"{WEBSITE}.source.bucket"].endswith("-input-111111111111") or pipeline == "@"


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "an empty field": ({f"{WEBSITE}.output.bucket": ""}, f"{WEBSITE}.output.bucket", "a bucket name"),
    "a field left out": ({f"{WEBSITE}.pipeline": None}, f"{WEBSITE}.pipeline", "required: Name of the pipeline."),
    "an item of a list": ({f"{WEBSITE}.key.admins": ["me"]}, f"{WEBSITE}.key.admins", "arn:aws:iam::"),
    "a choice": ({f"{WEBSITE}.grants": "all"}, f"{WEBSITE}.grants", '"least-privilege"'),
    "accounts that agree too well": ({"accounts.prod.id": "111111111111"}, f"{WEBSITE}.target_account", "another"),
    "an account that is not there": ({f"{WEBSITE}.target_account": "test"}, f"{WEBSITE}.target_account", "dev, prod"),
    "a region": ({"accounts.dev.region": "moon"}, "accounts.dev.region", "an AWS region"),
    "both ways in": (
        {"accounts.dev.role_arn": "arn:aws:iam::111111111111:role/R"}, "accounts.dev.profile", "left out",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "key", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_stands_at_its_field(changes: dict[str, Any], key: str, says: str) -> None:
    problems = adoption.check(new().having(changes))
    assert list(problems) == [key]
    assert says in problems[key].allowed
    with pytest.raises(ConfigError):
        adoption.write_toml(new().having(changes))


def test_nothing_filled_in_is_asked_for() -> None:
    assert set(adoption.check(Draft({}))) == {"accounts", "deployments"}


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_a_file_that_is_opened_and_saved_is_the_same(path: Path) -> None:
    text = path.read_text()
    assert adoption.write_toml(adoption.draft_of(text), text) == text


def test_an_edit_keeps_comments_and_order() -> None:
    changes = {f"{WEBSITE}.output.stage": "Ship", f"{WEBSITE}.key.users": None, "read_only": True}
    after = adoption.write_toml(adoption.draft_of(COMPLETE).having(changes), COMPLETE).splitlines()
    before = COMPLETE.splitlines()

    assert [line.split()[:3] for line in after if line not in before] == [
        ["read_only", "=", "true"],
        ["stage", "=", '"Ship"'],
    ]
    assert all("#" in line for line in after if line.startswith(("read_only", "stage")))
    assert [line for line in after if line in before] == [
        line for line in before if not line.startswith(("read_only", "stage", "users"))
    ]


def test_a_deployment_more_leaves_the_others_alone() -> None:
    text = (ROOT / "config/article.toml").read_text()
    with pytest.raises(ConfigError, match=r"because deployments\.website\.pipeline names pipeline crossaccountdeploy"):
        adoption.write_toml(new(name="docs"), text)
    draft = adoption.draft_new(ACCOUNTS, pipeline="docs", name="docs", output_bucket="docs-output")
    after = adoption.write_toml(draft, text)

    assert after.startswith(text)
    docs = tomllib.loads(after)["deployments"]["docs"]
    assert docs["output"] == {"bucket": "docs-output"}


def test_a_table_can_be_taken_out_and_put_back() -> None:
    draft = adoption.draft_of(COMPLETE)
    without = draft.having({f"{WEBSITE}.source": None})

    assert "source" not in tomllib.loads(adoption.write_toml(without, COMPLETE))["deployments"]["website"]
    assert adoption.config_of(adoption.write_toml(without)).deployments["website"].source is None
    again = without.having({f"{WEBSITE}.source.bucket": "new-input", f"{WEBSITE}.source.object_key": "a.zip"})
    assert adoption.config_of(adoption.write_toml(again)).deployments["website"].source.bucket == "new-input"


def test_a_default_that_the_file_says_is_changed_in_place() -> None:
    text = adoption.write_toml(new().having({f"{WEBSITE}.deploy_role.name": "deployer"}))
    assert 'deploy_role = { name = "deployer" }' in text
    back = adoption.write_toml(adoption.draft_of(text).having({f"{WEBSITE}.deploy_role.name": "prods3role"}), text)
    assert adoption.config_of(back).deployments["website"].deploy_role.name == "prods3role"


def test_a_new_file_means_what_the_draft_says() -> None:
    draft = adoption.draft_of(COMPLETE)
    text = adoption.write_toml(draft)
    fresh, old = adoption.config_of(text), adoption.config_of(COMPLETE)
    assert fresh == old.read_from(fresh.path, fresh.sha256)
    assert text.startswith("#:schema schema.json\n")
    assert adoption.write_toml(adoption.draft_of(text), text) == text


def test_remarks_are_comments_and_nothing_else() -> None:
    hostile = 'denied\nread_only = true\x1b[2J "x"\u2028' + " long" * 60
    draft = new()
    remarks = (Remark(f"{WEBSITE}.pipeline", hostile),)
    text = adoption.write_toml(Draft(draft.values, remarks, (Remark(f"{WEBSITE}.grants", hostile),)))

    assert tomllib.loads(text) == tomllib.loads(adoption.write_toml(draft))
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert f"# {WEBSITE}.grants: denied read_only" in text
    assert len(comments) > 6
    assert max(map(len, comments)) <= 110


def test_edits_of_a_remarked_field_drop_the_remark() -> None:
    draft = Draft({"a": 1, "b": 2}, (Remark("a", "so"), Remark("b", "so")), (Remark("a", "unseen"),))
    assert draft.having({"a": 3}) == Draft({"b": 2, "a": 3}, (Remark("b", "so"),))


@pytest.mark.parametrize(
    "path", [("a",), ("a", "b c"), ("accounts", "dev.eu", "id"), ("tags", 'q"\\'), ("tags", "\u00dc"), ("\U0001f600",)]
)
def test_dotted_keys_come_back(path: tuple[str, ...]) -> None:
    assert key_path(dotted_key(*path)) == path
    tables = nested({dotted_key(*path): 1})
    assert flat(tables) == {dotted_key(*path): 1}


@pytest.mark.parametrize(
    "value", ["", 'a"b\\c', "\u65e5\u672c", True, ["a", "b"], {"x y": "z", "n": ["é"]}, 3], ids=repr
)
def test_literals_mean_their_value(value: Any) -> None:
    written = literal(value)
    assert tomllib.loads(f"value = {written}") == {"value": value}
    assert "\n" not in written
