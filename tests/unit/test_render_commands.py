"""Commands that a shell and the AWS CLI read as they are meant, whatever stands in the values."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from reconcile import load
from reconcile.engine import Call
from xacct_tui.render.aws_commands import aws_commands

CONFIG = load(Path(__file__).parents[2] / "config" / "article.toml")


def call(**parameters: Any) -> Call:
    return Call("website/key", "dev", "us-east-1", "s3", "put_bucket_policy", parameters)


def words(text: str) -> list[str]:
    comment, command = text.split("\n", 1)
    assert comment == "# website/key in dev (111111111111)"
    return shlex.split(command.replace("\\\n", ""))


@pytest.mark.parametrize(
    ("parameters", "options"),
    [
        ({"RoleName": 'it\'s; $(rm) `x` "q"'}, ["--role-name", 'it\'s; $(rm) `x` "q"']),
        ({"name": ""}, ["--name", ""]),
        ({"ResourceARN": "arn:x"}, ["--resource-arn", "arn:x"]),
        ({"PendingWindowInDays": 30}, ["--pending-window-in-days", "30"]),
        ({"SetAsDefault": True}, ["--set-as-default"]),
        ({"SetAsDefault": False}, ["--no-set-as-default"]),
    ],
)
def test_a_plain_value_is_an_option(parameters, options):
    shown = words(aws_commands([call(**parameters)], CONFIG))
    assert shown == ["aws", "s3api", "put-bucket-policy", "--profile", "dev", "--region", "us-east-1", *options]


@pytest.mark.parametrize(
    "value", ["--debug", "-", "file:///etc/passwd", "a\nb", "\x1b[31m", ["'", "\u202e"], {"a": "\n"}]
)
def test_what_the_cli_or_the_terminal_would_take_otherwise_is_json(value):
    text = aws_commands([call(Policy=value)], CONFIG)
    *_, option, document = words(text)
    assert (option, json.loads(document)) == ("--cli-input-json", {"Policy": value})
    assert text.replace("\n", "").isprintable()


def test_what_is_to_be_filled_in_is_told_first():
    text = aws_commands([call(Key="<arn of kms:key/x in dev>", Tags=[{"a": "<b of c>"}])], CONFIG)
    assert text.splitlines()[1:3] == ["# fill in by hand: <arn of kms:key/x in dev>", "# fill in by hand: <b of c>"]


def test_own_credentials_take_the_place_of_the_files():
    assert words(aws_commands([call()], CONFIG, profiles={"dev": "my own"}))[3:5] == ["--profile", "my own"]
