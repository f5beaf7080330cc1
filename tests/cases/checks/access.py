"""R: the roles, their trust, and what limits them."""

from __future__ import annotations

from cases.checks.case import (
    ARTIFACTS,
    DEPLOY,
    DEPLOY_ID,
    DEV_ROOT,
    KEY,
    PIPELINE,
    SERVICE,
    SERVICE_ID,
    Found,
    Setup,
    allow,
    case,
    deny,
    document,
    no_policy,
    no_statement,
)
from reconcile.change import Address
from xacct_tui.demo import article_documents as doc

ACTION = f"{PIPELINE}, action Deploy/Deploy"
TRUST = "trust policy of role prods3role"
ONLY_IDS = f"policy of bucket {doc.ARTIFACTS}, Statement[4]"


@case(
    Found("R1", "dev", (f"{ACTION}: no roleArn",), ("deploy-action-role",)),
)
def no_role(setup: Setup) -> None:
    del setup.deploy["roleArn"]


@case(
    Found(
        "R2",
        "dev",
        (f"{ACTION}, roleArn: arn:aws:iam::{doc.DEV}:role/prods3role; the bucket is of {doc.PROD}",),
        ("deploy-action-role",),
    ),
)
def role_of_another_account(setup: Setup) -> None:
    setup.deploy["roleArn"] = DEPLOY.replace(doc.PROD, doc.DEV)
    setup.put("role", doc.DEPLOY_ROLE, None)


@case(Found("R3", "dev", (no_policy(doc.SERVICE_ROLE, f"sts:AssumeRole on {DEPLOY}"),), ("assume-policy",)))
def not_allowed_to_assume(setup: Setup) -> None:
    setup.detach("assumeprods3role")


@case(Found("R3", "prod", (no_statement(TRUST, doc.SERVICE_ROLE, f"sts:AssumeRole on {DEPLOY}"),), ("trust-policy",)))
def trust_wants_an_external_id(setup: Setup) -> None:
    only = {"StringEquals": {"sts:ExternalId": "web"}}
    setup.trust(allow("sts:AssumeRole", principal=SERVICE, Condition=only))


@case(
    Found(
        "R3",
        "dev",
        (
            no_statement(
                f"trust policy of role {doc.SERVICE_ROLE}", "codepipeline.amazonaws.com", f"sts:AssumeRole on {SERVICE}"
            ),
        ),
        ("service-role",),
    )
)
def service_role_trusts_another(setup: Setup) -> None:
    report = allow("sts:AssumeRole", principal=f"arn:aws:iam::{doc.DEV}:role/NightlyReport")
    setup.trust(report, role=doc.SERVICE_ROLE, account="dev")


@case(
    Found(
        "R4",
        "prod",
        (f"{TRUST}, Statement[0]: codepipeline.amazonaws.com; the service role is {SERVICE}",),
        ("trust-policy",),
    )
)
def trusts_a_service(setup: Setup) -> None:
    setup.trust(allow("sts:AssumeRole", principal={"Service": "codepipeline.amazonaws.com"}))


WITHOUT_PATH = SERVICE.replace("service-role/", "")


@case(
    Found("R5", "prod", (f"{TRUST}, Statement[0]: {WITHOUT_PATH}; the service role is {SERVICE}",), ("trust-policy",))
)
def trust_without_path(setup: Setup) -> None:
    setup.trust(allow("sts:AssumeRole", principal=WITHOUT_PATH))


@case(
    Found("R5", "prod", (f"{TRUST}, Statement[0]: {WITHOUT_PATH}; the service role is {SERVICE}",), ("trust-policy",))
)
def condition_without_path(setup: Setup) -> None:
    only = {"ArnEquals": {"aws:PrincipalArn": WITHOUT_PATH}}
    setup.trust(allow("sts:AssumeRole", principal=DEV_ROOT, Condition=only))


@case(Found("R6", "prod", (f"{TRUST}, Principal: AROADEAD1111111111111",), ("trust-policy",)))
def stale_trust(setup: Setup) -> None:
    setup.trust(allow("sts:AssumeRole", principal="AROADEAD1111111111111"))


@case(
    Found(
        "R6",
        "dev",
        ("key policy of 1234abcd-12ab-34cd-56ef-1234567890ab, Principal: AROADEAD1111111111111",),
        ("key-users", "key-sharing"),
    )
)
def stale_key_user(setup: Setup) -> None:
    for each in setup.key_policy:
        names = each["Principal"]["AWS"]
        if SERVICE in names and isinstance(names, list):
            names[names.index(SERVICE)] = "AROADEAD1111111111111"


@case(
    Found(
        "R6",
        "dev",
        (f"policy of bucket {doc.ARTIFACTS}, Principal: AIDADEAD1111111111111",),
        ("artifact-statements",),
        severity="warning",
    )
)
def stale_principal_of_somebody(setup: Setup) -> None:
    setup.artifacts.append(allow("s3:GetObject", f"{ARTIFACTS}/*", "AIDADEAD1111111111111"))


