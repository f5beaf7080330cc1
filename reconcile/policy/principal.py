"""Changes of one principal of a statement, and the ids that AWS leaves of principals that are deleted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reconcile.errors import Blocked
from reconcile.policy.edit import index_of, replaced, with_statement
from reconcile.policy.normal import Document, canonical, listed, partition_of, statement_name, statements

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# IAM user guide, reference_identifiers: AROA is a role's unique id, AIDA a user's.
_DEAD = re.compile(r"(AROA|AIDA)[A-Z0-9]+")


def has_principal(document: Document | None, sid: str, principal: str) -> bool:
    """Whether the statement of that Sid names the AWS principal (an account id and its root ARN are one)."""
    index = index_of(document, sid)
    if index is None:
        return False
    named = _aws_names(statements(document)[index].get("Principal", {}))
    return principal in named or any(map(_same_as(principal), named))


def with_principal(document: Document | None, statement: Mapping[str, Any], principal: str) -> dict[str, Any]:
    """Return the document in which the statement of ``statement``'s Sid names the AWS principal too.

    If there is no statement of that Sid, ``statement`` is put in, with this principal as its only one.
    Raises Blocked if the one there is denies, or is written with NotPrincipal: to be named there is no grant.
    """
    index = index_of(document, statement["Sid"])
    if index is None:
        return with_statement(document, {**statement, "Principal": {"AWS": principal}})
    live = statements(document)[index]
    if live["Effect"] != statement["Effect"] or "NotPrincipal" in live:
        raise Blocked(f"{statement_name(live, index)} of the policy is a Deny or has NotPrincipal: rename it first")
    if has_principal(document, statement["Sid"], principal):
        return dict(document or {})
    named = [*_aws_names(live.get("Principal", {})), principal]
    return with_statement(document, _naming(live, named))


def without_principal(document: Document | None, sid: str, principal: str) -> dict[str, Any] | None:
    """Return the document in which the statement of that Sid does not name the AWS principal.

    A statement that then names nobody goes; None if no statement is left.
    """
    index = index_of(document, sid)
    return _without(document, _same_as(principal), lambda position: position == index)


def dead_principals(document: Document | None) -> tuple[str, ...]:
    """Return the ids of deleted roles and users that Principal and NotPrincipal still hold, sorted.

    IAM user guide, reference_policies_elements_principal: AWS shows them instead of the ARN once the role or
    user is gone; they match nobody, not even a new role of the same name, and AWS refuses to save them.
    """
    return tuple(
        sorted(
            {
                name
                for statement in statements(document)
                for key in ("Principal", "NotPrincipal")
                for name in _aws_names(statement.get(key, {}))
                if _DEAD.fullmatch(name)
            }
        )
    )


def without_dead_principals(document: Document | None) -> dict[str, Any] | None:
    """Return the document without the dead ids in Principal; None if no statement is left.

    A statement that then names nobody goes. NotPrincipal is left as it is, since taking an id out of it
    would change whom the statement hits: AWS will refuse such a document until it is edited by hand.
    """
    return _without(document, lambda name: _DEAD.fullmatch(name) is not None, lambda _: True)


def _without(
    document: Document | None, drops: Callable[[str], bool], concerns: Callable[[int], bool]
) -> dict[str, Any] | None:
    kept = []
    for index, statement in enumerate(statements(document)):
        names = _aws_names(statement.get("Principal", {}))
        remaining = [name for name in names if not drops(name)]
        if len(remaining) == len(names) or not concerns(index):
            kept.append(statement)
        elif (edited := _naming(statement, remaining))["Principal"]:
            kept.append(edited)
    return replaced(document, kept) if kept else None


def _naming(statement: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Return the statement with these AWS principals, and its principals of other types as they are."""
    principal = statement.get("Principal", {})
    others = {} if isinstance(principal, str) else {k: v for k, v in principal.items() if k != "AWS"}
    return {**statement, "Principal": ({"AWS": names} if names else {}) | others}


def _aws_names(principal: Any) -> list[str]:
    return [principal] if isinstance(principal, str) else list(listed(principal.get("AWS", [])))


def _same_as(principal: str) -> Callable[[str], bool]:
    partition = partition_of(("AWS", principal))
    wanted = canonical(("AWS", principal), partition)
    return lambda name: canonical(("AWS", name), partition) == wanted
