"""What the embedded AWS refuses: one row of a table each, asked through real boto3."""

from __future__ import annotations

import copy
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from xacct_tui.demo.accounts import EmbeddedAccounts

TABLES = sorted((Path(__file__).parents[1] / "cases" / "strict").glob("*.toml"))
CASES = [(table.stem, case) for table in TABLES for case in tomllib.loads(table.read_text())["case"]]
PIPELINE = "crossaccountdeploy"


@pytest.fixture
def done(accounts: EmbeddedAccounts) -> EmbeddedAccounts:
    from checkpoint import SCENARIOS

    SCENARIOS["done"](accounts)
    return accounts


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{table}: {case['name']}") for table, case in CASES])
def test_refused(done: EmbeddedAccounts, case: dict[str, Any]) -> None:
    for call, parameters in case.get("first", []):
        make(done, call, parameters)
    with pytest.raises(ClientError) as refused:
        if "set" in case:
            update_pipeline(done, case["set"])
        else:
            make(done, case["call"], case["with"])
    answer = refused.value.response
    assert answer["Error"]["Code"] == case["code"]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == case.get("status", 400)
    assert answer["Error"]["Message"] == case.get("says", answer["Error"]["Message"])


def make(accounts: EmbeddedAccounts, call: str, parameters: dict[str, Any]) -> None:
    account, service, operation = call.split()
    meant = {name: value_of(accounts, value) for name, value in parameters.items()}
    getattr(accounts.client(account, service), operation)(**meant)


def value_of(accounts: EmbeddedAccounts, value: Any) -> Any:
    if isinstance(value, dict) and "fill" in value:
        return "{" + "x" * (value["fill"] - 1)
    if isinstance(value, dict) and "pad" in value:
        return identity_policy_of_length(value["pad"])
    match value:
        case "{key}":
            from xacct_tui.demo.article import key_arn

            return key_arn(accounts)
        case "{admin}":
            statement = {"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "sts:AssumeRole"}
            return json.dumps({"Version": "2012-10-17", "Statement": statement})
        case "{pipeline}":
            return declaration(accounts)
    return value


def identity_policy_of_length(length: int) -> str:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::"}
    short = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
    return short.replace(":::", ":::" + "b" * (length - len(short)))


def declaration(accounts: EmbeddedAccounts) -> dict[str, Any]:
    return accounts.client("dev", "codepipeline").get_pipeline(name=PIPELINE)["pipeline"]


def update_pipeline(accounts: EmbeddedAccounts, edits: list[Any]) -> None:
    pipeline = copy.deepcopy(declaration(accounts))
    for path, value in edits:
        *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        place: Any = pipeline
        for step in way:
            place = place[step]
        if value == "":
            del place[last]
        else:
            place[last] = value
    accounts.client("dev", "codepipeline").update_pipeline(pipeline=pipeline)
