"""Faults, lag, the record of calls, and the scenarios of the embedded accounts."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError, HTTPClientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from xacct_tui.demo.accounts import EmbeddedAccounts

DEV, PROD = "111111111111", "222222222222"
ANY_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": DEV}, "Action": "sts:AssumeRole"},
    }
)

ASK: dict[str, Callable[[EmbeddedAccounts], Any]] = {
    "iam:GetRole": lambda accounts: accounts.client("prod", "iam").get_role(RoleName="Admin"),
    "kms:ListKeys": lambda accounts: accounts.client("prod", "kms").list_keys(),
    "s3:ListBuckets": lambda accounts: accounts.client("prod", "s3").list_buckets(),
    "codepipeline:ListPipelines": lambda accounts: accounts.client("prod", "codepipeline").list_pipelines(),
}

REFUSED = [
    ("deny", "iam:GetRole", "AccessDenied", 403),
    ("deny", "kms:ListKeys", "AccessDeniedException", 400),
    ("deny", "s3:ListBuckets", "AccessDenied", 403),
    ("throttle", "iam:GetRole", "Throttling", 400),
    ("throttle", "codepipeline:ListPipelines", "ThrottlingException", 400),
    ("throttle", "s3:ListBuckets", "SlowDown", 503),
    ("abort", "s3:ListBuckets", "OperationAborted", 409),
    ("abort", "iam:GetRole", "ConcurrentModification", 409),
    ("expire", "iam:GetRole", "ExpiredToken", 403),
    ("expire", "kms:ListKeys", "ExpiredTokenException", 400),
    ("expire", "s3:ListBuckets", "ExpiredToken", 400),
]


@pytest.mark.parametrize(("fault", "call", "code", "status"), REFUSED)
def test_a_fault_has_the_services_own_code(
    accounts: EmbeddedAccounts, fault: str, call: str, code: str, status: int
) -> None:
    getattr(accounts.faults, fault)("prod" if fault == "expire" else call)
    with pytest.raises(ClientError) as refused:
        ASK[call](accounts)
    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    accounts.faults.clear()
    ASK[call](accounts)


def test_a_fault_can_be_of_one_account(accounts: EmbeddedAccounts) -> None:
    accounts.faults.deny("iam:GetRole", account="prod")
    assert accounts.client("dev", "iam").get_role(RoleName="Admin")


@pytest.mark.parametrize(("fault", "made"), [("drop_before", False), ("drop_after", True)])
def test_the_connection_can_be_cut(accounts: EmbeddedAccounts, fault: str, made: bool) -> None:
    s3 = accounts.client("dev", "s3")
    getattr(accounts.faults, fault)("s3:CreateBucket")
    with pytest.raises(HTTPClientError):
        s3.create_bucket(Bucket="some-bucket")
    assert bool(s3.list_buckets()["Buckets"]) is made


@pytest.mark.parametrize(("moment", "seen"), [("before", []), ("after", ["some-bucket"])])
def test_a_hook_may_call_within_a_call(accounts: EmbeddedAccounts, moment: Any, seen: list[str]) -> None:
    found: list[str] = []

    def look(_: object) -> None:
        found.extend(bucket["Name"] for bucket in accounts.client("prod", "s3").list_buckets()["Buckets"])

    accounts.faults.hook("s3:CreateBucket", look, moment)
    accounts.client("prod", "s3").create_bucket(Bucket="some-bucket")
    assert found == seen


def test_calls_are_recorded(accounts: EmbeddedAccounts) -> None:
    accounts.client("prod", "iam").get_role(RoleName="Admin")
    accounts.client("dev", "kms").create_key(Description="d")
    assert [(call.account, call.name, dict(call.parameters)) for call in accounts.calls] == [
        ("prod", "iam:GetRole", {"RoleName": "Admin"}),
        ("dev", "kms:CreateKey", {"Description": "d"}),
    ]


def test_unknown_credentials_are_refused(accounts: EmbeddedAccounts) -> None:
    sts = boto3.client("sts", "us-east-1", aws_access_key_id="AKIA" + "X" * 16, aws_secret_access_key="x")
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        sts.get_caller_identity()
    assert accounts.calls == []


def test_a_child_process_reaches_the_accounts(accounts: EmbeddedAccounts) -> None:
    program = "import boto3; print(boto3.Session(profile_name='prod').client('sts').get_caller_identity()['Arn'])"
    told = subprocess.run(
        [sys.executable, "-c", program],
        env=accounts.environment({"AWS_PROFILE": "elsewhere", "AWS_REGION": "mars-1"}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == f"arn:aws:sts::{PROD}:assumed-role/Admin/demo"


def test_a_new_role_is_not_seen_at_first(accounts: EmbeddedAccounts) -> None:
    from xacct_tui.demo.lag import Lag

    accounts.lag = Lag(new_role=2, reads={})
    accounts.client("dev", "iam").create_role(RoleName="Fresh", AssumeRolePolicyDocument=ANY_TRUST)
    trust = ANY_TRUST.replace(DEV, f"arn:aws:iam::{DEV}:role/Fresh")
    iam = accounts.client("prod", "iam")
    codes = []
    for _ in range(3):
        try:
            iam.create_role(RoleName="Trusting", AssumeRolePolicyDocument=trust)
            codes.append("")
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])
    assert codes == ["MalformedPolicyDocument", "MalformedPolicyDocument", ""]


def test_a_read_lags_behind_a_write(accounts: EmbeddedAccounts) -> None:
    from xacct_tui.demo.lag import Lag

    accounts.lag = Lag(new_role=0, reads={"iam:GetRole": 2})
    iam = accounts.client("prod", "iam")
    exists = []
    for step in range(4):
        try:
            exists.append(bool(iam.get_role(RoleName="Fresh")))
        except iam.exceptions.NoSuchEntityException:
            exists.append(False)
        if step == 0:
            iam.create_role(RoleName="Fresh", AssumeRolePolicyDocument=ANY_TRUST)
    assert exists == [False, False, False, True]


def test_latency_is_waited_beside_other_calls(accounts: EmbeddedAccounts) -> None:
    accounts.faults.latency(1)
    ASK["iam:GetRole"](accounts)
    assert [call.operation for call in accounts.calls][-1] == "GetRole"


@pytest.mark.parametrize(
    ("scenario", "pipelines", "prod_roles"),
    [("empty", 0, 1), ("half-done", 1, 1), ("drifted", 1, 2), ("done", 1, 2)],
)
@pytest.mark.parametrize("lagging", [False, True])
def test_scenarios_build(
    accounts: EmbeddedAccounts, scenario: str, pipelines: int, prod_roles: int, lagging: bool
) -> None:
    from checkpoint import SCENARIOS
    from xacct_tui.demo.lag import NO_LAG, Lag

    accounts.lag = Lag() if lagging else NO_LAG
    SCENARIOS[scenario](accounts)
    assert len(accounts.client("dev", "codepipeline").list_pipelines()["pipelines"]) == pipelines
    assert len(accounts.client("prod", "iam").list_roles()["Roles"]) == prod_roles
