"""B: the artifact bucket."""

from __future__ import annotations

import json

from cases.checks.case import (
    ARTIFACTS,
    INPUT,
    KEY,
    OUTPUT,
    PIPELINE,
    PROD_ROOT,
    SERVICE,
    Found,
    Setup,
    allow,
    case,
    deny,
    named,
    no_policy,
    no_statement,
)
from cases.checks.keys import cross_region
from reconcile import statement_parts
from reconcile.errors import Blocked
from xacct_tui.demo import article_documents as doc

BUCKET_POLICY = f"policy of bucket {doc.ARTIFACTS}"
NO_VPC = {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}
NO_ENDPOINT = {"Null": {"aws:SourceVpce": "true"}}
NO_ADDRESS = {"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}}
BY_VPC, BY_ENDPOINT, BY_ADDRESS = (f"by the Condition {json.dumps(each)}" for each in (NO_VPC, NO_ENDPOINT, NO_ADDRESS))
VERSIONS = (
    no_policy(doc.SERVICE_ROLE, f"s3:GetBucketVersioning on {INPUT}"),
    no_policy(doc.SERVICE_ROLE, f"s3:GetObjectVersion on {INPUT}/{doc.OBJECT_KEY}"),
    no_policy(doc.SERVICE_ROLE, f"s3:GetBucketVersioning on {ARTIFACTS}"),
    no_policy(doc.SERVICE_ROLE, f"s3:GetObjectVersion on {ARTIFACTS}/*"),
)
OUTPUT_POLICY = "policy outputbucketdeployaccess of role prods3role"
NO_COLON = (
    "line 2 column 28: Expecting ':' delimiter; curly quote \u201d at line 2 column 24: write straight quotes (\")"
)


@case(
    Found(
        "B1",
        "dev",
        (
            no_statement(BUCKET_POLICY, "prods3role", f"s3:GetObject, s3:GetObjectVersion on {ARTIFACTS}/*"),
            no_statement(BUCKET_POLICY, "prods3role", f"s3:ListBucket on {ARTIFACTS}"),
        ),
        ("artifact-statements",),
    )
)
def no_statement_for_prod(setup: Setup) -> None:
    setup.artifacts[:] = [each for each in setup.artifacts if PROD_ROOT not in str(each)]


@case(
    Found(
        "B1",
        "prod",
        (no_policy("prods3role", f"s3:GetObject, s3:GetObjectVersion on {ARTIFACTS}/*"),),
        ("artifact-access",),
    )
)
def role_may_not_read(setup: Setup) -> None:
    setup.policy("devkmss3access", lambda all_: all_.remove(named(all_, "s3:Get*")))


@case(
    Found(
        "B2",
        "dev",
        (f"{BUCKET_POLICY}, Statement[2]: s3:GetObject on {ARTIFACTS}, and not on {ARTIFACTS}/*",),
        ("artifact-statements",),
    )
)
def objects_without_star(setup: Setup) -> None:
    named(setup.artifacts, "s3:Get*")["Resource"] = ARTIFACTS


@case(
    Found(
        "B2",
        "prod",
        (f"{OUTPUT_POLICY}, Statement[0]: s3:PutObject on {OUTPUT}, and not on {OUTPUT}/*",),
        ("output-access",),
    )
)
def output_without_star(setup: Setup) -> None:
    setup.policy(
        "outputbucketdeployaccess", lambda all_: named(all_, "s3:Put*").update(Resource=[f"arn:aws:s3:::{doc.OUTPUT}"])
    )


def narrow_service_role(setup: Setup, *left_out: str) -> None:
    """Today's console policy instead of the broad one, but for some actions."""
    setup.detach(doc.SERVICE_ROLE)
    looks = ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:ListBucket"]
    objects = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"]
    kept = [[each for each in actions if each not in left_out] for actions in (looks, objects)]
    on = ([INPUT, ARTIFACTS], [f"{INPUT}/*", f"{ARTIFACTS}/*"])
    setup.attach(doc.SERVICE_ROLE, "dev", *(allow(actions, where) for actions, where in zip(kept, on, strict=True)))


@case()
def narrow_policy_of_the_service_role(setup: Setup) -> None:
    narrow_service_role(setup)


@case(Found("B3", "dev", VERSIONS, ("service-role",)))
def no_versions(setup: Setup) -> None:
    narrow_service_role(setup, "s3:GetObjectVersion", "s3:GetBucketVersioning")


@case(Found("B4", "dev", (no_policy(doc.SERVICE_ROLE, f"s3:PutObject on {ARTIFACTS}/*"),), ("service-role",)))
def service_role_kept_out(setup: Setup) -> None:
    narrow_service_role(setup, "s3:PutObject")


@case(
    Found(
        "B5",
        "dev",
        (f"{BUCKET_POLICY}, OnlyOurKey: denies {doc.SERVICE_ROLE} s3:PutObject on {ARTIFACTS}/*",),
        ("pipeline-key",),
    )
)
def encryption_refused(setup: Setup) -> None:
    other = f"arn:aws:kms:us-east-1:{doc.DEV}:key/0a1b2c3d-0000-0000-0000-000000000000"
    unless = {"StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": other}}
    setup.artifacts.append(deny("s3:PutObject", f"{ARTIFACTS}/*", Sid="OnlyOurKey", Condition=unless))


@case(
    Found("B7", "dev", (f"{PIPELINE}, artifactStore: bucket {doc.ARTIFACTS} is in eu-west-1, not in us-east-1",)),
    Found(
        "K13",
        "dev",
        (f"{PIPELINE}, artifactStore, encryptionKey: {KEY}; the bucket is in eu-west-1",),
        ("pipeline-key",),
    ),
)
def bucket_in_another_region(setup: Setup) -> None:
    setup.of("bucket", doc.ARTIFACTS)["region"] = "eu-west-1"


