"""The program in processes of its own, and what there is in the accounts when they are done."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from xacct_tui.demo.accounts import EmbeddedAccounts


class Forker:
    """Starts the program, see forker.py. Its journal is where the environment says."""

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self.folder, self._process = folder, process

    def start(self, config: Path, *argv: str, output: str = "output", **more: Any) -> int:
        """The pid of the program at work; ``output`` names the file it prints to."""
        state = os.environ["XDG_STATE_HOME"]
        return self._ask(
            {"argv": argv, "config": str(config), "state": state, "output": str(self.folder / output), **more}
        )

    def wait(self, pid: int) -> int:
        """The exit code, or the negative number of the signal that killed it."""
        return os.waitstatus_to_exitcode(self._ask({"wait": pid}))

    def run(self, config: Path, *argv: str, **more: Any) -> tuple[int, str]:
        """The exit code and what was printed."""
        code = self.wait(self.start(config, *argv, **more))
        return code, self.printed()

    def printed(self, output: str = "output") -> str:
        return (self.folder / output).read_text()

    def _ask(self, job: dict[str, Any]) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@pytest.fixture(scope="session")
def forking(embedded_accounts: EmbeddedAccounts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forker]:
    program = [sys.executable, str(Path(__file__).with_name("forker.py"))]
    environment = embedded_accounts.environment(os.environ)
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield Forker(tmp_path_factory.mktemp("forked"), process)


@pytest.fixture
def forker(forking: Forker, accounts: EmbeddedAccounts) -> Forker:
    """As ``forking``, with the test's own journal."""
    assert accounts
    return forking


@pytest.fixture
def facts(accounts: EmbeddedAccounts) -> Callable[[], dict[str, Any]]:
    """Give everything there is in the accounts that this is about; ids that AWS makes up are all the same."""
    return lambda: {name: _without_ids(_account(accounts, name)) for name in accounts.accounts}


def _account(accounts: EmbeddedAccounts, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for read in (_iam, _keys, _buckets, _pipelines, _rules):
        found |= read(lambda service: accounts.client(name, service))
    return found


Access = Callable[[str], Any]


def _iam(access: Access) -> dict[str, Any]:
    found = access("iam").get_account_authorization_details(Filter=["Role", "LocalManagedPolicy"])
    kept = {
        "RoleName": ("AssumeRolePolicyDocument", "RolePolicyList", "AttachedManagedPolicies", "Tags"),
        "PolicyName": ("PolicyVersionList", "AttachmentCount"),
    }
    return {
        f"{name} {each[name]}": {key: each[key] for key in keys}
        for name, keys in kept.items()
        for each in (*found["RoleDetailList"], *found["Policies"])
        if name in each
    }


def _keys(access: Access) -> dict[str, Any]:
    kms = access("kms")
    ids = [key["KeyId"] for key in kms.list_keys()["Keys"]]
    live = [each for each in ids if kms.describe_key(KeyId=each)["KeyMetadata"]["KeyState"] != "PendingDeletion"]
    aliases = [each for each in kms.list_aliases()["Aliases"] if not each["AliasName"].startswith("alias/aws/")]
    policies = [json.loads(kms.get_key_policy(KeyId=each, PolicyName="default")["Policy"]) for each in live]
    return {
        "keys": [
            [policy, kms.list_resource_tags(KeyId=each)["Tags"]] for policy, each in zip(policies, live, strict=True)
        ],
        "aliases": {each["AliasName"]: each["TargetKeyId"] in live for each in aliases},
    }


def _buckets(access: Access) -> dict[str, Any]:
    s3 = access("s3")
    reads = (
        "get_bucket_policy",
        "get_bucket_versioning",
        "get_bucket_notification_configuration",
        "get_bucket_tagging",
    )
    return {
        f"bucket {bucket['Name']}": {read: _answer(getattr(s3, read), Bucket=bucket["Name"]) for read in reads}
        for bucket in s3.list_buckets()["Buckets"]
    }


def _answer(read: Callable[..., dict[str, Any]], **parameters: str) -> dict[str, Any]:
    with suppress(ClientError):
        answer = read(**parameters)
        return {key: value for key, value in answer.items() if key != "ResponseMetadata"}
    return {}


def _pipelines(access: Access) -> dict[str, Any]:
    codepipeline = access("codepipeline")
    names = [each["name"] for each in codepipeline.list_pipelines()["pipelines"]]
    return {
        f"pipeline {name}": {
            "declared": codepipeline.get_pipeline(name=name)["pipeline"],
            "executions": [
                each["status"]
                for each in codepipeline.list_pipeline_executions(pipelineName=name)["pipelineExecutionSummaries"]
            ],
        }
        for name in names
    }


def _rules(access: Access) -> dict[str, Any]:
    events = access("events")
    return {
        f"rule {(name := rule['Name'])}": [
            rule["State"],
            rule["EventPattern"],
            events.list_targets_by_rule(Rule=name)["Targets"],
        ]
        for rule in events.list_rules()["Rules"]
    }


def _without_ids(found: dict[str, Any]) -> Any:
    text = json.dumps(found, default=lambda _date: "DATE")
    return _sorted(json.loads(re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)))


def _sorted(value: Any) -> Any:
    """The order of statements, principals and tags tells in which order they came, and means nothing."""
    if isinstance(value, dict):
        return {key: _sorted(each) for key, each in value.items()}
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=lambda each: json.dumps(each, sort_keys=True))
    return value
