"""Pipelines with several places to deploy to, in several regions, as the CDK makes them, and behind open policies."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from functional.proven import Seen, open_steps, verdicts, website
from functional.test_chain_cases import KEY, Edit, done, kept
from reconcile.errors import AwsError
from reconcile.proof.values import Severity, Verdict
from xacct_tui.demo import article_documents as doc

__all__ = ["done", "kept"]

SECOND, FAR = "second-output-bucket", "artifacts-eu-west-1"
SERVICE = f"arn:aws:iam::{doc.DEV}:role/service-role/{doc.SERVICE_ROLE}"
REPLICA = f"arn:aws:kms:eu-west-1:{doc.PROD}:key/99999999-12ab-34cd-56ef-1234567890ab"
ALIAS = f"arn:aws:kms:eu-west-1:{doc.PROD}:alias/replication"
USE = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"]
BLOCKED = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
CASES: dict[str, tuple[Callable[[Edit], Any], dict[str, str]]] = {}


def case(**expected: str) -> Callable[[Callable[[Edit], Any]], Callable[[Edit], Any]]:
    """Name a set-up, and the hops that do not pass in it; hops with ``_`` for ``-``."""

    def named(change: Callable[[Edit], Any]) -> Callable[[Edit], Any]:
        hops = {hop.replace("_", "-"): end for hop, end in expected.items()}
        CASES[change.__name__.replace("_", " ")] = (change, hops)
        return change

    return named


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(principal: str, actions: list[str], *resources: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": actions, "Resource": [*resources], **more}


def _bucket(edit: Edit, account: str, name: str, region: str, *statements: dict[str, Any]) -> None:
    made: dict[str, dict[str, Any]] = {
        "bucket": {**edit.of("prod", "bucket", doc.OUTPUT), "region": region},
        "bucket-policy": {"policy": _document(*statements) if statements else None},
        "bucket-encryption": {"algorithm": "AES256", "key": "", "bucket_key": False},
        "bucket-ownership": {"ownership": "BucketOwnerEnforced"},
        "bucket-public-access": dict(BLOCKED),
    }
    for kind, document in made.items():
        edit.add(account, kind, f"s3:bucket/{name}", document)


def _second(edit: Edit, region: str = "us-east-1", **configuration: str) -> None:
    settings = {"BucketName": SECOND, "Extract": "true", **configuration}
    more = {**deepcopy(edit.deploy), "name": "Second", "runOrder": 2, "configuration": settings}
    edit.pipeline["stages"][-1]["actions"].append(more)
    _bucket(edit, "prod", SECOND, region)
    edit.allow("prod", "prods3role", "s3:PutObject", on=f"arn:aws:s3:::{SECOND}/site/*")


@case()
def two_places_to_deploy_to(edit: Edit) -> None:
    _second(edit, ObjectKey="site")


@case(action_Deploy_Second="fail")
def the_second_has_a_key_of_its_own(edit: Edit) -> None:
    edit.output_key()
    edit.of("prod", "bucket-encryption", doc.OUTPUT).update(algorithm="AES256", key="")
    _second(edit, ObjectKey="site")
    edit.of("prod", "bucket-encryption", SECOND).update(algorithm="aws:kms", key=KEY)


@case(action_Deploy_Second="fail")
def the_second_takes_no_acl(edit: Edit) -> None:
    _second(edit, ObjectKey="site", CannedACL="public-read")


@case(action_Deploy_Second="fail")
def the_second_is_in_another_region(edit: Edit) -> None:
    _second(edit, "eu-west-1", ObjectKey="site")


def _two_stores(edit: Edit, **far: Any) -> None:
    home = edit.pipeline.pop("artifactStore")
    edit.pipeline["artifactStores"] = {"us-east-1": home, "eu-west-1": {"type": "S3", "location": FAR, **far}}


@case()
def an_action_of_dev_in_a_region_whose_store_has_no_key(edit: Edit) -> None:
    _two_stores(edit)
    _bucket(edit, "dev", FAR, "eu-west-1")
    edit.action("Api", "Deploy", "CloudFormation", region="eu-west-1", inputArtifacts=[{"name": "SourceArtifact"}])
    edit.allow("dev", doc.SERVICE_ROLE, "s3:*")


@case(replicate_artifact_eu_west_1="fail")
def the_store_of_that_region_refuses_what_is_copied(edit: Edit) -> None:
    an_action_of_dev_in_a_region_whose_store_has_no_key(edit)
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{FAR}/*"}
    edit.of("dev", "bucket-policy", FAR)["policy"] = _document(deny)


@case(replicate_artifact_eu_west_1="fail", action_Middle_Api="fail")
def an_action_of_prod_in_such_a_region(edit: Edit) -> None:
    an_action_of_dev_in_a_region_whose_store_has_no_key(edit)
    edit.pipeline["stages"][1]["actions"][0]["roleArn"] = f"arn:aws:iam::{doc.PROD}:role/{doc.DEPLOY_ROLE}"


@case()
def a_cross_region_pipeline_of_the_cdk(edit: Edit) -> None:
    """Bucket and key are prod's, and the store names the key by the alias's ARN."""
    _two_stores(edit, encryptionKey={"id": ALIAS, "type": "KMS"})
    edit.deploy["region"] = edit.of("prod", "bucket", doc.OUTPUT)["region"] = "eu-west-1"
    edit.add("dev", "bucket", f"s3:bucket/{FAR}", AwsError("dev", "s3:HeadBucket", "AccessDenied", "no"))
    objects = ["s3:GetObject*", "s3:GetBucket*", "s3:List*", "s3:PutObject*", "s3:Abort*"]
    _bucket(edit, "prod", FAR, "eu-west-1", _allow(SERVICE, objects, f"arn:aws:s3:::{FAR}", f"arn:aws:s3:::{FAR}/*"))
    made = {"arn": REPLICA, "state": "Enabled", "spec": "SYMMETRIC_DEFAULT", "usage": "ENCRYPT_DECRYPT", "deletion": ""}
    policy = _document(
        _allow(f"arn:aws:iam::{doc.PROD}:root", ["kms:*"], "*"), _allow(f"arn:aws:iam::{doc.DEV}:root", USE, "*")
    )
    edit.add("prod", "key", f"kms:key/{ALIAS}", {**made, "manager": "CUSTOMER"}, region="eu-west-1")
    edit.add("prod", "key-policy", f"kms:key/{ALIAS}", {"policy": policy, "key": REPLICA}, region="eu-west-1")
    edit.allow("dev", doc.SERVICE_ROLE, "kms:*", "s3:*")
    edit.allow("prod", doc.DEPLOY_ROLE, "kms:Decrypt", "kms:DescribeKey", "s3:GetObject*", "s3:List*")


@case(write_artifact="unknown")
def an_alias_of_dev_by_its_arn(edit: Edit) -> None:
    alias = f"arn:aws:kms:us-east-1:{doc.DEV}:{doc.KEY_ALIAS}"
    for kind in ("key", "key-policy"):
        edit.add("dev", kind, f"kms:key/{alias}", edit.of("dev", kind))
    edit.pipeline["artifactStore"]["encryptionKey"]["id"] = alias


@case(write_artifact="unknown", decrypt_artifact="unknown")
def an_alias_that_could_not_be_resolved(edit: Edit) -> None:
    """Which key the deploy role would have to name is not known."""
    alias = f"arn:aws:kms:us-east-1:{doc.DEV}:alias/other"
    edit.add("dev", "key", f"kms:key/{alias}", AwsError("dev", "kms:DescribeKey", "AccessDenied", "no"))
    edit.pipeline["artifactStore"]["encryptionKey"]["id"] = alias


def _opened(edit: Edit, **condition: Any) -> None:
    objects = f"arn:aws:s3:::{doc.ARTIFACTS}/*"
    edit.of("dev", "bucket-policy", doc.ARTIFACTS)["policy"]["Statement"].append(
        _allow("*", ["s3:GetObject"], objects, **condition)
    )


@case(read_artifact="fail")
def a_public_policy_behind_a_block_of_the_bucket(edit: Edit) -> None:
    """It keeps out also the accounts that the policy names."""
    _opened(edit)
    edit.of("dev", "bucket-public-access", doc.ARTIFACTS).update(BLOCKED)


@case(read_artifact="fail")
def a_public_policy_behind_a_block_of_the_account(edit: Edit) -> None:
    _opened(edit)
    edit.of("dev", "bucket-public-access", doc.ARTIFACTS).update(dict.fromkeys(BLOCKED, False))
    edit.add("dev", "account-public-access", f"s3:account/{doc.DEV}", dict(BLOCKED))


@case(read_artifact="unknown")
def a_public_policy_and_nobody_knows_what_the_account_blocks(edit: Edit) -> None:
    _opened(edit)
    edit.of("dev", "bucket-public-access", doc.ARTIFACTS).update(dict.fromkeys(BLOCKED, False))


@case(read_artifact="unknown")
def a_policy_of_which_s3_alone_knows_whether_it_is_public(edit: Edit) -> None:
    _opened(edit, Condition={"StringLike": {"aws:UserAgent": "x*"}})
    edit.of("dev", "bucket-public-access", doc.ARTIFACTS).update(BLOCKED)


@case()
def a_policy_for_one_organization_is_not_public(edit: Edit) -> None:
    _opened(edit, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}})
    edit.of("dev", "bucket-public-access", doc.ARTIFACTS).update(BLOCKED)


@case()
def old_tls_is_denied(edit: Edit) -> None:
    old = {"NumericLessThan": {"s3:TlsVersion": "1.2"}}
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{doc.OUTPUT}/*"}
    edit.of("prod", "bucket-policy", doc.OUTPUT)["policy"] = _document({**deny, "Condition": old})


@case(write_output="unknown")
def all_but_the_newest_tls_is_denied(edit: Edit) -> None:
    old_tls_is_denied(edit)
    statement = edit.of("prod", "bucket-policy", doc.OUTPUT)["policy"]["Statement"][0]
    statement["Condition"] = {"NumericLessThan": {"s3:TlsVersion": "1.3"}}


@case(start="fail")
def the_pipeline_reads_another_object_than_is_uploaded(edit: Edit) -> None:
    edit.pipeline["stages"][0]["actions"][0]["configuration"]["S3ObjectKey"] = "other.zip"


@case(start="fail")
def the_pipeline_reads_no_object_at_all(edit: Edit) -> None:
    source = edit.pipeline["stages"][0]["actions"][0]
    source["actionTypeId"]["provider"], source["configuration"] = "CodeStarSourceConnection", {}


@case(own_output="fail")
def the_output_bucket_is_dev_s_and_takes_objects_over(edit: Edit) -> None:
    taken = _allow(f"arn:aws:iam::{doc.PROD}:role/{doc.DEPLOY_ROLE}", ["s3:PutObject"], f"arn:aws:s3:::{doc.OUTPUT}/*")
    _bucket(edit, "dev", doc.OUTPUT, "us-east-1", taken)
    edit.add("prod", "bucket", f"s3:bucket/{doc.OUTPUT}", AwsError("prod", "s3:HeadBucket", "AccessDenied", "no"))


@pytest.mark.parametrize("name", CASES)
def test_a_shape_is_proven_as_what_it_is(done: Seen, name: str) -> None:
    change, expected = CASES[name]
    edit = Edit(deepcopy(dict(done.live.documents)))
    change(edit)
    proof = done.having(edit.documents).prove()

    assert verdicts(proof) == expected, open_steps(proof)
    failed = [each for each in website(proof).findings if each.severity is Severity.ERROR]
    assert expected or not [each for each in failed if each.verdict is Verdict.FAIL], failed
    lockouts = [each.evidence for each in website(proof).findings if each.id == "K16"]
    assert lockouts == []