@case(
    Found("B8", "dev", (f"{PIPELINE}, action Deploy/Deploy: region us-west-2; artifact stores: us-east-1",)),
)
def no_store_in_the_region(setup: Setup) -> None:
    cross_region(setup)
    setup.pipeline["artifactStore"] = setup.pipeline.pop("artifactStores")["us-east-1"]


@case(
    Found(
        "B8",
        "prod",
        (f"{PIPELINE}, artifactStores us-west-2: bucket codepipeline-us-west-2-0123456789 is of {doc.PROD}",),
        severity="warning",
    ),
)
def store_in_prod(setup: Setup) -> None:
    cross_region(setup)
    for kind in ("bucket", "bucket-encryption", "bucket-public-access", "bucket-policy"):
        there = setup.documents.pop(setup.at(kind, "codepipeline-us-west-2-0123456789"))
        setup.put(kind, "codepipeline-us-west-2-0123456789", there, "prod")
        if kind == "bucket":
            setup.put(kind, "codepipeline-us-west-2-0123456789", Blocked("it is of another account"))
        if kind == "bucket-policy":
            there["policy"]["Statement"].append(
                allow(
                    ["s3:*"],
                    [
                        "arn:aws:s3:::codepipeline-us-west-2-0123456789",
                        "arn:aws:s3:::codepipeline-us-west-2-0123456789/*",
                    ],
                    SERVICE,
                )
            )


def broken(text: str) -> Blocked:
    """What reading this text as a policy gives."""
    try:
        statement_parts.parsed(text)
    except Blocked as blocked:
        return blocked
    raise AssertionError(text)


CURLY = '{"Version": "2012-10-17",\n "Statement": [{"Effect\u201d: "Allow"}]}'


@case(
    Found(
        "B9",
        "dev",
        (f"bucket-policy of {doc.ARTIFACTS}: policy: not JSON: {NO_COLON}",),
    )
)
def curly_quote(setup: Setup) -> None:
    setup.put("bucket-policy", doc.ARTIFACTS, broken(CURLY))


@case(
    Found("B9", "dev", ("key-policy of alias/s3deploykey: policy: not JSON: line 3 column 2: Expecting ',' delimiter",))
)
def comma_missing(setup: Setup) -> None:
    setup.put("key-policy", doc.KEY_ALIAS, broken('{"Statement": [\n {"Effect": "Allow"}\n {"Effect": "Deny"}]}'))


TWICE = "Statement[0]: found key Action twice, again at line 1 column 64; allowed: each key once"


@case(
    Found(
        "B9",
        "prod",
        (
            f"role of prods3role: {TWICE}",
            f"trust-policy of prods3role: {TWICE}",
        ),
    )
)
def key_twice(setup: Setup) -> None:
    text = '{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Action": "sts:TagSession"}]}'
    for kind in ("role", "trust-policy"):
        setup.put(kind, doc.DEPLOY_ROLE, broken(text), "prod")


@case(Found("B9", "dev", (f"policy of bucket {doc.ARTIFACTS}: Sid Twice stands 2 times",)))
def sid_twice(setup: Setup) -> None:
    for action in ("s3:GetObject", "s3:ListBucket"):
        resource = f"{ARTIFACTS}/*" if "Object" in action else ARTIFACTS
        setup.artifacts.append(allow(action, resource, PROD_ROOT, Sid="Twice"))


@case(
    Found(
        "B9",
        "prod",
        ("policy devkmss3access of role prods3role: Statement[3].Effect: found nothing; allowed: Allow or Deny",),
    )
)
def statement_without_effect(setup: Setup) -> None:
    setup.policy("devkmss3access", lambda all_: all_.append({"Action": "s3:GetObject", "Resource": "*"}))


@case(
    Found(
        "B11",
        "dev",
        (f"{BUCKET_POLICY}, OnlyOurEndpoint: hits {doc.SERVICE_ROLE}, prods3role, {BY_VPC}",),
    )
)
def only_from_the_network(setup: Setup) -> None:
    both = [ARTIFACTS, f"{ARTIFACTS}/*"]
    setup.artifacts.append(deny("s3:*", both, Sid="OnlyOurEndpoint", Condition=NO_VPC))


@case(
    Found(
        "B11",
        "prod",
        (f"policy of bucket {doc.OUTPUT}, OnlyOurAddresses: hits prods3role, {BY_ADDRESS}",),
        verdict="unknown",
    )
)
def only_from_addresses(setup: Setup) -> None:
    setup.output_policy(deny("s3:*", f"{OUTPUT}/*", Sid="OnlyOurAddresses", Condition=NO_ADDRESS))


@case(
    Found(
        "B11",
        "dev",
        (f"{BUCKET_POLICY}, AnyEndpoint: hits {doc.SERVICE_ROLE}, prods3role, {BY_ENDPOINT}",),
        verdict="unknown",
    )
)
def only_from_any_endpoint(setup: Setup) -> None:
    setup.artifacts.append(deny("s3:*", [ARTIFACTS, f"{ARTIFACTS}/*"], Sid="AnyEndpoint", Condition=NO_ENDPOINT))


@case()
def only_from_the_network_but_for_the_pipeline(setup: Setup) -> None:
    roles = {"ArnNotEquals": {"aws:PrincipalArn": [SERVICE, doc.DEPLOY_ROLE_ARN]}}
    outside = {**NO_VPC, **roles}
    setup.artifacts.append(deny("s3:*", [ARTIFACTS, f"{ARTIFACTS}/*"], Condition=outside))
