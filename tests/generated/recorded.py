"""The generated cases with what evaluators by other people say of them, corrected where AWS's documentation does."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from generated.cases import Case, cases
from reconcile.policy.request import Answer

FOLDER = Path(__file__).parent.parent / "cases" / "evaluation" / "oracle"
ANSWERS = {"A": Answer.ALLOWED, "D": Answer.DENIED, "U": Answer.UNKNOWN}


@cache
def record() -> dict[str, Any]:
    """What tests/oracle/record.py wrote."""
    found: dict[str, Any] = json.loads((FOLDER / "verdicts.json").read_text())
    return found


@cache
def made() -> list[Case]:
    """The cases, made anew."""
    return cases(record()["seed"], record()["count"])


def exceptions() -> list[dict[str, Any]]:
    """Where an evaluator is wrong."""
    return list(tomllib.loads((FOLDER / "exceptions.toml").read_text())["exception"])


def letters(index: int) -> dict[str, str]:
    """What each evaluator that decided says of a case, by its name without version."""
    said = {name.split(" ")[0]: verdicts[index] for name, verdicts in record()["verdicts"].items()}
    return {name: letter for name, letter in said.items() if letter in ANSWERS}


def expected() -> list[Answer]:
    """The right answer to each case."""
    settled = {
        case: each["right"] if each["right"] in ANSWERS else letters(case)[each["right"]]
        for each in exceptions()
        for case in each["cases"]
    }
    said = [settled.get(index) or next(iter(letters(index).values())) for index in range(record()["count"])]
    return [ANSWERS[letter] for letter in said]
