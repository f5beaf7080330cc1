"""A call to the embedded AWS, the answer to it, and the refusal of it: plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a role session. ``role_arn`` is the IAM role behind it, with its path."""

    account: str
    arn: str
    role_arn: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Call:
    """One API call. ``account`` is the id whose resources are meant: the caller's, unless a rule says otherwise."""

    caller: Caller
    account: str
    region: str
    service: str
    operation: str
    parameters: Mapping[str, Any]

    @property
    def name(self) -> str:
        """As in IAM policies: ``iam:GetRole``."""
        return f"{self.service}:{self.operation}"

    def having(self, **parameters: Any) -> Call:
        """The same call with these parameters replaced."""
        return replace(self, parameters={**self.parameters, **parameters})


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def json(self) -> dict[str, Any]:
        """The body of a JSON service's answer; ``{}`` where there is none."""
        return dict(json.loads(self.body or b"{}"))

    def with_json(self, document: Mapping[str, Any]) -> Response:
        """The same answer with another JSON body."""
        kept = tuple(item for item in self.headers if item[0].lower() != "content-length")
        return replace(self, headers=kept, body=json.dumps(document).encode())


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call as the tests see it: the account by its name."""

    account: str
    service: str
    operation: str
    parameters: Mapping[str, Any] = field(hash=False)

    @property
    def name(self) -> str:
        """``iam:GetRole``."""
        return f"{self.service}:{self.operation}"


class Refusal(Exception):
    """AWS's refusal of a call: its code on the wire, its message, its HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400, headers: Mapping[str, str] | None = None) -> None:
        self.code, self.message, self.status, self.headers = code, message, status, dict(headers or {})
        super().__init__(f"{code}: {message}")


class Cut(Exception):
    """The connection ends here, without an answer."""
