"""Policy documents read once, and what their statements say of one request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from reconcile.errors import PolicyMalformed
from reconcile.policy.evaluation.condition import Test, tests
from reconcile.policy.evaluation.principal import Grade, Grades, Names, Who, grades, spared
from reconcile.policy.evaluation.template import RESOURCE, TEXT, Facts, Template, apart, held, template
from reconcile.policy.evaluation.truth import Truth, Unknown, all_of, any_of, negation
from reconcile.policy.normal import Document, listed, statements
from reconcile.policy.parse import parse
from reconcile.policy.same import Same

_KNOWN = ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")


class Form(Enum):
    """What sort of document: which elements its statements have."""

    IDENTITY = "identity"
    """No Principal: also boundaries, session policies and SCPs."""
    RESOURCE = "resource"
    """A Principal: also RCPs."""
    KEY = "key"
    """KMS developer guide, key-policy-overview: a statement without Action or Resource is taken, and without effect."""
    TRUST = "trust"
    """No Resource: it is the role."""


class Ask(NamedTuple):
    """A request, in the terms of statements."""

    caller: Who
    action: str
    """In lower case."""
    resource: str
    """Encoded."""
    beginning: str
    """Of the resource, before what is not known of it."""
    facts: Facts
    bounded: bool
    """Whether the caller has a permissions boundary."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A statement, read."""

    index: int | None
    """None for a policy that cannot be read as a whole."""
    sid: str
    allows: bool
    names: Names | None
    names_others: bool
    actions: tuple[str, ...]
    other_actions: bool
    resources: tuple[Template, ...] | None
    other_resources: bool
    tests: tuple[Test, ...]
    flaw: str

    def applies(self, ask: Ask) -> Grades:
        """Whether it applies, given that it is about the action, by what the caller is named as."""
        where = self._where(ask)
        by_grade = self._by_grade(ask) if where else NOT_AT_ALL
        if not any(by_grade.values()):
            return NOT_AT_ALL
        rest = all_of(chain((where,), self._rest(ask)))
        if rest is True:
            return by_grade
        return {grade: all_of((truth, rest)) for grade, truth in by_grade.items()} if rest else NOT_AT_ALL

    def is_about(self, action: str) -> Truth:
        """Whether the action, in lower case, is among those it is for."""
        named = any_of(held(pattern, action, TEXT) for pattern in self.actions)
        return negation(named) if self.other_actions else named

    def _where(self, ask: Ask) -> Truth:
        if self.resources is None:
            return True
        near = [each for each in self.resources if not apart(each.beginning, ask.beginning)]
        named = any_of(each.matches(ask.resource, ask.facts, RESOURCE) for each in near) if near else False
        return negation(named) if self.other_resources else named

    def _by_grade(self, ask: Ask) -> Grades:
        if self.names is None:
            return _ITSELF  # without principals a policy is the caller's own
        if self.names_others:
            return {Grade.DIRECT: negation(spared(self.names, ask.caller, bounded=ask.bounded))}
        return grades(self.names, ask.caller)

    def _rest(self, ask: Ask) -> Iterator[Truth]:
        if "*" in ask.action:
            yield self.is_about(ask.action)
        for test in self.tests:
            yield test.holds(ask.facts)
        if self.flaw:
            yield Unknown(text=self.flaw)


NOT_AT_ALL: Grades = {Grade.DIRECT: False}
_ITSELF: Grades = {Grade.DIRECT: True}


def clauses(document: Document, form: Form, action: str) -> tuple[Clause, ...]:
    """Return those of a document's statements that are, or may be, about the action.

    A document that is no policy is read as two statements that may be anything.
    """
    return _about(Same(document), form, action)


@lru_cache(maxsize=65536)
def _about(same: Same, form: Form, action: str) -> tuple[Clause, ...]:
    return tuple(clause for clause in _clauses(same, form) if clause.is_about(action) is not False)


@lru_cache(maxsize=16384)
def _clauses(same: Same, form: Form) -> tuple[Clause, ...]:
    try:
        document = parse(same.document)
    except PolicyMalformed as error:
        return opaque(str(error))
    version = document.get("Version", "2008-10-17")
    return tuple(_clause(index, raw, form, version) for index, raw in enumerate(statements(document)))


@lru_cache(maxsize=1024)
def opaque(why: str) -> tuple[Clause, ...]:
    """Stand for a policy of which nothing is known: it may allow, and it may deny."""
    return tuple(Clause(None, "", allows, None, False, ("*",), False, None, False, (), why) for allows in (True, False))


def _clause(index: int, raw: Mapping[str, Any], form: Form, version: str) -> Clause:
    principal, resource, action = (_element(raw, name) for name in ("Principal", "Resource", "Action"))
    idle = form is Form.KEY and not (action and resource)
    return Clause(
        index,
        raw.get("Sid", ""),
        raw["Effect"] == "Allow",
        None if principal is None else Names.of(principal),
        "NotPrincipal" in raw,
        () if idle else tuple(each.lower() for each in listed(action or "*")),
        bool(action) and not idle and "NotAction" in raw,
        tuple(_resource(each, version) for each in listed(resource)) if resource else None,
        "NotResource" in raw,
        tuple(tests(raw.get("Condition") or {}, version)),
        _flaw(raw, form),
    )


def _resource(text: str, version: str) -> Template:
    """IAM user guide, reference_policies_variables: variables only after the fifth colon of a resource's ARN."""
    read, tail = template(text, version, wild=True), text.split(":", 5)[-1]
    if read.text is None and template(text.removesuffix(tail), version, wild=True).text is None:
        return Template(None, flaw="variables have no place before the fifth colon of a resource")
    return read


def _element(raw: Mapping[str, Any], name: str) -> Any:
    return raw.get(name, raw.get(f"Not{name}"))


def _flaw(raw: Mapping[str, Any], form: Form) -> str:
    """Why AWS would not take the statement as it is here, or nobody knows what it means; empty if it is well."""
    if unknown := sorted(raw.keys() - set(_KNOWN)):
        return f"{unknown[0]} is no element of a statement"
    principal = form is not Form.IDENTITY
    if (_element(raw, "Principal") is not None) is not principal:
        return "it has no Principal" if principal else "Principal has no place in it"
    if not _element(raw, "Action") and form is not Form.KEY:
        return "it has no Action"
    if form is not Form.KEY and bool(_element(raw, "Resource")) is (form is Form.TRUST):
        return "Resource has no place in it" if form is Form.TRUST else "it has no Resource"
    if "NotPrincipal" in raw and (raw["Effect"] == "Allow" or form is Form.TRUST):
        return "NotPrincipal has no place in it"
    return ""
