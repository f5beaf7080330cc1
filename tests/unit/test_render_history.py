"""The history and the outcomes of a run, in every format; hostile texts do nothing in any of them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from reconcile.change import Action, Address, Change, Part
from reconcile.errors import Stale
from reconcile.plan_json import change_from_json
from xacct_tui.render.history import history_json, history_markdown, history_text
from xacct_tui.render.outcomes import outcomes_text
from xacct_tui.render.plain import plain
from xacct_tui.render.words import difference_lines, statement_words

FOLDER = Path(__file__).parents[1] / "cases" / "render"
HOSTILE = tomllib.loads((FOLDER / "hostile.toml").read_text(encoding="utf-8"))["texts"]
WORDS = tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))


def change(text: str = "website") -> Change:
    address = Address("prod", "us-east-1", "trust-policy", "iam:role/prods3role")
    return Change(
        text,
        "trust-policy",
        address,
        "222222222222",
        Part("trust"),
        Action.CREATE,
        f"the trust {text}",
        None,
        [text],
    )


def entry(number: int, text: str = "website", **others: object) -> SimpleNamespace:
    fields = {
        "id": number,
        "run": "run-1",
        "change": change(text),
        "state": "done",
        "began": "2026-01-02T03:04:05Z",
        "ended": "2026-01-02T03:04:06Z",
        "caller": "arn:aws:iam::222222222222:user/kim",
        "detail": "",
        "undoes": None,
        "undone": False,
    }
    return SimpleNamespace(**{**fields, **others})


def outcome(result: str, detail: str = "", error: object = None, text: str = "website") -> SimpleNamespace:
    return SimpleNamespace(change=change(text), result=result, detail=detail, error=error)


def test_history_as_text():
    entries = [
        entry(9, caller="kim", undone=True),
        entry(10, run="run-22", caller="kim", undoes=9, detail="no"),
    ]
    assert history_text(entries, width=80).splitlines() == [
        "run run-1, begun 2026-01-02T03:04:05Z",
        "  prod as kim",
        "  9   done  + website/trust-policy  prod  rolled back since",
        "",
        "run run-22, begun 2026-01-02T03:04:05Z",
        "  prod as kim",
        "  10  done  + website/trust-policy  prod  rolls back 9; no",
    ]


def test_an_empty_history():
    assert history_text([], width=80) == "Nothing was applied yet.\n"
    assert history_json([]) == {"format_version": "1.0", "entries": []}


def test_history_as_json_holds_the_whole_change():
    document = json.loads(json.dumps(history_json([entry(1)])))
    assert change_from_json(document["entries"][0]["change"]) == change()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_harmless(text):
    entries = [entry(1, text, detail=text, caller=text, run=text)]
    stale = Stale(text, {text: [text]}, None, [{"Effect": text, "Principal": {text: text}}])
    outcomes = [outcome("failed", text, None, text), outcome("refused", text, stale, text)]
    shown = history_text(entries, width=80) + outcomes_text(outcomes, width=80)
    assert [character for character in shown if character != "\n" and plain(character) != character] == []
    assert {line.count("|") for line in history_markdown(entries).splitlines()} == {9}


def test_outcomes_are_counted():
    shown = outcomes_text([outcome("applied"), outcome("already"), outcome("failed", "no\nway")], width=80)
    assert shown.splitlines() == [
        "applied  website/trust-policy  the trust website",
        "already  website/trust-policy  the trust website",
        "failed   website/trust-policy  the trust website",
        "           no",
        "           way",
        "1 applied, 1 already, 1 failed.",
    ]


def test_a_stale_change_shows_its_three_values():
    stale = Stale("website/trust-policy", ["a"], ["b", "c"], None)
    shown = outcomes_text([outcome("refused", str(stale), stale)], width=120)
    assert shown.splitlines()[2:5] == [
        "           planned from a",
        "           found        b, c",
        "           wanted       nothing",
    ]


@pytest.mark.parametrize("case", WORDS["statements"], ids=[case["words"] for case in WORDS["statements"]])
def test_a_statement_in_words(case):
    assert statement_words(json.loads(case["statement"])) == case["words"]


@pytest.mark.parametrize("case", WORDS["differences"], ids=[case["name"] for case in WORDS["differences"]])
def test_a_difference_in_words(case):
    lines = difference_lines(json.loads(case["before"]), json.loads(case["after"]), "thing")
    assert [" ".join(line) for line in lines] == case["lines"]
