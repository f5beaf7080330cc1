"""K: the key of the artifacts."""

from __future__ import annotations

import json
from typing import Any

from cases.checks.case import (
    ARTIFACTS,
    DEPLOY,
    KEY,
    PIPELINE,
    PROD_ROOT,
    SERVICE,
    Found,
    Setup,
    allow,
    case,
    named,
    no_grant,
    no_policy,
    no_statement,
)
from reconcile.change import Address
from xacct_tui.demo import article_documents as doc

OTHER_KEY = f"arn:aws:kms:{doc.REGION}:{doc.DEV}:key/0a1b2c3d-0000-0000-0000-000000000000"
WEST_KEY = KEY.replace("us-east-1", "us-west-2")
OUTPUT_KEY = f"arn:aws:kms:{doc.REGION}:{doc.PROD}:key/9876fedc-0000-0000-0000-000000000000"
ARTIFACT_POLICY = "policy devkmss3access of role prods3role"
BUILD = f"{PIPELINE}, action Build/Build: project site"
STORE = f"{PIPELINE}, artifactStore"
KEY_POLICY = "key policy of 1234abcd-12ab-34cd-56ef-1234567890ab"


@case(Found("K1", "dev", (f"{STORE}: no encryptionKey, which means aws/s3",), ("pipeline-key",)))
def no_key(setup: Setup) -> None:
    del setup.store["encryptionKey"]


@case(Found("K1", "dev", (f"{STORE}, encryptionKey: alias/aws/s3",), ("pipeline-key",)))
def alias_of_s3(setup: Setup) -> None:
    name_key(setup, "alias/aws/s3")
    setup.put("key", "alias/aws/s3", {**setup.key, "arn": OTHER_KEY, "manager": "AWS"})


@case(Found("K1", "dev", (f"{STORE}: {KEY} is managed by AWS",), ("pipeline-key",)))
def key_managed_by_aws(setup: Setup) -> None:
    setup.key["manager"] = "AWS"


@case(Found("K2", "dev", (f"{STORE}, encryptionKey: 1234abcd-12ab-34cd-56ef-1234567890ab",), ("pipeline-key",)))
def bare_key_id(setup: Setup) -> None:
    name_key(setup, KEY.rpartition("/")[2])


@case(Found("K3", "dev", (f"{STORE}, encryptionKey: alias/s3deploykey; the key is {KEY}",), ("pipeline-key",)))
def alias_name(setup: Setup) -> None:
    name_key(setup, doc.KEY_ALIAS)


ALIAS_ARN = KEY.replace("key/1234abcd-12ab-34cd-56ef-1234567890ab", doc.KEY_ALIAS)


@case(
    Found(
        "K3",
        "dev",
        (f"{STORE}, encryptionKey: {ALIAS_ARN}; the key is {KEY}",),
        ("pipeline-key",),
        severity="warning",
    )
)
def alias_arn(setup: Setup) -> None:
    name_key(setup, ALIAS_ARN)


def name_key(setup: Setup, name: str) -> None:
    """Name the key so, and let it be found under that name."""
    setup.store["encryptionKey"]["id"] = name
    for kind in ("key", "key-policy"):
        setup.put(kind, name, setup.of(kind, doc.KEY_ALIAS))


def without_prod(statements: list[dict[str, Any]]) -> None:
    for each in statements:
        names = each["Principal"]["AWS"]
        each["Principal"]["AWS"] = [name for name in names if name != PROD_ROOT] if isinstance(names, list) else names


@case(
    Found(
        "K4",
        "dev",
        (no_statement(KEY_POLICY, "prods3role", f"kms:Decrypt, kms:DescribeKey on {KEY}"),),
        ("key-sharing",),
    )
)
def key_not_shared(setup: Setup) -> None:
    without_prod(setup.key_policy)


@case(Found("K5", "prod", (no_policy("prods3role", f"kms:Decrypt, kms:DescribeKey on {KEY}"),), ("artifact-access",)))
def role_may_not_decrypt(setup: Setup) -> None:
    setup.policy("devkmss3access", lambda all_: all_.remove(named(all_, "kms:Decrypt")))


@case(
    Found(
        "K6",
        "prod",
        (f"{ARTIFACT_POLICY}, Statement[0]: {OTHER_KEY}; the artifacts' key is {KEY}",),
        ("artifact-access",),
    )
)
def policy_of_another_key(setup: Setup) -> None:
    setup.policy("devkmss3access", lambda all_: named(all_, "kms:Decrypt").update(Resource=[OTHER_KEY]))


@case(
    Found(
        "K7",
        "dev",
        (no_grant(doc.SERVICE_ROLE, f"kms:GenerateDataKey, kms:Decrypt, kms:DescribeKey on {KEY}"),),
        ("key-users",),
    )
)
def service_role_no_user(setup: Setup) -> None:
    without_service(setup)


