"""What the embedded AWS gives back where moto alone gives something else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from xacct_tui.demo.accounts import EmbeddedAccounts

DEV, PROD = "111111111111", "222222222222"
SERVICE_ROLE = "AWSCodePipelineServiceRole-us-east-1-crossaccountdeploy"
SERVICE_ROLE_ARN = f"arn:aws:iam::{DEV}:role/service-role/{SERVICE_ROLE}"
PIPELINE = "crossaccountdeploy"


@pytest.fixture
def done(accounts: EmbeddedAccounts) -> EmbeddedAccounts:
    from checkpoint import SCENARIOS

    SCENARIOS["done"](accounts)
    return accounts


def trust(*principals: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": ["sts:AssumeRole"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_trust_comes_back_canonical(accounts: EmbeddedAccounts) -> None:
    iam = accounts.client("prod", "iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust(DEV))
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{DEV}:root"},
        "Action": "sts:AssumeRole",
    }
    assert iam.get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"]["Statement"] == [statement]


def test_bucket_policy_comes_back_canonical(accounts: EmbeddedAccounts) -> None:
    s3 = accounts.client("dev", "s3")
    s3.create_bucket(Bucket="some-bucket")
    sent = {
        "Statement": [
            {
                "Resource": ["arn:aws:s3:::some-bucket/*"],
                "Action": ["s3:PutObject", "s3:GetObject"],
                "Principal": {"AWS": [PROD]},
                "Effect": "Allow",
            }
        ]
    }
    answer = s3.put_bucket_policy(Bucket="some-bucket", Policy=json.dumps(sent))
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert json.loads(s3.get_bucket_policy(Bucket="some-bucket")["Policy"])["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{PROD}:root"},
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": "arn:aws:s3:::some-bucket/*",
        }
    ]


def test_a_deleted_role_leaves_its_id_also_when_it_is_made_again(accounts: EmbeddedAccounts) -> None:
    from checkpoint import SCENARIOS
    from xacct_tui.demo.article import key_arn

    SCENARIOS["drifted"](accounts)
    role = accounts.client("prod", "iam").get_role(RoleName="prods3role")["Role"]
    trusted = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["AWS"]
    again = accounts.client("dev", "iam").get_role(RoleName=SERVICE_ROLE)["Role"]["RoleId"]
    policy = accounts.client("dev", "kms").get_key_policy(KeyId=key_arn(accounts))["Policy"]
    assert trusted.startswith("AROA")
    assert trusted != again
    assert trusted in policy
    assert SERVICE_ROLE_ARN not in policy


def test_an_admin_may_become_the_other_roles_that_trust_it(accounts: EmbeddedAccounts) -> None:
    iam = accounts.client("prod", "iam")
    arn = iam.create_role(RoleName="Reader", AssumeRolePolicyDocument=trust(f"arn:aws:iam::{DEV}:role/Admin"))["Role"][
        "Arn"
    ]
    answer = accounts.client("dev", "sts").assume_role(RoleArn=arn, RoleSessionName="me")
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{PROD}:assumed-role/Reader/me"


def test_a_new_bucket_is_closed_and_encrypted(accounts: EmbeddedAccounts) -> None:
    s3 = accounts.client("dev", "s3")
    s3.create_bucket(Bucket="some-bucket")
    encryption = s3.get_bucket_encryption(Bucket="some-bucket")["ServerSideEncryptionConfiguration"]["Rules"]
    block = s3.get_public_access_block(Bucket="some-bucket")["PublicAccessBlockConfiguration"]
    ownership = s3.get_bucket_ownership_controls(Bucket="some-bucket")["OwnershipControls"]["Rules"]
    assert encryption[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert set(block.values()) == {True}
    assert ownership == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_a_bucket_that_is_made_again_has_no_tags(accounts: EmbeddedAccounts) -> None:
    s3 = accounts.client("dev", "s3")
    s3.create_bucket(Bucket="tagged-bucket")
    s3.put_bucket_tagging(Bucket="tagged-bucket", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    s3.delete_bucket(Bucket="tagged-bucket")
    s3.create_bucket(Bucket="tagged-bucket")
    with pytest.raises(ClientError, match="NoSuchTagSet"):
        s3.get_bucket_tagging(Bucket="tagged-bucket")


def test_notifications_are_replaced_as_a_whole(done: EmbeddedAccounts) -> None:
    s3 = done.client("dev", "s3")
    s3.put_bucket_notification_configuration(
        Bucket="codepipeline-input-bucket", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    answer = s3.get_bucket_notification_configuration(Bucket="codepipeline-input-bucket")
    del answer["ResponseMetadata"]
    assert answer == {"EventBridgeConfiguration": {}}


def test_prod_may_use_what_the_bucket_policy_gives_it(done: EmbeddedAccounts) -> None:
    listed = done.client("prod", "s3").list_objects_v2(Bucket="codepipeline-us-east-1-0123456789")
    assert listed["KeyCount"] == 0


def test_a_bucket_is_spoken_to_in_its_region(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "s3", "eu-west-1").create_bucket(
        Bucket="some-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    accounts.calls.clear()
    assert accounts.client("dev", "s3").head_bucket(Bucket="some-bucket")["BucketRegion"] == "eu-west-1"
    assert [call.operation for call in accounts.calls] == ["HeadBucket", "HeadBucket"]


def test_keys_by_arn(done: EmbeddedAccounts) -> None:
    from xacct_tui.demo.article import key_arn

    kms, arn = done.client("dev", "kms"), key_arn(done)
    metadata = kms.describe_key(KeyId="alias/s3deploykey")["KeyMetadata"]
    assert (metadata["KeyUsage"], metadata["MultiRegion"]) == ("ENCRYPT_DECRYPT", False)
    assert done.client("prod", "kms").describe_key(KeyId=arn)["KeyMetadata"]["Arn"] == arn
    kms.disable_key(KeyId=arn)
    kms.enable_key(KeyId=arn)
    gone = kms.schedule_key_deletion(KeyId=arn, PendingWindowInDays=7)
    assert (gone["KeyId"], gone["KeyState"]) == (arn, "PendingDeletion")
    assert kms.cancel_key_deletion(KeyId=arn)["KeyId"] == arn
    assert kms.describe_key(KeyId=arn)["KeyMetadata"]["KeyState"] == "Disabled"
    assert kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["KeyManager"] == "AWS"


def test_managed_policies_of_aws_exist(done: EmbeddedAccounts) -> None:
    iam = done.client("prod", "iam")
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    iam.attach_role_policy(RoleName="prods3role", PolicyArn=arn)
    iam.attach_role_policy(RoleName="prods3role", PolicyArn=arn)
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    assert document["Statement"][0]["Action"] == ["*"]
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1


def test_a_role_has_ten_managed_policies_at_most(done: EmbeddedAccounts) -> None:
    iam = done.client("prod", "iam")
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    )
    arns = [iam.create_policy(PolicyName=f"p{n}", PolicyDocument=document)["Policy"]["Arn"] for n in range(9)]
    for arn in arns[:8]:
        iam.attach_role_policy(RoleName="prods3role", PolicyArn=arn)
    with pytest.raises(iam.exceptions.LimitExceededException):
        iam.attach_role_policy(RoleName="prods3role", PolicyArn=arns[8])


def test_pipelines_keep_their_versions(done: EmbeddedAccounts) -> None:
    codepipeline = done.client("dev", "codepipeline")
    newest = codepipeline.get_pipeline(name=PIPELINE)["pipeline"]
    first = codepipeline.get_pipeline(name=PIPELINE, version=1)["pipeline"]
    assert (newest["version"], first["version"]) == (2, 1)
    assert "roleArn" not in first["stages"][1]["actions"][0]
    assert newest["stages"][1]["onFailure"]["retryConfiguration"] == {"retryMode": "FAILED_ACTIONS"}
    assert newest["stages"][1]["actions"][0]["timeoutInMinutes"] == 20
    assert codepipeline.list_pipelines()["pipelines"][0]["pipelineType"] == "V2"


def with_github_source(declaration: dict[str, Any], name: str, token: str) -> dict[str, Any]:
    action = {
        "name": name,
        "actionTypeId": {"category": "Source", "owner": "ThirdParty", "provider": "GitHub", "version": "1"},
        "configuration": {"Owner": "o", "Repo": "r", "Branch": "b", "OAuthToken": token},
        "outputArtifacts": [{"name": "Code"}],
    }
    declaration["stages"][0]["actions"] = [declaration["stages"][0]["actions"][0], action]
    return declaration


@pytest.mark.parametrize(("name", "kept"), [("Code", "secret"), ("Renamed", "****")])
def test_secrets_are_masked_and_kept_only_while_nothing_else_changes(
    done: EmbeddedAccounts, name: str, kept: str
) -> None:
    codepipeline = done.client("dev", "codepipeline")
    declaration = codepipeline.get_pipeline(name=PIPELINE)["pipeline"]
    codepipeline.update_pipeline(pipeline=with_github_source(declaration, "Code", "secret"))
    shown = codepipeline.get_pipeline(name=PIPELINE)["pipeline"]
    assert shown["stages"][0]["actions"][1]["configuration"]["OAuthToken"] == "****"
    shown["stages"][0]["actions"][1]["name"] = name
    codepipeline.update_pipeline(pipeline=shown)
    stored = done.world.pipelines[DEV, "us-east-1", PIPELINE].versions[-1]
    assert stored["stages"][0]["actions"][1]["configuration"]["OAuthToken"] == kept


def test_the_first_run_fails_and_an_update_stops_a_run(done: EmbeddedAccounts) -> None:
    codepipeline = done.client("dev", "codepipeline")
    number = done.execution(PIPELINE, "InProgress")
    codepipeline.update_pipeline(pipeline=codepipeline.get_pipeline(name=PIPELINE)["pipeline"])
    runs = codepipeline.list_pipeline_executions(pipelineName=PIPELINE)["pipelineExecutionSummaries"]
    assert [run["status"] for run in runs] == ["Stopped", "Failed"]
    assert runs[0]["pipelineExecutionId"] == number
    assert runs[1]["statusSummary"] == "The object with key 'sample-website.zip' does not exist."


def test_a_run_is_told_about_in_every_way(done: EmbeddedAccounts) -> None:
    codepipeline = done.client("dev", "codepipeline")
    number = codepipeline.start_pipeline_execution(name=PIPELINE)["pipelineExecutionId"]
    run = codepipeline.get_pipeline_execution(pipelineName=PIPELINE, pipelineExecutionId=number)
    stages = codepipeline.get_pipeline_state(name=PIPELINE)["stageStates"]
    actions = codepipeline.list_action_executions(pipelineName=PIPELINE, filter={"pipelineExecutionId": number})[
        "actionExecutionDetails"
    ]
    assert run["pipelineExecution"]["status"] == "Succeeded"
    assert [stage["latestExecution"]["status"] for stage in stages] == ["Succeeded", "Succeeded"]
    assert [action["actionName"] for action in actions] == ["Source", "Deploy"]


def test_tags_of_a_pipeline(done: EmbeddedAccounts) -> None:
    codepipeline = done.client("dev", "codepipeline")
    arn = codepipeline.get_pipeline(name=PIPELINE)["metadata"]["pipelineArn"]
    codepipeline.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "b"}])
    codepipeline.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert codepipeline.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "a", "value": "b"}]


def test_an_unknown_operation_is_refused_once(accounts: EmbeddedAccounts) -> None:
    with pytest.raises(ClientError) as refused:
        accounts.client("dev", "codepipeline").list_webhooks()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_buckets_are_listed_with_their_region_only_where_a_limit_is_given(done: EmbeddedAccounts) -> None:
    s3 = done.client("prod", "s3")

    assert [sorted(each) for each in s3.list_buckets()["Buckets"]] == [["CreationDate", "Name"]]
    assert s3.list_buckets(MaxBuckets=10)["Buckets"][0]["BucketRegion"] == "us-east-1"
