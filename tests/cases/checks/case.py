"""A check as a case: how the done set-up is changed, and what is found then that was not found before.

The set-up is the documents that were read of it: plain values, changed in place, without an account.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconcile.change import Address
from xacct_tui.demo import article_documents as doc

KEY = f"arn:aws:kms:{doc.REGION}:{doc.DEV}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
DEV_ROOT, PROD_ROOT = (f"arn:aws:iam::{number}:root" for number in (doc.DEV, doc.PROD))
SERVICE, DEPLOY = doc.SERVICE_ROLE_ARN, doc.DEPLOY_ROLE_ARN
SERVICE_ID, DEPLOY_ID = "AROASERVICEROLE111111", "AROADEPLOYROLE2222222"
ARTIFACTS, INPUT, OUTPUT = (f"arn:aws:s3:::{name}" for name in (doc.ARTIFACTS, doc.INPUT, doc.OUTPUT))
PIPELINE = f"pipeline {doc.PIPELINE}"

Statements = list[dict[str, Any]]


def no_policy(who: str, what: str) -> str:
    """How a lack of the caller's side is told."""
    return f"no policy of {who} allows {what}"


def no_grant(who: str, what: str) -> str:
    """How a lack is told that a key's policy or the caller's own could make up for."""
    return f"neither the key's policy nor one of {who} allows {what}"


def no_statement(where: str, who: str, what: str) -> str:
    """How a lack of the resource's side is told."""
    return f"{where}: no statement allows {who} {what}"


@dataclass(frozen=True)
class Found:
    """One finding: ``FAIL`` unless it says otherwise, as severe as its check unless it says otherwise."""

    id: str
    account: str
    evidence: tuple[str, ...]
    slugs: tuple[str, ...] = ()
    verdict: str = "fail"
    severity: str = ""


class Setup:
    """The documents of the done set-up, to be changed."""

    def __init__(self, documents: Mapping[Address, Any]) -> None:
        self.documents = dict(documents)

    def at(self, kind: str, name: str, account: str = "dev") -> Address:
        """The address of a kind whose resource ends with the name, or would."""
        found = (each for each in self.documents if (each.account, each.kind) == (account, kind))
        resource = {
            "bucket": "s3:bucket",
            "key": "kms:key",
            "role": "iam:role",
            "codebuild-project": "codebuild:project",
        }
        fresh = Address(account, doc.REGION, kind, f"{resource.get(kind, resource.get(kind.partition('-')[0]))}/{name}")
        return next((each for each in found if each.resource.endswith(f"/{name}")), fresh)

    def put(self, kind: str, name: str, document: Any, account: str = "dev") -> None:
        self.documents[self.at(kind, name, account)] = document

    def of(self, kind: str, name: str, account: str = "dev") -> Any:
        return self.documents[self.at(kind, name, account)]

    @property
    def pipeline(self) -> dict[str, Any]:
        declaration: dict[str, Any] = self.of("pipeline", doc.PIPELINE)["pipeline"]
        return declaration

    @property
    def store(self) -> dict[str, Any]:
        store: dict[str, Any] = self.pipeline["artifactStore"]
        return store

    @property
    def source(self) -> dict[str, Any]:
        action: dict[str, Any] = self.pipeline["stages"][0]["actions"][0]
        return action

    @property
    def deploy(self) -> dict[str, Any]:
        action: dict[str, Any] = self.pipeline["stages"][-1]["actions"][0]
        return action

    @property
    def key(self) -> dict[str, Any]:
        key: dict[str, Any] = self.of("key", doc.KEY_ALIAS)
        return key

    @property
    def key_policy(self) -> Statements:
        statements: Statements = self.of("key-policy", doc.KEY_ALIAS)["policy"]["Statement"]
        return statements

    @property
    def artifacts(self) -> Statements:
        """The statements of the artifact bucket's policy."""
        statements: Statements = self.of("bucket-policy", doc.ARTIFACTS)["policy"]["Statement"]
        return statements

    @property
    def trigger(self) -> dict[str, Any]:
        trigger: dict[str, Any] = self.of("trigger", doc.PIPELINE)
        return trigger

    @property
    def rule(self) -> dict[str, Any]:
        rule: dict[str, Any] = self.trigger["rules"][doc.RULE]
        return rule

    def output_policy(self, *statements: dict[str, Any]) -> None:
        self.of("bucket-policy", doc.OUTPUT, "prod")["policy"] = document(statements)

    def trust(self, *statements: dict[str, Any], role: str = doc.DEPLOY_ROLE, account: str = "prod") -> None:
        """Give a role this trust policy, in all documents that hold it."""
        self.of("role", role, account)["trust"] = document(statements)
        self.of("trust-policy", role, account)["policy"] = document(statements)

    def policy(self, name: str, edit: Callable[[Statements], object]) -> None:
        """Edit a managed policy of a role, in all documents that hold it."""
        for document in self._holding(name):
            statements = document["document"]["Statement"]
            document["document"]["Statement"] = listed = statements if isinstance(statements, list) else [statements]
            edit(listed)

    def detach(self, name: str) -> None:
        for address, document in self.documents.items():
            if address.kind == "role":
                document["attached"] = {
                    arn: each for arn, each in document["attached"].items() if not arn.endswith(f"/{name}")
                }
            if address.kind == "role-policy" and address.resource.endswith(f"/{name}"):
                document["attached"] = False

    def attach(self, role: str, account: str, *statements: dict[str, Any], name: str = "more") -> None:
        self.of("role", role, account)["inline"][name] = document(statements)

    def _holding(self, name: str) -> Iterable[dict[str, Any]]:
        for address, document in self.documents.items():
            if address.kind == "role":
                yield from (each for arn, each in document["attached"].items() if arn.endswith(f"/{name}"))
            if address.kind == "role-policy" and address.resource.endswith(f"/{name}"):
                yield document


Make = Callable[[Setup], object]


@dataclass(frozen=True)
class Case:
    make: Make
    found: tuple[Found, ...]


CASES: list[Case] = []


def case(*found: Found) -> Callable[[Make], Make]:
    """Enter the function into the table: this, and nothing else, is found of what it changes."""

    def enter(make: Make) -> Make:
        CASES.append(Case(make, found))
        return make

    return enter


def document(statements: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str | list[str], resource: Any = None, principal: Any = None, **more: Any) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Allow", "Action": action, **more}
    if resource:
        statement["Resource"] = resource
    if principal:
        statement["Principal"] = principal if isinstance(principal, dict) else {"AWS": principal}
    return statement


def deny(action: str | list[str], resource: Any, principal: Any = "*", **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Deny", "Action": action, "Resource": resource, **more}
    return {**statement, "Principal": principal} if principal else statement


def named(statements: Statements, text: str) -> dict[str, Any]:
    """The one statement in which the text stands."""
    (found,) = (each for each in statements if text in json.dumps(each))
    return found
