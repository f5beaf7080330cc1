"""One entry of the catalogue: a cause of failure, as data, and the function that sees it.

A function looks at a :class:`reconcile.proof.checks.subject.Subject` and yields what it found. Where the subject cannot
answer, because a document could not be read, it raises; what that means is decided in one place, for all checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reconcile.proof.checks.subject import Subject
from reconcile.proof.values import Severity, Verdict

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was found, as one line: in which document, where in it, what stands there."""

    account: str
    """The account's name in the TOML, or its id where it has none."""
    line: str
    about: str = ""
    """The ARN of the role, key or bucket whose documents show it: two checks that name the same one may mean the same
    thing, and then the more specific of them tells it."""
    slugs: tuple[str, ...] | None = None
    """The changes that repair just this; None: those of the check."""
    verdict: Verdict = Verdict.FAIL
    severity: Severity | None = None
    """Where it is worse or better than the check in general."""
    cause: str = ""
    """Words of the error that others run into because of this: what is unknown to them by it is not told again."""


Find = Callable[[Subject], Iterable[Evidence]]


@dataclass(frozen=True, slots=True)
class Check:
    """One cause of failure, and how it is seen."""

    id: str
    severity: Severity
    sentence: str
    fix: str
    symptom: str
    """What the user would see, in AWS's words where they are known."""
    find: Find
    slugs: tuple[str, ...] = ()
    """The changes that repair it, where a plan can hold them."""
    rather_than: tuple[str, ...] = ()
    """The more general checks that see the same thing without telling why: their evidence about what this one tells
    is left out."""


def check(
    id_: str,
    severity: Severity,
    sentence: str,
    *,
    fix: str,
    symptom: str,
    slugs: tuple[str, ...] = (),
    rather_than: tuple[str, ...] = (),
) -> Callable[[Find], Check]:
    """Make the function a check: its entry in the catalogue stands above it."""

    def entered(find: Find) -> Check:
        return Check(id_, severity, sentence, fix, symptom, find, slugs, rather_than)

    return entered
