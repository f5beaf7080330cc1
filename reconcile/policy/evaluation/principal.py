"""Whether a Principal or NotPrincipal element names the caller, and as what.

IAM user guide, reference_policies_elements_principal and reference_policies_elements_notprincipal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from reconcile.policy.evaluation.truth import Truth, Unknown, any_of
from reconcile.policy.normal import listed
from reconcile.policy.request import Caller, CallerType


class Grade(Enum):
    """As what a caller is named: it decides which implicit denials limit the grant."""

    DIRECT = "direct"
    """Itself: user, session, service, or everyone."""
    ROLE = "role"
    """By its role."""
    ACCOUNT = "account"
    """By its account, which leaves it to its own policies."""


Grades = Mapping[Grade, Truth]

_ARN = re.compile(r"arn:([^:]+):iam::(\d{12}):(?:role/|user/|root$)(.*)")
_UNIQUE_IDS = {CallerType.ROLE: "AROA", CallerType.USER: "AIDA"}
_CANONICAL = Unknown(text="a canonical user id may be that of the caller's account")
_LISTED_IN_PART = Unknown(
    text="NotPrincipal names only some of the caller's account, its role or user, and its session: services differ"
)


@dataclass(frozen=True, slots=True, eq=False)
class Who:
    """A caller, with what its ARN says; equal to itself alone, which is quick."""

    caller: Caller
    partition: str
    account: str
    name: str
    """Without its path; empty for a root user and for a service."""

    @property
    def sessions(self) -> str:
        """What the ARN of every session of the role begins with."""
        return f"arn:{self.partition}:sts::{self.account}:assumed-role/{self.name}/"


@lru_cache(maxsize=4096)
def who(caller: Caller) -> Who:
    """Take a caller's ARN apart."""
    found = _ARN.match(caller.arn)
    partition, account, path = found.groups() if found else ("", "", "")
    return Who(caller, partition, account, path.rpartition("/")[2])


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """The principals that an element names; equal to itself alone, which is quick."""

    aws: frozenset[str]
    services: frozenset[str]
    canonical: bool

    @property
    def everyone(self) -> bool:
        """Whether ``*`` is among them."""
        return "*" in self.aws

    @staticmethod
    def of(element: Any) -> Names:
        """Read a Principal or NotPrincipal element."""
        by_type = {"AWS": element} if isinstance(element, str) else element
        named = {kind: frozenset(_same(name) for name in listed(names)) for kind, names in by_type.items()}
        return Names(named.get("AWS", frozenset()), named.get("Service", frozenset()), bool(named.get("CanonicalUser")))


def _same(name: str) -> str:
    return name.replace("#principal}", "#arn}")


@lru_cache(maxsize=65536)
def grades(names: Names, caller: Who) -> Grades:
    """As what the caller is named; each grade in three values."""
    levels = _levels(names, caller)
    if caller.caller.type in (CallerType.SERVICE, CallerType.ROOT):
        (direct,) = levels
        return {Grade.DIRECT: any_of((names.everyone, direct))}
    account, itself = levels[:2]
    session = levels[2] if caller.caller.type is CallerType.ROLE else itself
    role = itself if caller.caller.type is CallerType.ROLE else False
    return {Grade.DIRECT: any_of((names.everyone, session)), Grade.ROLE: role, Grade.ACCOUNT: account}


@lru_cache(maxsize=65536)
def spared(names: Names, caller: Who, *, bounded: bool) -> Truth:
    """Whether a NotPrincipal with Deny leaves the caller alone: not one who has a permissions boundary."""
    if bounded and caller.caller.type is not CallerType.SERVICE:
        return False
    levels = _levels(names, caller)
    if names.everyone or all(level is True for level in levels):
        return True
    return False if all(level is False for level in levels) else _LISTED_IN_PART


def _levels(names: Names, caller: Who) -> tuple[Truth, ...]:
    """Whether these are named: the account; then the role or user; then the role's session. Of a service itself."""
    if caller.caller.type is CallerType.SERVICE:
        return (caller.caller.arn in names.services or _any_service(names),)
    account = _account(names, caller)
    if caller.caller.type is CallerType.ROOT:
        return (account,)
    itself = any_of((_same(caller.caller.arn) in names.aws, _by_id(names.aws, caller.caller), _not_yet(names.aws)))
    return (
        (account, itself, _session(names.aws, caller)) if caller.caller.type is CallerType.ROLE else (account, itself)
    )


def _any_service(names: Names) -> Truth:
    return (
        Unknown(text="AWS does not say which services a * among the services names") if "*" in names.services else False
    )


def _account(names: Names, caller: Who) -> Truth:
    root = f"arn:{caller.partition}:iam::{caller.account}:root"
    named = bool(caller.account) and (caller.account in names.aws or root in names.aws)
    return named or (_CANONICAL if names.canonical else False)


def _by_id(aws: Iterable[str], caller: Caller) -> Truth:
    """A unique id names nobody but its bearer: also not a new role of the same name."""
    if caller.unique_id:
        return caller.unique_id in aws
    ids = any(name.startswith(_UNIQUE_IDS[caller.type]) for name in aws)
    return Unknown(text="the caller's unique id is not known") if ids else False


def _session(aws: frozenset[str], caller: Who) -> Truth:
    if caller.caller.session:
        return caller.sessions + caller.caller.session in aws
    named = any(name.startswith(caller.sessions) for name in aws)
    return Unknown(text="the name of the role's session is not known") if named else False


def _not_yet(aws: Iterable[str]) -> Truth:
    """A reference to a role that AWS has yet to make may turn out to be the caller's."""
    there = any(name.startswith("${xacct:") for name in aws)
    return Unknown(text="a principal is not known before it is made") if there else False
