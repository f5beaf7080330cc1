"""Deviations of set-ups whose TOML says more than the article's, or that share their documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reconcile
from cases.deviations.editing import Statements, bucket_policy, deploy_action, key_id, key_policy, named, pipeline
from reconcile import Action, Result
from world import facts
from xacct_tui.demo import article_documents as doc

CONFIG = Path(__file__).parents[2] / "config"
SETTINGS = {"ObjectKey": "site", "CannedACL": "bucket-owner-full-control", "CacheControl": "max-age=3600"}


def _load(path: Path, source: str, *changes: tuple[str, str]) -> reconcile.Config:
    text = (CONFIG / source).read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)
    return reconcile.load(path)


@pytest.mark.parametrize("live", [{}, {**SETTINGS, "ObjectKey": "old"}, {**SETTINGS, "Extract": "false"}], ids=str)
def test_the_deploy_action_writes_as_the_toml_says(article: Any, tmp_path: Path, live: dict[str, str]) -> None:
    output = 'object_key = "site", canned_acl = "bucket-owner-full-control", cache_control = "max-age=3600" }'
    article.config = _load(tmp_path / "xacct.toml", "article.toml", ('output-bucket" }', f'output-bucket", {output}'))
    pipeline(article.accounts, lambda declared: deploy_action(declared)["configuration"].update(SETTINGS))
    wanted = facts(article.accounts)
    assert article.differing() == {}

    def deviate(declared: dict[str, Any]) -> None:
        configuration = deploy_action(declared)["configuration"]
        for key in SETTINGS:
            del configuration[key]
        configuration.update(live)

    pipeline(article.accounts, deviate)
    deviated = facts(article.accounts)
    assert article.differing() == {"deploy-action-role": Action.UPDATE}
    assert article.apply(article.plan()) == {Result.APPLIED}
    assert facts(article.accounts) == wanted
    assert article.roll_back() == {Result.APPLIED}
    assert facts(article.accounts) == deviated


def test_an_alias_that_was_moved_takes_the_setup_with_it(article: Any) -> None:
    """The TOML names the key by its alias: what used the old key is led to the new one, and that stays as it is."""
    kms, old = article.accounts.client("dev", "kms"), key_id(article.accounts)
    new = kms.create_key(Description="rotated")["KeyMetadata"]["KeyId"]
    kms.update_alias(AliasName=doc.KEY_ALIAS, TargetKeyId=new)
    deviated = facts(article.accounts)

    plan = article.plan()
    moved = {"key-admins", "key-sharing", "key-users", "artifact-access", "pipeline-key"}
    assert {change.slug for change in plan.pending} == moved
    assert article.apply(plan) == {Result.APPLIED}
    assert article.differing() == {}
    lost = deviated - facts(article.accounts)
    assert [each.partition("=")[0] for each in lost] == [
        "dev pipeline crossaccountdeploy.artifactStore.encryptionKey.id "
    ]
    assert old in str(lost)

    assert article.roll_back() == {Result.APPLIED}
    assert facts(article.accounts) - deviated == {"prod policy devkmss3access version v3"}
    assert deviated <= facts(article.accounts)


def test_an_alias_that_was_moved_from_the_key_of_the_toml_is_moved_back(article: Any, tmp_path: Path) -> None:
    kms, old = article.accounts.client("dev", "kms"), key_id(article.accounts)
    arn = f"arn:aws:kms:us-east-1:{doc.DEV}:key/{old}"
    article.config = _load(
        tmp_path / "xacct.toml",
        "article.toml",
        ("[deployments.website]\n", f'[deployments.website]\nkey.arn = "{arn}"\nkey.alias = "{doc.KEY_ALIAS}"\n'),
    )
    kms.create_key(Description="rotated")
    before = facts(article.accounts)
    assert article.differing() == {}
    new = next(key["KeyId"] for key in kms.list_keys()["Keys"] if key["KeyId"] != old)
    kms.update_alias(AliasName=doc.KEY_ALIAS, TargetKeyId=new)
    deviated = facts(article.accounts)

    assert article.differing() == {"key-alias": Action.UPDATE}
    assert article.apply(article.plan()) == {Result.APPLIED}
    assert facts(article.accounts) == before
    assert article.roll_back() == {Result.APPLIED}
    assert facts(article.accounts) == deviated


def test_a_deviation_of_one_deployment_leaves_the_other_alone(article: Any, tmp_path: Path) -> None:
    """Both have their own statements in one key policy and one bucket policy."""
    least = [
        (f'pipeline = "{name}"', f'pipeline = "{name}"\ngrants = "least-privilege"') for name in ("website", "manual")
    ]
    article.accounts.reset()
    article.config = _load(tmp_path / "xacct.toml", "two-deployments.toml", *least)
    assert article.apply(article.plan()) == {Result.APPLIED}
    built = article.journal.entries()
    before = facts(article.accounts)

    for edit in (bucket_policy, key_policy):
        edit(article.accounts, _without_statements_for("website-deploy"))
    key_policy(article.accounts, lambda all_: named(all_, "-website").update(Principal=_role_of("manual")))
    deviated = facts(article.accounts)
    plan = article.plan()
    assert {change.id for change in plan.changes if change.action is not Action.NONE} == {
        f"website/{slug}" for slug in ("artifact-statements", "key-sharing", "key-users")
    }

    assert article.apply(plan) == {Result.APPLIED}
    assert facts(article.accounts) == before
    assert article.roll_back(article.journal.entries()[len(built) :]) == {Result.APPLIED}
    assert facts(article.accounts) == deviated


def _without_statements_for(role: str) -> Callable[[Statements], None]:
    def edit(statements: Statements) -> None:
        statements[:] = [each for each in statements if role not in str(each)]

    return edit


def _role_of(pipeline: str) -> dict[str, str]:
    name = f"AWSCodePipelineServiceRole-us-east-1-{pipeline}"
    return {"AWS": f"arn:aws:iam::{doc.DEV}:role/service-role/{name}"}
