"""Parts that are statements of a policy document: ours by their Sids, beside everybody else's.

What several kinds of document (bucket policies, trust policies, key policies) share: getting and putting statements
by Sid, and deciding whether what is live grants them already.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from reconcile import policy
from reconcile.change import Part, Value, Want
from reconcile.errors import Blocked, PolicyMalformed
from reconcile.references import strings

Policy = dict[str, Any]

_ARN = re.compile(r"arn:([^:]+):")


def get(document: Policy | None, part: Part) -> Value:
    """The statements whose Sids the part names, in normal form; None where there is none of them."""
    partition = _partition(document)
    found = [statement for sid in part.of if (statement := policy.statement_of(document, sid, partition=partition))]
    return found or None


def put(document: Policy | None, part: Part, value: Value) -> Policy | None:
    """The document with these statements in place of those that the part names; None if no statement is left."""
    wanted = {statement["Sid"]: statement for statement in value or []}
    for sid in part.of:
        if sid in wanted:
            document = policy.with_statement(document, wanted[sid])
        elif document is not None:
            document = policy.without_sid(document, sid)
    return document


def others(document: Policy | None, part: Part) -> list[str]:
    """The names of the statements that are not of the part."""
    return [
        policy.statement_name(each, index)
        for index, each in enumerate(policy.statements(document))
        if each.get("Sid") not in part.of
    ]


def together(documents: Iterable[Policy | None]) -> Policy:
    """One document that says what all of these say."""
    return {"Version": "2012-10-17", "Statement": [each for one in documents for each in policy.statements(one)]}


def aim(document: Policy | None, want: Want) -> Value:
    """What the part holds now if everything it wants is granted already, by whomever; else the want's statements.

    Raises Blocked where a statement of the document denies what is wanted: no further Allow could help.
    """
    needs = [policy.Need.of(statement) for statement in want.value]
    for need in needs:
        if denying := policy.forbidding(document, need, known=want.known):
            raise Blocked(
                f"{denying[0]} of the policy denies it, and a Deny outweighs every Allow: change that statement first"
            )
    if any(policy.uncovered(document, need, known=want.known) for need in needs):
        return want.value
    return get(document, want.part)


def wider(document: Policy | None, value: Value) -> tuple[str, ...]:
    """One note for each statement that grants more than is wanted: told, never narrowed."""
    needs = [policy.Need.of(statement) for statement in value or []]
    names = sorted({name for need in needs for name in policy.wider(document, need)})
    return tuple(f"{name} grants more than is wanted; it is left as it is" for name in names)


def refuse_oversized(document: Policy | None, limit: int, what: str) -> None:
    """Raise Blocked where AWS would refuse the document for its size."""
    if document is not None and (size := policy.size(document)) > limit:
        raise Blocked(f"{what} would be {size} characters, and AWS takes {limit}: shorten what is in it first")


def _partition(document: Policy | None) -> str:
    """The partition of the document's ARNs: AWS may show an account by its id alone, which is of the same one."""
    return next((found[1] for _, each in strings(document) if (found := _ARN.match(each))), "aws")


def savable(document: Policy | None) -> Policy | None:
    """The document without the ids of deleted principals, which AWS refuses to save again."""
    return None if document is None else policy.without_dead_principals(document)


def dead_notes(document: Policy | None) -> tuple[str, ...]:
    """One note for each deleted principal that a write has to drop."""
    return tuple(
        f"{principal} is what AWS left of a deleted principal: it grants nothing, and is dropped with this write"
        for principal in policy.dead_principals(document)
    )


def parsed(document: str | Mapping[str, Any]) -> Policy:
    """The document AWS gave; raises Blocked, with line and column, where it cannot be understood and so not edited."""
    try:
        return policy.parse(document)
    except PolicyMalformed as error:
        raise Blocked(f"the live policy cannot be edited safely: {error}") from error


def text(document: Policy) -> str:
    """The document as AWS takes it: JSON without white space, ``Version`` first (old parsers want it there)."""
    ordered = {"Version": document.get("Version", "2008-10-17"), **document}
    return json.dumps(ordered, separators=(",", ":"))
