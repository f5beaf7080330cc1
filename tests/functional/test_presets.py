"""Every file of config/ from empty accounts: made whole in one call, in sync, and rolled back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconcile import Result
from xacct_tui.demo.accounts import EmbeddedAccounts

BOUNDARY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'


def _nothing(_: EmbeddedAccounts, text: str) -> str:
    return text


def _prepared(accounts: EmbeddedAccounts, text: str) -> str:
    """What complete.toml leaves to others is there: the key, the boundaries, the input bucket."""
    for account in ("dev", "prod"):
        accounts.client(account, "iam").create_policy(PolicyName="boundary", PolicyDocument=BOUNDARY)
    s3 = accounts.client("dev", "s3")
    s3.create_bucket(Bucket="codepipeline-input-bucket")
    s3.put_bucket_versioning(Bucket="codepipeline-input-bucket", VersioningConfiguration={"Status": "Enabled"})
    key = accounts.client("dev", "kms").create_key()["KeyMetadata"]["Arn"]
    return re.sub(r"arn:aws:kms:[^\"]+", key, text)


Preparation = Callable[[EmbeddedAccounts, str], str]
PRESETS: dict[str, tuple[Preparation, dict[str, str]]] = {
    "article": (_nothing, {}),
    "least-privilege": (_nothing, {}),
    "complete": (_prepared, {"website/key-admins": "create"}),
}
"""What has to be there before, and what differs in the end: others own it, so it is told and never written."""


def test_every_preset_is_tried() -> None:
    assert {*PRESETS, "two-deployments"} == {
        path.stem for path in Path(__file__).parents[2].joinpath("config").glob("*.toml")
    }


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_made_whole_and_taken_away(accounts: EmbeddedAccounts, work: Any, preset: str) -> None:
    prepare, left = PRESETS[preset]
    world = work(preset, edit=lambda text: prepare(accounts, text), profiles={"prod": "prod"})
    before = world.differing()

    assert set(world.apply().values()) == {Result.APPLIED}
    assert world.differing() == left

    assert set(world.roll_back().values()) <= {Result.APPLIED, Result.ALREADY}
    assert world.differing() == before


@pytest.mark.parametrize("gone", ["website", "manual"])
def test_what_the_other_of_two_deployments_needs_stays(work: Any, gone: str) -> None:
    """Whichever of them made what they share; and all of it goes with the last of them."""
    world = work("two-deployments")
    before = world.differing()
    assert set(world.apply().values()) == {Result.APPLIED}
    assert world.differing() == {}

    results = world.roll_back(lambda entry: entry.change.deployment == gone)

    assert set(results.values()) <= {Result.APPLIED, Result.REFUSED, Result.NOT_RUN}
    assert world.differing().keys() == {name for name, result in results.items() if result is Result.APPLIED}
    assert work("two-deployments", edit=lambda text: _without(gone, text)).differing() == {}

    assert set(world.roll_back().values()) <= {Result.APPLIED, Result.ALREADY}
    assert world.differing() == before


def _without(deployment: str, text: str) -> str:
    tables = re.split(r"(?m)^(?=\[)", text)
    return "".join(table for table in tables if not table.startswith(f"[deployments.{deployment}"))
