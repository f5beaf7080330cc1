"""Requests that pairs of policies tell apart, if any do: every combination of what the two policies speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from typing import Any

from reconcile import policy
from reconcile.policy.normal import listed
from reconcile.policy.request import Caller, CallerType, HeldPolicy, Policies, Request

OWNER, STRANGER = "999999999999", "000000000000"
Document = Mapping[str, Any]
Context = dict[str, tuple[str, ...] | None]
_MOST = 4000
_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_DELEGATING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": OWNER}, "Action": "*", "Resource": "*"}],
}


def requests(kind: str, documents: list[Document]) -> Iterator[Request]:
    """Requests for whatever the documents speak of, and a bit beside it."""
    said = [each for document in documents for each in policy.statements(document)]
    actions = sorted({text for each in said for text in _texts(each, "Action", "other:Action")})
    resources = sorted({text for each in said for text in _texts(each, "Resource", "arn:aws:s3:::other/x")})
    callers = [_role(OWNER)] if kind == "identity" else list(_callers(said))
    asked = product(
        callers, actions, resources if kind != "trust" else [f"arn:aws:iam::{OWNER}:role/r"], _contexts(said)
    )
    for caller, action, resource, context in islice(asked, _MOST):
        yield Request(caller, action, resource, OWNER, context | _of(caller))


def policies(kind: str, document: Document, request: Request) -> Policies:
    """Where the document hangs, with all else that has a say allowing everything."""
    if kind != "identity":
        return Policies(identity=(HeldPolicy("", "all", _ALL),), resource=HeldPolicy("", "resource", document))
    delegates = request.action.lower().startswith(("kms:", "sts:"))
    return Policies((HeldPolicy("", "identity", document),), HeldPolicy("", "all", _DELEGATING) if delegates else None)


def _texts(said: Document, element: str, other: str) -> Iterable[str]:
    for key in (element, f"Not{element}"):
        for pattern in listed(said.get(key, [])):
            wild = "GetObject" if element == "Action" else "abc"
            yield from {text for fill in ("", wild) if ":" in (text := pattern.replace("*", fill).replace("?", "q"))}
    yield other


def _role(account: str) -> Caller:
    return Caller(CallerType.ROLE, f"arn:aws:iam::{account}:role/any", "AROAANY", "s")


def _callers(said: list[dict[str, Any]]) -> Iterable[Caller]:
    found = {_role(STRANGER)}
    for each in said:
        named = each.get("Principal", each.get("NotPrincipal"))
        by_type = {"AWS": named} if isinstance(named, str) else named
        found |= {_caller(kind, name) for kind, names in by_type.items() for name in listed(names)}
        for arn in listed(each.get("Condition", {}).get("ArnLike", {}).get("aws:PrincipalArn", [])):
            found.add(Caller(CallerType.ROLE, arn.replace("*", "abc"), "AROAANY", "s"))
    return sorted(found, key=lambda caller: caller.arn)


def _caller(kind: str, name: str) -> Caller:
    if kind == "Service":
        return Caller(CallerType.SERVICE, name)
    if name.startswith("arn:") and ":role/" in name:
        return Caller(CallerType.ROLE, name, "AROAANY", "s")
    return _role(STRANGER if name == "*" else name.split(":")[4] if ":" in name else name)


def _contexts(said: list[dict[str, Any]]) -> list[Context]:
    """Each key of a condition without a value, with one that is named, and with another."""
    found: dict[str, set[str]] = {}
    for each in said:
        for keys in each.get("Condition", {}).values():
            for key, values in keys.items():
                texts = {str(value).replace("*", "abc") for value in listed(values)}
                found.setdefault(key.lower(), {"other"}).update(texts)
    names = [name for name in found if not name.startswith("aws:principal")]
    choices = [[None, *((text,) for text in sorted(found[name]))] for name in names]
    return [dict(zip(names, chosen, strict=True)) for chosen in product(*choices)]


def _of(caller: Caller) -> Context:
    if caller.type is CallerType.SERVICE:
        return {"aws:principalarn": None, "aws:principalaccount": None}
    return {"aws:principalarn": (caller.arn,), "aws:principalaccount": (caller.arn.split(":")[4],)}
