"""One request to AWS, every policy that has a say in it, and what they decide: the values of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reconcile.policy.normal import Document

Context = Mapping[str, tuple[str | None, ...] | None]
"""Condition key in lower case → its values; None where the request certainly carries no such key, and among the values
where it may carry none.

A key that is not in the mapping is not known: what depends on it cannot be decided. Nor is what a ``*`` in a value
stands for, as in a resource. What follows from the caller and the owner need not be said.
"""


class CallerType(StrEnum):
    """What sort of principal a caller is."""

    ROLE = "role"
    """A session of an IAM role."""
    USER = "user"
    ROOT = "root"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request.

    ``arn`` is the role's or user's own ARN with its path, ``arn:<partition>:iam::<id>:root``, or the service's name
    (``events.amazonaws.com``). ``unique_id`` is ``AROA…`` or ``AIDA…``, empty where it is not known; ``session`` is
    the name of a role's session, empty where it is not known.
    """

    type: CallerType
    arn: str
    unique_id: str = ""
    session: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One action on one resource.

    ``resource`` is an ARN; a ``*`` in it stands for what is not known, such as the name of an object: a statement
    that matches only some of what it may be decides nothing. ``owner`` is the id of the account that owns the
    resource, empty where nobody knows.
    """

    caller: Caller
    action: str
    resource: str
    owner: str
    context: Context = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class HeldPolicy:
    """A policy document where it hangs. ``document`` None: there is none; ``unreadable``: why it was not seen."""

    account: str
    """The account's name in the TOML, or its id where it has none."""
    name: str
    """What a person finds it by: ``policy devkmss3access of role prods3role``, ``key policy of 1234abcd``."""
    document: Document | None = field(hash=False)
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Policies:
    """Every policy that has a say in one request.

    ``scps`` and ``rcps`` are by level, from the organization's root to the account: each level must allow; no level
    at all says that they are taken to allow everything.
    """

    identity: tuple[HeldPolicy, ...] = ()
    """Of the caller: managed and inline, also those of a user's groups."""
    resource: HeldPolicy | None = None
    """Bucket policy, key policy, or trust policy, of the resource."""
    boundary: HeldPolicy | None = None
    session: tuple[HeldPolicy, ...] = ()
    scps: tuple[tuple[HeldPolicy, ...], ...] = ()
    rcps: tuple[tuple[HeldPolicy, ...], ...] = ()


class Answer(StrEnum):
    """What the policies decide."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN = "unknown"


class Side(StrEnum):
    """Which of the policies of :class:`Policies` a reason is about."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    BOUNDARY = "boundary"
    SESSION = "session"
    SCP = "scp"
    RCP = "rcp"


class Effect(StrEnum):
    """What a reason says of its side."""

    ALLOWS = "allows"
    DENIES = "denies"
    """By an explicit Deny."""
    MISSING = "missing"
    """Nothing there allows it, and it would have to."""
    UNKNOWN = "unknown"
    """It depends on what is not known: ``keys``, a name, or a policy that could not be read."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a request was decided as it was: one statement of one policy, or what a side lacks."""

    effect: Effect
    side: Side
    account: str
    policy: str
    """:attr:`HeldPolicy.name`; for MISSING, the policy that would have to say so, empty where there is none."""
    statement: int | None = None
    """The position in the document, from 0."""
    sid: str = ""
    keys: tuple[str, ...] = ()
    """The condition keys whose values are not known, as they are written in the statement."""
    text: str = ""
    """What else a person has to know, as one sentence without a full stop; mostly empty."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, and the reasons that led to it and to nothing else.

    ALLOWED names the statements that allow, on each side that has to; DENIED the statement that denies, or every
    side that lacks; UNKNOWN what is not known, and no side that could not change the answer.
    """

    answer: Answer
    reasons: tuple[Reason, ...]

    def lacks(self, side: Side) -> bool:
        """Whether this side keeps the request from being allowed: it denies, or does not allow as it would have to."""
        return any(reason.side is side and reason.effect in (Effect.DENIES, Effect.MISSING) for reason in self.reasons)
