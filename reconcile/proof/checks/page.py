"""The catalogue as a page for people."""

from __future__ import annotations

from collections.abc import Iterator

from reconcile.proof.checks.catalogue import checks, left_out
from reconcile.proof.checks.check import Check

_GROUPS = {
    "K": "The key of the artifacts",
    "R": "Roles and trust",
    "B": "The artifact bucket",
    "D": "The output bucket and the deploy action",
    "S": "The source and what starts the pipeline",
    "P": "The pipeline",
}
_INTRODUCTION = """\
# The checks

A proof looks for these known causes of failure in the live configuration, and tells what it found where. Each is told
once, as what it is: a more general cause is left out where a more specific one explains it. An *error* keeps the
deployment from working; with a *warning* it works, but is open wider than it should be, or breaks by an ordinary event.
Where something that an error would be seen by could not be read, the finding says `unknown`.

This page is made by `make checks`.
"""
_LEFT_OUT = """\
## Not checked

Causes that are known, and that no check looks for.

| id | why |
|---|---|
"""


def page() -> str:
    """Every check with what it says, what repairs it, and what the user would have seen; and those left out."""
    return _INTRODUCTION + "".join(f"\n{part}" for part in (*_groups(), _LEFT_OUT + "".join(_reasons())))


def _groups() -> Iterator[str]:
    for letter, title in _GROUPS.items():
        rows = "".join(_row(each) for each in checks() if each.id.startswith(letter))
        yield f"## {title}\n\n| id | severity | what is wrong | fix | what one sees |\n|---|---|---|---|---|\n{rows}"


def _row(check: Check) -> str:
    changes = f" (`{'`, `'.join(check.slugs)}`)" if check.slugs else ""
    cells = (check.id, str(check.severity), check.sentence, f"{check.fix}{changes}", check.symptom)
    return f"| {' | '.join(_cell(each) for each in cells)} |\n"


def _reasons() -> Iterator[str]:
    return (f"| {id_} | {_cell(why)} |\n" for id_, why in left_out().items())


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