def without_service(setup: Setup) -> None:
    for each in setup.key_policy:
        names = each["Principal"]["AWS"]
        each["Principal"]["AWS"] = [name for name in names if name != SERVICE] if isinstance(names, list) else names


def cross_region(setup: Setup, key: str = WEST_KEY) -> None:
    """The deploy action in another region, with its own store, bucket and key."""
    bucket, home = "codepipeline-us-west-2-0123456789", setup.pipeline.pop("artifactStore")
    west = {"type": "S3", "location": bucket, **({"encryptionKey": {"id": key, "type": "KMS"}} if key else {})}
    setup.pipeline["artifactStores"] = {"us-east-1": home, "us-west-2": west}
    setup.deploy["region"] = "us-west-2"
    setup.put("bucket", bucket, {"region": "us-west-2"})
    setup.put("bucket", doc.OUTPUT, {"region": "us-west-2"}, "prod")
    for kind in ("bucket-encryption", "bucket-public-access"):
        setup.put(kind, bucket, setup.of(kind, doc.ARTIFACTS))
    setup.put("bucket-policy", bucket, moved(setup.of("bucket-policy", doc.ARTIFACTS), doc.ARTIFACTS, bucket))
    for kind in ("key", "key-policy"):
        told = Address("dev", "us-west-2", kind, f"kms:key/{key}")
        setup.documents[told] = moved(setup.of(kind, doc.KEY_ALIAS), KEY, WEST_KEY) if key == WEST_KEY else None
    add = [allow(["kms:Decrypt", "kms:DescribeKey"], WEST_KEY), allow("s3:Get*", f"arn:aws:s3:::{bucket}/*")]
    setup.attach(doc.DEPLOY_ROLE, "prod", *add, allow("s3:ListBucket", f"arn:aws:s3:::{bucket}"))
    setup.attach(doc.SERVICE_ROLE, "dev", allow("kms:*", WEST_KEY))


def moved(document: Any, old: str, new: str) -> Any:
    """The document with one name in place of another."""
    return json.loads(json.dumps(document).replace(old, new))


@case()
def cross_region_with_all_there_has_to_be(setup: Setup) -> None:
    cross_region(setup)


@case(
    Found(
        "K8", "dev", (no_grant(doc.SERVICE_ROLE, f"kms:GenerateDataKey, kms:Decrypt, kms:DescribeKey on {WEST_KEY}"),)
    )
)
def service_role_no_user_of_the_regional_key(setup: Setup) -> None:
    cross_region(setup)
    del setup.of("role", doc.SERVICE_ROLE)["inline"]["more"]
    policy = setup.documents[Address("dev", "us-west-2", "key-policy", f"kms:key/{WEST_KEY}")]["policy"]
    for each in policy["Statement"]:
        names = each["Principal"]["AWS"]
        each["Principal"]["AWS"] = [name for name in names if name != SERVICE] if isinstance(names, list) else names


@case(
    Found(
        "K9",
        "dev",
        (f"{BUILD}, encryptionKey: not set (aws/s3); the pipeline's key is {KEY}",),
    )
)
def project_without_key(setup: Setup) -> None:
    build(setup, "")


@case()
def project_with_the_key(setup: Setup) -> None:
    build(setup, KEY)


def build(setup: Setup, key: str) -> None:
    """A build between source and deployment."""
    action = {
        "name": "Build",
        "actionTypeId": {"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"},
        "configuration": {"ProjectName": "site"},
        "inputArtifacts": [{"name": "SourceArtifact"}],
        "outputArtifacts": [{"name": "Built"}],
    }
    setup.pipeline["stages"].insert(1, {"name": "Build", "actions": [action]})
    setup.deploy["inputArtifacts"] = [{"name": "Built"}]
    role = f"arn:aws:iam::{doc.DEV}:role/site-build"
    setup.put("codebuild-project", "site", {"role": role, "key": key})
    trust = {"Effect": "Allow", "Principal": {"Service": "codebuild.amazonaws.com"}, "Action": "sts:AssumeRole"}
    own = {"Version": "2012-10-17", "Statement": [allow(["s3:*", "kms:*"], "*")]}
    setup.put(
        "role",
        "site-build",
        {
            "arn": role,
            "path": "/",
            "permissions_boundary": None,
            "trust": {"Version": "2012-10-17", "Statement": [trust]},
            "attached": {},
            "inline": {"build": own},
        },
    )
    setup.put("role-id", "site-build", {"id": "AROABUILD", "created": ""})


@case(
    Found(
        "K10",
        "dev",
        (f"{PIPELINE}, action Source/Source: roleArn {DEPLOY}; {STORE}: no encryptionKey",),
        ("pipeline-key",),
    )
)
def foreign_source(setup: Setup) -> None:
    del setup.store["encryptionKey"]
    setup.source["roleArn"] = DEPLOY


@case(Found("K11", "dev", (f"key {KEY}: Disabled",), ("key",)))
def key_disabled(setup: Setup) -> None:
    setup.key["state"] = "Disabled"


