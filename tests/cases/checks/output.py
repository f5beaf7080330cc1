"""D: the output bucket and the deploy action's settings."""

from __future__ import annotations

from cases.checks.case import DEPLOY, OUTPUT, PIPELINE, Found, Setup, case, deny, named, no_policy
from cases.checks.keys import OUTPUT_KEY, output_key
from reconcile.change import Address
from xacct_tui.demo import article_documents as doc

ACTION = f"{PIPELINE}, action Deploy/Deploy"
EVERYWHERE = Address("prod", doc.REGION, "account-public-access", f"s3:account/{doc.PROD}")


def set_acl(setup: Setup, acl: str, ownership: str) -> None:
    setup.deploy["configuration"]["CannedACL"] = acl
    setup.of("bucket-ownership", doc.OUTPUT, "prod")["ownership"] = ownership
    setup.of("bucket-public-access", doc.OUTPUT, "prod")["BlockPublicAcls"] = False
    setup.documents[EVERYWHERE] = {"BlockPublicAcls": False}


@case(Found("D1", "prod", (no_policy("prods3role", f"s3:PutObject on {OUTPUT}/*"),), ("output-access",)))
def output_policy_detached(setup: Setup) -> None:
    setup.detach("outputbucketdeployaccess")


@case(Found("D3", "dev", (f"{ACTION}, KMSEncryptionKeyARN: alias/site is no key ARN",)))
def output_key_by_alias(setup: Setup) -> None:
    output_key(setup, "kms:GenerateDataKey", "kms:Decrypt")
    setup.deploy["configuration"]["KMSEncryptionKeyARN"] = "alias/site"
    for kind in ("key", "key-policy"):
        setup.put(kind, "alias/site", setup.of(kind, OUTPUT_KEY.rpartition("/")[2], "prod"), "prod")


@case(Found("D3", "dev", (f"{ACTION}, KMSEncryptionKeyARN: {OUTPUT_KEY}: RSA_2048, ENCRYPT_DECRYPT",)))
def asymmetric_output_key(setup: Setup) -> None:
    output_key(setup, "kms:GenerateDataKey", "kms:Decrypt")
    setup.deploy["configuration"]["KMSEncryptionKeyARN"] = OUTPUT_KEY
    setup.of("key", OUTPUT_KEY.rpartition("/")[2], "prod")["spec"] = "RSA_2048"


@case(
    Found(
        "D4",
        "dev",
        (f"{ACTION}, CannedACL: private; bucket {doc.OUTPUT}, ownership: BucketOwnerEnforced",),
        ("deploy-action-role",),
    )
)
def acl_not_supported(setup: Setup) -> None:
    set_acl(setup, "private", "BucketOwnerEnforced")


@case()
def acl_of_the_owner(setup: Setup) -> None:
    set_acl(setup, "bucket-owner-full-control", "BucketOwnerEnforced")


@case(
    Found(
        "D5",
        "dev",
        (f"{ACTION}, CannedACL: public-read; BlockPublicAcls of the bucket {doc.OUTPUT}",),
        ("deploy-action-role",),
    )
)
def public_acl_blocked(setup: Setup) -> None:
    set_acl(setup, "public-read", "ObjectWriter")
    setup.of("bucket-public-access", doc.OUTPUT, "prod")["BlockPublicAcls"] = True


@case(
    Found(
        "D5",
        "dev",
        (f"{ACTION}, CannedACL: public-read; BlockPublicAcls of the account",),
        ("deploy-action-role",),
    )
)
def public_acl_blocked_in_the_account(setup: Setup) -> None:
    set_acl(setup, "public-read", "ObjectWriter")
    setup.documents[EVERYWHERE] = {"BlockPublicAcls": True}


@case(Found("D6", "dev", (f"{ACTION}, CannedACL: BucketOwnerFullControl",), ("deploy-action-role",)))
def acl_unknown(setup: Setup) -> None:
    set_acl(setup, "BucketOwnerFullControl", "ObjectWriter")


@case(Found("D7", "prod", (no_policy("prods3role", f"s3:PutObjectAcl on {OUTPUT}/*"),), ("output-access",)))
def acl_not_allowed(setup: Setup) -> None:
    set_acl(setup, "bucket-owner-full-control", "BucketOwnerPreferred")
    setup.policy("outputbucketdeployaccess", lambda all_: named(all_, "s3:Put*").update(Action="s3:PutObject"))


@case(
    Found(
        "D8",
        "prod",
        (f"{ACTION} acts in {doc.DEV}; bucket {doc.OUTPUT}, ownership: ObjectWriter",),
        ("deploy-action-role",),
    ),
    Found("R1", "dev", (f"{ACTION}: no roleArn",), ("deploy-action-role",)),
)
def objects_of_the_writer(setup: Setup) -> None:
    del setup.deploy["roleArn"]
    setup.of("bucket-ownership", doc.OUTPUT, "prod")["ownership"] = "ObjectWriter"


@case(Found("D9", "prod", (f"policy of bucket {doc.OUTPUT}, NoUploads: denies prods3role s3:PutObject on {OUTPUT}/*",)))
def output_denied(setup: Setup) -> None:
    setup.output_policy(deny("s3:PutObject", f"{OUTPUT}/*", {"AWS": DEPLOY}, Sid="NoUploads"))


@case(Found("D11", "dev", (f"{ACTION}: Extract false, no ObjectKey",), ("deploy-action-role",)))
def object_without_name(setup: Setup) -> None:
    setup.deploy["configuration"]["Extract"] = "false"
