"""Whether two documents have the same effect, and which statements make the difference."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import product
from typing import Any

from reconcile.policy.normal import Document, Element, Statement, meanings, normal_statement, statements

_Key = tuple[Hashable, ...]
_Atoms = dict[_Key, frozenset[Hashable]]

_DOCUMENT_KEYS = {"Version", "Id", "Statement"}


def equal(a: Document | None, b: Document | None, *, partition: str = "aws") -> bool:
    """Whether two parsed documents have the same effect, whatever their text.

    Statements are taken apart into (effect, principal, action, resource, condition), so that splitting,
    merging, doubling and order do not matter; nor do Sid, Id, the case of actions, condition operators and
    keys, ``true`` or ``"true"``, ``"*"`` or ``{"AWS": "*"}``, an account id or its root ARN in ``partition``.
    ``Not…`` elements are compared whole. A pattern is not compared with what it matches (``uncovered`` does).
    An absent document equals one without effect.
    """
    if _unknown_keys(a) != _unknown_keys(b):
        return False
    return _atoms(meanings(a, partition)) == _atoms(meanings(b, partition))


def diff_statements(
    before: Document | None, after: Document | None, *, partition: str = "aws"
) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
    """Return the statements that ``after`` adds and those that it takes away, in normal form.

    A statement counts if some of what it says is said nowhere in the other document: a statement that was
    only renamed, moved, split or merged does not.
    """
    return _unmatched(after, before, partition), _unmatched(before, after, partition)


def _unmatched(document: Document | None, other: Document | None, partition: str) -> tuple[dict[str, Any], ...]:
    there = _atoms(meanings(other, partition))
    pairs = zip(statements(document), meanings(document, partition), strict=True)
    return tuple(
        normal_statement(statement, partition=partition)
        for statement, meaning in pairs
        if any(resources - there.get(key, frozenset()) for key, resources in _parts(meaning))
    )


def _atoms(found: Iterable[Statement]) -> _Atoms:
    """Return the resources under each (effect, principal, action, condition)."""
    atoms: _Atoms = {}
    for statement in found:
        for key, resources in _parts(statement):
            atoms[key] = atoms[key] | resources if key in atoms else resources
    return atoms


def _parts(statement: Statement) -> Iterator[tuple[_Key, frozenset[Hashable]]]:
    """Take a statement apart; one that names no action or no resource has no effect."""
    resources = _members(statement.resource)
    if statement.action is None or not resources:
        return
    for principal, action in product(_members(statement.principal), _members(statement.action)):
        yield (statement.effect, principal, action, statement.conditions, statement.unknown), resources


def _members(element: Element[Any] | None) -> frozenset[Hashable]:
    if element is None or element.negated:
        return frozenset({element})
    return element.values


def _unknown_keys(document: Document | None) -> dict[str, Any]:
    return {key: value for key, value in (document or {}).items() if key not in _DOCUMENT_KEYS}