@case(Found("K11", "dev", (f"key {KEY}: PendingDeletion, to be deleted on 2026-12-24",)))
def key_pending_deletion(setup: Setup) -> None:
    setup.key.update(state="PendingDeletion", deletion="2026-12-24")


@case(Found("K11", "dev", (f"{STORE}, encryptionKey: {KEY}, which does not exist",), ("pipeline-key",)))
def key_gone(setup: Setup) -> None:
    for kind in ("key", "key-policy"):
        setup.put(kind, doc.KEY_ALIAS, None)
        setup.documents[Address("dev", doc.REGION, kind, f"kms:key/{KEY}")] = None


@case(Found("K12", "dev", (f"key {KEY}: RSA_2048, SIGN_VERIFY",), ("pipeline-key",)))
def asymmetric_key(setup: Setup) -> None:
    setup.key.update(spec="RSA_2048", usage="SIGN_VERIFY")


@case(Found("K13", "dev", (f"{STORE}, encryptionKey: {WEST_KEY}; the bucket is in us-east-1",), ("pipeline-key",)))
def key_of_another_region(setup: Setup) -> None:
    setup.store["encryptionKey"]["id"] = WEST_KEY
    for kind in ("key", "key-policy"):
        there = Address("dev", "us-west-2", kind, f"kms:key/{WEST_KEY}")
        setup.documents[there] = moved(setup.of(kind, doc.KEY_ALIAS), KEY, WEST_KEY)
    setup.policy("devkmss3access", lambda all_: named(all_, "kms:Decrypt").update(Resource=[WEST_KEY]))


@case(Found("K14", "dev", (f"{STORE}s us-west-2, encryptionKey: {KEY}",)))
def no_key_in_the_region(setup: Setup) -> None:
    cross_region(setup, KEY)


@case(Found("K14", "dev", (f"{STORE}s us-west-2: no encryptionKey",)))
def regional_store_without_key(setup: Setup) -> None:
    cross_region(setup, "")


@case(Found("K16", "dev", (f"{KEY_POLICY}: no statement allows kms:PutKeyPolicy to {doc.DEV}",)))
def locked_out(setup: Setup) -> None:
    policy = setup.of("key-policy", doc.KEY_ALIAS)["policy"]
    policy["Statement"] = policy["Statement"][2:]


@case(Found("K17", "dev", (f"{KEY_POLICY}, Allow use of the key: Principal * without a condition on who calls",)))
def key_open_to_the_world(setup: Setup) -> None:
    named(setup.key_policy, "Allow use of the key")["Principal"] = {"AWS": "*"}


@case()
def key_open_within_the_organization(setup: Setup) -> None:
    only = {"StringEquals": {"kms:CallerAccount": [doc.DEV, doc.PROD]}}
    named(setup.key_policy, "Allow use of the key").update(Principal={"AWS": "*"}, Condition=only)


@case(
    Found(
        "K18",
        "prod",
        (f"{ARTIFACT_POLICY}, Statement[0], Condition: {ARTIFACTS}/*; the bucket has a Bucket Key",),
    )
)
def context_of_an_object(setup: Setup) -> None:
    setup.of("bucket-encryption", doc.ARTIFACTS).update(algorithm="aws:kms", key=KEY, bucket_key=True)
    only = {"StringLike": {"kms:EncryptionContext:aws:s3:arn": f"{ARTIFACTS}/*"}}
    setup.policy("devkmss3access", lambda all_: named(all_, "kms:Decrypt").update(Condition=only))


def output_key(setup: Setup, *actions: str) -> None:
    """The output bucket with a key of its own, and the deploy role allowed to do this with it."""
    setup.of("bucket-encryption", doc.OUTPUT, "prod").update(algorithm="aws:kms", key=OUTPUT_KEY)
    setup.documents[Address("prod", doc.REGION, "key", f"kms:key/{OUTPUT_KEY}")] = {**setup.key, "arn": OUTPUT_KEY}
    root = {"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": PROD_ROOT}, "Action": "kms:*", "Resource": "*"}
    policy = {"policy": {"Version": "2012-10-17", "Statement": [root]}}
    setup.documents[Address("prod", doc.REGION, "key-policy", f"kms:key/{OUTPUT_KEY}")] = policy
    if actions:
        setup.attach(doc.DEPLOY_ROLE, "prod", allow(list(actions), OUTPUT_KEY), name="output-key")


@case()
def output_key_usable(setup: Setup) -> None:
    output_key(setup, "kms:GenerateDataKey", "kms:Decrypt")


@case(Found("D2", "prod", (no_grant("prods3role", f"kms:GenerateDataKey, kms:Decrypt on {OUTPUT_KEY}"),)))
def output_key_not_usable(setup: Setup) -> None:
    output_key(setup)


@case(Found("K20", "prod", (no_grant("prods3role", f"kms:Decrypt on {OUTPUT_KEY}"),)))
def only_small_files(setup: Setup) -> None:
    output_key(setup, "kms:GenerateDataKey*")