@case(
    Found(
        "R7",
        "dev",
        (f"{ONLY_IDS}, aws:userid: AROAEXAMPLE:*, {DEPLOY_ID}:*; {doc.SERVICE_ROLE} is {SERVICE_ID}",),
    )
)
def id_of_another_role(setup: Setup) -> None:
    unless = {"StringNotLike": {"aws:userid": ["AROAEXAMPLE:*", f"{DEPLOY_ID}:*"]}}
    setup.artifacts.append(deny("s3:*", [ARTIFACTS, f"{ARTIFACTS}/*"], Condition=unless))


@case(Found("R8", "prod", (f"{TRUST}, Statement[0]: {DEV_ROOT} without a condition on who calls",)))
def trusts_an_account(setup: Setup) -> None:
    setup.trust(allow("sts:AssumeRole", principal=DEV_ROOT))


@case()
def trusts_the_service_role_of_an_account(setup: Setup) -> None:
    setup.trust(allow("sts:AssumeRole", principal=DEV_ROOT, Condition={"ArnEquals": {"aws:PrincipalArn": SERVICE}}))


@case(
    Found(
        "R10",
        "dev",
        (f"{PIPELINE}, action Stack/Stack: configuration.RoleArn {DEPLOY}, roleArn not set",),
    )
)
def passes_a_foreign_role(setup: Setup) -> None:
    action = {
        "name": "Stack",
        "actionTypeId": {"category": "Deploy", "owner": "AWS", "provider": "CloudFormation", "version": "1"},
        "configuration": {"ActionMode": "CREATE_UPDATE", "StackName": "site", "RoleArn": DEPLOY},
    }
    setup.pipeline["stages"].append({"name": "Stack", "actions": [action]})
    setup.pipeline["stages"][1], setup.pipeline["stages"][2] = setup.pipeline["stages"][2], setup.pipeline["stages"][1]


@case(
    Found("R16", "prod", ("role prods3role has policy outputbucketdeployaccess",), ("artifact-access",)),
)
def artifact_policy_not_attached(setup: Setup) -> None:
    setup.detach("devkmss3access")


@case(
    Found(
        "R17",
        "prod",
        (no_statement("permissions boundary boundary", "prods3role", f"kms:Decrypt, kms:DescribeKey on {KEY}"),),
    )
)
def bounded(setup: Setup) -> None:
    bound(setup, [allow("s3:*", "*")])


def bound(setup: Setup, statements: list[dict[str, object]]) -> None:
    """Give the deploy role a boundary."""
    arn = f"arn:aws:iam::{doc.PROD}:policy/boundary"
    setup.of("role", doc.DEPLOY_ROLE, "prod")["permissions_boundary"] = arn
    there = Address("prod", doc.REGION, "managed-policy", f"iam:policy/{arn}")
    setup.documents[there] = {"document": document(statements), "versions": ["v1"]}


@case()
def bounded_widely(setup: Setup) -> None:
    bound(setup, [allow(["s3:*", "kms:*"], "*")])


@case(Found("R18", "prod", ("role prods3role: 9416 of 10240 characters",)))
def inline_policies_full(setup: Setup) -> None:
    for number in range(2):
        wide = [allow("s3:GetObject", f"arn:aws:s3:::bucket-{number}-{index}/{'x' * 20}/*") for index in range(45)]
        setup.attach(doc.DEPLOY_ROLE, "prod", *wide, name=f"targets-{number}")


@case(
    Found("R1", "dev", (f"{ACTION}: no roleArn",), ("deploy-action-role",)),
    Found(
        "R19",
        "dev",
        (f"inline policy more of role {doc.SERVICE_ROLE}, Statement[0], aws:ResourceAccount: {doc.DEV}",),
        ("deploy-action-role",),
    ),
)
def fenced(setup: Setup) -> None:
    del setup.deploy["roleArn"]
    own = {"StringEquals": {"aws:ResourceAccount": doc.DEV}}
    setup.attach(doc.SERVICE_ROLE, "dev", allow("s3:*", "*", Condition=own))


@case(
    Found(
        "R20",
        "dev",
        (f"role {DEPLOY.replace(doc.PROD, doc.DEV)} is there, {DEPLOY} is not",),
        ("deploy-role", "deploy-action-role"),
    )
)
def role_in_the_wrong_account(setup: Setup) -> None:
    there = {**setup.of("role", doc.DEPLOY_ROLE, "prod"), "arn": DEPLOY.replace(doc.PROD, doc.DEV)}
    without_deploy_role(setup)
    setup.put("role", doc.DEPLOY_ROLE, there)
    setup.put("role-id", doc.DEPLOY_ROLE, {"id": "AROAHERE", "created": ""})


def without_deploy_role(setup: Setup) -> None:
    for address in list(setup.documents):
        if address.account == "prod" and doc.DEPLOY_ROLE in (address.holder, address.name):
            setup.documents[address] = None


@case(
    Found(
        "R21",
        "prod",
        (f"{DEPLOY} does not exist",),
        ("deploy-role", "trust-policy", "output-access", "artifact-access"),
    )
)
def no_deploy_role(setup: Setup) -> None:
    without_deploy_role(setup)
