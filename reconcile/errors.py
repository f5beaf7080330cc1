"""What can go wrong, as a tree.

XacctError                    every expected failure; its text is one clear message for a person
├── ConfigError               the TOML is wrong; nothing was called
├── PolicyMalformed           a policy document is not one; says where
├── PlanFileError             a saved plan cannot be used
├── AwsError                  a call to AWS failed
│   ├── AccessProblem         no credentials, expired ones, or a profile of another account
│   └── InDoubt               a write was sent and its answer never came
├── ReadOnly                  a write was asked of a read-only run
└── Refused                   the engine will not make this change
    ├── Blocked               it cannot be made safely; says what to do first
    ├── Stale                 the live value is not the one the plan was made from
    └── Locked                another process holds the document
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class XacctError(Exception):
    """Every failure that is expected; ``str()`` of it is fit to show to a person."""


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One thing that is wrong in the TOML: where it stands, what was found there, what is allowed."""

    file: str
    line: int
    """Counted from 1; 0 where no line can be named (a key that is missing from an absent table)."""
    key: str
    """Dotted, as in ``deployments.website.output.bucket``; empty for a file that is not TOML."""
    found: str
    allowed: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        key = f"{self.key}: " if self.key else ""
        return f"{place}: {key}found {self.found}; allowed: {self.allowed}"


class ConfigError(XacctError):
    """The TOML cannot be used; carries every problem found, in the order of the file."""

    def __init__(self, *problems: ConfigProblem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class PolicyMalformed(XacctError):
    """A policy document cannot be understood; the text names line and column where there are any."""


class PlanFileError(XacctError):
    """A saved plan cannot be used: not a plan, of another version, or of another set-up."""


class AwsError(XacctError):
    """A call to AWS failed. ``code`` is AWS's own code, ``call`` is ``service:Operation``."""

    def __init__(self, account: str, call: str, code: str, message: str) -> None:
        self.account, self.call, self.code, self.message = account, call, code, message
        super().__init__(": ".join(filter(None, (account, call, code, message))))


class AccessProblem(AwsError):
    """The account cannot be used at all: no or expired credentials, or credentials of another account."""


class InDoubt(AwsError):
    """A write was sent and no answer came: it may or may not have been made."""


class ReadOnly(XacctError):
    """A write was asked for in a run that must not write."""


class Refused(XacctError):
    """The engine will not make this change."""


class Blocked(Refused):
    """The change cannot be made safely; the text says why and what to do first."""


class Stale(Refused):
    """The live value is not the one that the plan was made from; nothing was written."""

    def __init__(self, change_id: str, planned_from: Any, found: Any, wanted: Any) -> None:
        self.change_id, self.planned_from, self.found, self.wanted = change_id, planned_from, found, wanted
        super().__init__(f"{change_id}: changed since it was planned; nothing was written")


class Locked(Refused):
    """Another process holds the lock of this document; the text says who and since when."""
