"""Changes of one statement of a document: everything else stays as it is, byte for byte and in its order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from reconcile.errors import Blocked
from reconcile.policy.normal import Document, normal_statement, statements

if TYPE_CHECKING:
    from collections.abc import Mapping

_EMPTY: Document = {"Version": "2012-10-17", "Statement": []}


def statement_of(document: Document | None, sid: str, *, partition: str = "aws") -> dict[str, Any] | None:
    """Return the statement of that Sid in normal form (see ``normal_statement``), None if there is none.

    Raises Blocked, as every function that goes by Sid, if two statements have it.
    """
    index = index_of(document, sid)
    return None if index is None else normal_statement(statements(document)[index], partition=partition)


def with_statement(document: Document | None, statement: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with the statement in place of the one of its Sid, else at the end.

    A statement without a Sid is always one more. An absent document becomes a fresh one of 2012-10-17; one
    whose ``Statement`` is an object gets a list.
    """
    index = index_of(document, statement.get("Sid", ""))
    found = statements(document)
    if index is None:
        return replaced(document, [*found, dict(statement)])
    return replaced(document, [*found[:index], dict(statement), *found[index + 1 :]])


def without_sid(document: Document | None, sid: str) -> dict[str, Any] | None:
    """Return the document without the statement of that Sid; None if no statement is left."""
    index = index_of(document, sid)
    kept = [each for position, each in enumerate(statements(document)) if position != index]
    return replaced(document, kept) if kept else None


def size(document: Document) -> int:
    """Return the number of characters without white space outside of strings, as IAM counts them.

    IAM user guide, reference_iam-quotas: white space is not counted.
    """
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False))


def index_of(document: Document | None, sid: str) -> int | None:
    """Return where the statement of that Sid stands; an empty Sid names none.

    Raises Blocked if two statements have it.
    """
    found = [index for index, each in enumerate(statements(document)) if sid and each.get("Sid") == sid]
    if len(found) > 1:
        raise Blocked(f"{len(found)} statements of the policy have the Sid {sid}: give them different ones first")
    return found[0] if found else None


def replaced(document: Document | None, found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the document with these statements, and all its other keys in their order."""
    return {**(document or _EMPTY), "Statement": found}
