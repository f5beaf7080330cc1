"""The embedded accounts answer other processes by the network, and their own without it: alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from xacct_tui.demo.accounts import EmbeddedAccounts

ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture(params=["127.0.0.1", "localhost"], ids=["within", "by the network"])
def s3(accounts: EmbeddedAccounts, request: Any) -> Iterator[Any]:
    """Under another name of the machine, nobody in this process knows the server."""
    place = accounts.endpoint.replace("127.0.0.1", request.param)
    client = boto3.Session(profile_name="dev").client("s3", endpoint_url=place, config=ONCE)
    yield client
    client.close()


def test_what_is_written_is_read(s3: Any) -> None:
    s3.create_bucket(Bucket="a-bucket")
    for body in (b"", b"as it was\r\n\0"):
        s3.put_object(Bucket="a-bucket", Key="a folder/ä+b%20", Body=body)
        assert s3.get_object(Bucket="a-bucket", Key="a folder/ä+b%20")["Body"].read() == body
    assert s3.head_object(Bucket="a-bucket", Key="a folder/ä+b%20")["ContentLength"] == len(body)
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="a-bucket")["Contents"]] == ["a folder/ä+b%20"]


def test_what_is_refused_says_so(s3: Any) -> None:
    with pytest.raises(ClientError) as refused:
        s3.get_bucket_policy(Bucket="no-bucket")
    assert refused.value.response["Error"]["Code"] == "NoSuchBucket"


def test_what_is_cut_has_no_answer(s3: Any, accounts: EmbeddedAccounts) -> None:
    accounts.faults.drop_after("s3:CreateBucket")
    with pytest.raises(ConnectionClosedError):
        s3.create_bucket(Bucket="a-bucket")
    assert [each["Name"] for each in s3.list_buckets()["Buckets"]] == ["a-bucket"]
