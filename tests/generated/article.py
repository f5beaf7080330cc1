"""The article's chain of requests, and its policies with every piece taken away, widened, denied or conditioned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from generated.cases import Case
from reconcile import policy
from reconcile.policy.normal import listed
from reconcile.policy.request import Caller, CallerType, HeldPolicy, Policies, Request
from xacct_tui.demo import article_documents as doc

Document = dict[str, Any]
Mutant = tuple[str, Document]

KEY = f"arn:aws:kms:{doc.REGION}:{doc.DEV}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PIPELINE = f"arn:aws:codepipeline:{doc.REGION}:{doc.DEV}:{doc.PIPELINE}"
RULE_ROLE_ARN = f"arn:aws:iam::{doc.DEV}:role/service-role/{doc.RULE_ROLE}"
ARTIFACT = f"arn:aws:s3:::{doc.ARTIFACTS}/crossaccountdeploy/SourceArti/aBcD123"
ACCOUNTS = {doc.DEV: "dev", doc.PROD: "prod"}


@dataclass(frozen=True)
class Place:
    """A document of the article: in which account, on which side of a request it speaks."""

    account: str
    document: Document


@dataclass(frozen=True)
class Hop:
    """One request of the chain, with the names of the documents that have a say."""

    request: Request
    identity: tuple[str, ...] = ()
    resource: str = ""


@dataclass(frozen=True)
class Changed:
    """One request of the chain after one piece of one document was changed."""

    hop: str
    place: str
    what: str
    case: Case


USERS = [f"arn:aws:iam::{doc.DEV}:role/{doc.REPORT_ROLE}", doc.SERVICE_ROLE_ARN]
PLACES = {
    "trust of the rule's role": Place("dev", doc.service_trust("events.amazonaws.com")),
    "start-pipeline-execution": Place("dev", doc.START_POLICY),
    "trust of the service role": Place("dev", doc.service_trust("codepipeline.amazonaws.com")),
    "policy of the service role": Place("dev", doc.SERVICE_ROLE_POLICY),
    "assumeprods3role": Place("dev", doc.ASSUME_POLICY),
    "key policy": Place("dev", doc.key_policy(USERS)),
    "policy of the artifact bucket": Place(
        "dev", {**doc.SSE_AND_SSL, "Statement": [*doc.SSE_AND_SSL["Statement"], *doc.ARTICLE_STATEMENTS]}
    ),
    "trust of prods3role": Place("prod", doc.deploy_trust([doc.SERVICE_ROLE_ARN])),
    "outputbucketdeployaccess": Place("prod", doc.OUTPUT_POLICY),
    "devkmss3access": Place("prod", doc.artifact_policy(KEY)),
}

CARRIED = ("s3:x-amz-server-side-encryption", "kms:viaservice", "kms:grantisforawsresource", "iam:passedtoservice")
OF_SERVICE = ("policy of the service role", "assumeprods3role")
OF_DEPLOY = ("outputbucketdeployaccess", "devkmss3access")


def _request(caller: Caller, action: str, resource: str, owner: str, **carried: str) -> Request:
    account = caller.arn.split(":")[4] if caller.type is CallerType.ROLE else ""
    context = dict.fromkeys(CARRIED) | {
        "aws:securetransport": ("true",),
        "aws:principalarn": (caller.arn,) if account else None,
        "aws:principalaccount": (account,) if account else None,
        "kms:calleraccount": (account,) if account else None,
    }
    context |= {key.replace("__", ":").replace("_", "-"): (value,) for key, value in carried.items()}
    return Request(caller, action, resource, owner, context)


def _chain() -> dict[str, Hop]:
    events, codepipeline = (Caller(CallerType.SERVICE, f"{name}.amazonaws.com") for name in ("events", "codepipeline"))
    rule = Caller(CallerType.ROLE, RULE_ROLE_ARN, "AROARULE", "events")
    service = Caller(CallerType.ROLE, doc.SERVICE_ROLE_ARN, "AROASERVICE", "1764090000000")
    deploy = Caller(CallerType.ROLE, doc.DEPLOY_ROLE_ARN, "AROADEPLOY", "1764090000000")
    dev, prod, source = doc.DEV, doc.PROD, f"arn:aws:s3:::{doc.INPUT}/{doc.OBJECT_KEY}"
    via = {"kms__viaservice": "s3.us-east-1.amazonaws.com"}
    encrypted = {"s3__x_amz_server_side_encryption": "aws:kms"}
    shared, key = "policy of the artifact bucket", "key policy"
    of_rule = ("start-pipeline-execution",)

    def by(caller: Caller, action: str, resource: str, on: str = "", **carried: str) -> Hop:
        owner = prod if doc.OUTPUT in resource or f"::{prod}:" in resource else dev
        identity = {rule: of_rule, service: OF_SERVICE, deploy: OF_DEPLOY}.get(caller, ())
        return Hop(_request(caller, action, resource, owner, **carried), identity, on)

    return {
        "rule assumes its role": by(events, "sts:AssumeRole", RULE_ROLE_ARN, "trust of the rule's role"),
        "rule starts the pipeline": by(rule, "codepipeline:StartPipelineExecution", PIPELINE),
        "pipeline assumes its role": by(
            codepipeline, "sts:AssumeRole", doc.SERVICE_ROLE_ARN, "trust of the service role"
        ),
        "reads the source's versioning": by(service, "s3:GetBucketVersioning", f"arn:aws:s3:::{doc.INPUT}"),
        "reads the source": by(service, "s3:GetObjectVersion", source),
        "writes the artifact": by(service, "s3:PutObject", ARTIFACT, shared, **encrypted),
        "encrypts the artifact": by(service, "kms:GenerateDataKey", KEY, key, **via),
        "assumes the deploy role": by(service, "sts:AssumeRole", doc.DEPLOY_ROLE_ARN, "trust of prods3role"),
        "reads the artifact": by(deploy, "s3:GetObject", ARTIFACT, shared),
        "decrypts the artifact": by(deploy, "kms:Decrypt", KEY, key, **via),
        "lists the artifacts": by(deploy, "s3:ListBucket", f"arn:aws:s3:::{doc.ARTIFACTS}", shared),
        "writes the output": by(deploy, "s3:PutObject", f"arn:aws:s3:::{doc.OUTPUT}/index.html"),
    }


CHAIN = _chain()


def changes() -> list[Changed]:
    """Every change of every piece, for every request in whose decision the changed document has a say."""
    return [
        Changed(name, place, what, _case(hop, PLACES | {place: Place(PLACES[place].account, document)}))
        for place in PLACES
        for what, document in [("as in the article", PLACES[place].document), *mutants(PLACES[place].document)]
        for name, hop in CHAIN.items()
        if place in (*hop.identity, hop.resource)
    ]


def _case(hop: Hop, places: Mapping[str, Place]) -> Case:
    def held(name: str) -> HeldPolicy:
        return HeldPolicy(places[name].account, name, places[name].document)

    return Case(hop.request, Policies(tuple(map(held, hop.identity)), held(hop.resource) if hop.resource else None))


CONDITIONS: tuple[Document, ...] = (
    {"StringEquals": {"aws:PrincipalAccount": [doc.DEV, doc.PROD]}},
    {"StringEquals": {"aws:PrincipalAccount": "333333333333"}},
    {"StringNotEquals": {"aws:PrincipalAccount": doc.PROD}},
    {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{doc.DEV}:role/service-role/*"}},
    {"ArnEquals": {"aws:PrincipalArn": doc.DEPLOY_ROLE_ARN}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}},
    {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com", "aws:PrincipalAccount": doc.DEV}},
)


def mutants(document: Document) -> Iterator[Mutant]:
    """The document with each piece taken away, widened, denied or conditioned, and what was done to it."""
    said = policy.statements(document)
    for index, statement in enumerate(said):
        yield f"{index} taken away", _with(document, [*said[:index], *said[index + 1 :]])
        for what, changed in _changed(statement):
            yield f"{index} {what}", _with(document, [*said[:index], changed, *said[index + 1 :]])
    principal = {"Principal": "*"} if any("Principal" in each for each in said) else {}
    resource = {"Resource": "*"} if any("Resource" in each for each in said) else {}
    for condition in ({}, *CONDITIONS):
        denies = {"Sid": "Guard", "Effect": "Deny", **principal, "Action": "*", **resource, "Condition": condition}
        yield f"denied if {condition}", _with(document, [denies, *said])


def _with(document: Document, said: list[Document]) -> Document:
    return {**deepcopy(document), "Statement": deepcopy(said)}


def _changed(statement: Document) -> Iterator[Mutant]:
    yield "turned", {**statement, "Effect": "Deny" if statement["Effect"] == "Allow" else "Allow"}
    for element, others in (("Action", ["s3:GetObjectAcl", "*"]), ("Resource", ["arn:aws:s3:::other/*", "*"])):
        if element in statement:
            for values in _other_values(statement[element], others):
                yield f"{element} {values}", {**statement, element: values}
            yield f"Not{element}", _renamed(statement, element)
    if "Principal" in statement:
        for named in _other_principals(statement["Principal"]):
            yield f"Principal {named}", {**statement, "Principal": named}
    for condition in CONDITIONS:
        yield f"if {condition}", {**statement, "Condition": {**statement.get("Condition", {}), **condition}}
    if statement.get("Condition"):
        yield "without condition", {key: value for key, value in statement.items() if key != "Condition"}


def _other_values(values: Any, others: Iterable[str]) -> Iterator[Any]:
    each = list(listed(values))
    for index, value in enumerate(each):
        if len(each) > 1:
            yield each[:index] + each[index + 1 :]
        yield [*each[:index], f"{value}x" if ":" in value else "arn:aws:s3:::x", *each[index + 1 :]]
    yield from ([other] for other in others)


def _renamed(statement: Document, element: str) -> Document:
    return {f"Not{key}" if key == element else key: value for key, value in statement.items()}


def _other_principals(named: Any) -> Iterator[Any]:
    yield "*"
    for name in (doc.DEV, doc.PROD, f"arn:aws:iam::{doc.DEV}:root", doc.SERVICE_ROLE_ARN, doc.DEPLOY_ROLE_ARN):
        yield {"AWS": name}
    yield {"Service": "cloudtrail.amazonaws.com"}
    people = list(listed(named["AWS"])) if "AWS" in named else []
    for index, _ in enumerate(people if len(people) > 1 else ()):
        yield {"AWS": people[:index] + people[index + 1 :]}
