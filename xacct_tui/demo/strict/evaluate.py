"""Who may do what, by IAM's rules as far as the embedded accounts need them.

Written apart from the library's own evaluation, so that the two can prove each other wrong. A condition whose
operator or key is not known here is not met: such a statement neither allows nor denies.
Source: IAM user guide, policy evaluation logic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from xacct_tui.demo.call import Caller
from xacct_tui.demo.strict import state

Verdict = Literal["allow", "deny", "none"]
Grant = Literal["caller", "account", "nobody"]


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a role (or its session, or an AWS service) may do ``action`` on ``resource``."""

    role_arn: str
    action: str
    resource: str
    session_arn: str = ""
    service: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    """Further condition keys, in lower case, and what they hold."""

    @classmethod
    def of(cls, caller: Caller, action: str, resource: str) -> Question:
        """The caller's question."""
        return cls(caller.role_arn, action, resource, session_arn=caller.arn)

    @property
    def context(self) -> dict[str, str]:
        """What condition keys hold."""
        return {
            "aws:principalarn": self.role_arn,
            "aws:principalaccount": state.account_of(self.role_arn),
            "kms:calleraccount": state.account_of(self.role_arn),
            "aws:securetransport": "true",
            **dict(self.keys),
        }


def identity(question: Question) -> Verdict:
    """What the role's (or user's) own policies say; a role that does not exist may nothing."""
    role = state.role_at(question.role_arn) or state.user_at(question.role_arn)
    documents = state.identity_policies(role) if role else []
    met = [item for document in documents for item in statements(document) if _applies(item, question)]
    return _verdict(item["Effect"] for item in met)


def resource_based(document: Mapping[str, Any], question: Question) -> tuple[Verdict, bool]:
    """What a policy on a resource says, and whether it names the caller itself rather than its whole account."""
    met = [
        (item["Effect"], named)
        for item in statements(document)
        if (named := _names(item.get("Principal"), question)) != "nobody" and _applies(item, question)
    ]
    direct = any(effect == "Allow" and named == "caller" for effect, named in met)
    return _verdict(effect for effect, _ in met), direct


def may(question: Question, document: Mapping[str, Any] | None, owner: str) -> bool:
    """Both sides together: ``document`` is on a resource of the account ``owner`` (None: there is none).

    Within the account either side suffices (a grant to the account alone delegates to IAM); across accounts both
    must allow.
    """
    own = identity(question)
    theirs, direct = resource_based(document, question) if document else ("none", False)
    if "deny" in (own, theirs):
        return False
    if state.account_of(question.role_arn) == owner:
        return own == "allow" or direct
    return own == "allow" and theirs == "allow"


def governed(document: Mapping[str, Any], question: Question, owner: str) -> bool:
    """Both sides together where the resource's own policy must take part: of keys, and of roles as their trust.

    Within the account a grant to the caller itself is enough; a grant to the account leaves it to its policies.
    """
    own = identity(question)
    theirs, direct = resource_based(document, question)
    if "deny" in (own, theirs) or theirs == "none":
        return False
    return own == "allow" or (direct and state.account_of(question.role_arn) == owner)


def statements(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The statements, as a list also where there is only one."""
    return [dict(item) for item in listed(document.get("Statement", []))]


def listed(value: Any) -> list[Any]:
    """A value or a list of values, as a list."""
    return value if isinstance(value, list) else [value]


def _verdict(effects: Iterable[str]) -> Verdict:
    found = set(effects)
    return "deny" if "Deny" in found else "allow" if "Allow" in found else "none"


def _names(principal: Any, question: Question) -> Grant:
    if principal == "*":
        return "caller"
    named = principal or {}
    if question.service and question.service in listed(named.get("Service", [])):
        return "caller"
    people = listed(named.get("AWS", []))
    if "*" in people or question.role_arn in people or question.session_arn in people:
        return "caller"
    account = state.account_of(question.role_arn)
    return "account" if account in people or f"arn:aws:iam::{account}:root" in people else "nobody"


def _applies(item: Mapping[str, Any], question: Question) -> bool:
    return (
        _covers(item, "Action", question.action, flags=re.IGNORECASE)
        and _covers(item, "Resource", question.resource, flags=0)
        and _conditions_met(item.get("Condition") or {}, question.context)
    )


def _covers(item: Mapping[str, Any], element: str, value: str, *, flags: int) -> bool:
    excluded = item.get(f"Not{element}")
    if excluded is not None:
        return not any(like(pattern, value, flags) for pattern in listed(excluded))
    wanted = item.get(element)
    return wanted is None or any(like(pattern, value, flags) for pattern in listed(wanted))


def like(pattern: str, value: str, flags: int = 0) -> bool:
    """IAM's wildcards: ``*`` any characters, ``?`` one."""
    return _compiled(str(pattern), flags).fullmatch(value) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str, flags: int) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), flags | re.DOTALL)


def _conditions_met(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    return all(
        _condition_met(operator, context.get(key.lower()), [str(value) for value in listed(values)])
        for operator, block in conditions.items()
        for key, values in block.items()
    )


def _condition_met(operator: str, found: str | None, wanted: list[str]) -> bool:
    if found is None:
        return operator == "StringNotEquals"
    match operator:
        case "StringEquals" | "ArnEquals" if not any("*" in value for value in wanted):
            return found in wanted
        case "StringLike" | "ArnLike" | "ArnEquals":
            return any(like(value, found) for value in wanted)
        case "StringNotEquals":
            return found not in wanted
        case "Bool":
            return found in {value.lower() for value in wanted}
    return False
