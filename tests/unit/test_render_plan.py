"""Plans as text and Markdown: each case is a plan as a table, beside the texts to be shown for it."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from reconcile.change import AccountSeen, Action, Address, Change, Grant, Part, Plan
from reconcile.plan_json import plan_from_json, plan_to_json
from xacct_tui.render.markdown import LIMIT, plan_markdown
from xacct_tui.render.plain import plain
from xacct_tui.render.text import plan_text

FOLDER = Path(__file__).parents[1] / "cases" / "render"
PLANS = sorted(path.stem for path in (FOLDER / "plans").glob("*.toml"))
HOSTILE = tomllib.loads((FOLDER / "hostile.toml").read_text(encoding="utf-8"))["texts"]


def table(name: str) -> dict:
    return tomllib.loads((FOLDER / "plans" / f"{name}.toml").read_text(encoding="utf-8"))


def plan_of(rows: dict) -> Plan:
    accounts = tuple(
        AccountSeen(row["name"], row["id"], "us-east-1", row.get("caller"), row.get("problem", ""))
        for row in rows.get("accounts", [])
    )
    changes = tuple(change_of(dict(row)) for row in rows.get("changes", []))
    return Plan("2026-01-02T03:04:05Z", "sha", accounts, changes)


def change_of(row: dict) -> Change:
    account = row.pop("account", "dev")
    resource = row.pop("resource")
    return Change(
        deployment=row.pop("deployment", "website"),
        slug=row.pop("slug"),
        address=Address(account, "us-east-1", "any", resource),
        account_id={"dev": "111111111111", "prod": "222222222222"}[account],
        part=Part(row.pop("part")),
        action=Action(row.pop("action")),
        title=row.pop("title"),
        before=json.loads(row.pop("before", "null")),
        after=json.loads(row.pop("after", "null")),
        grants=tuple(Grant(who, tuple(what), on) for who, what, on in row.pop("grants", [])),
        **{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()},
    )


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_as_text(name):
    rows = table(name)
    shown = plan_text(plan_of(rows), colour=False, width=rows.get("width", 120))
    assert shown == (FOLDER / "plans" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_as_markdown(name):
    assert plan_markdown(plan_of(table(name))) == (FOLDER / "plans" / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PLANS)
def test_colour_says_nothing_that_the_text_does_not(name):
    plan = plan_of(table(name))
    coloured, bare = (plan_text(plan, colour=colour, width=90) for colour in (True, False))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == bare


def hostile_plan(text: str) -> Plan:
    """Put the text wherever a name or a message of somebody else may stand."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": text, text: text},
        "Action": [text],
        "Resource": text,
        "Condition": {text: {text: [text]}},
    }
    change = Change(
        text,
        "deploy-role",
        Address(text, text, text, text),
        text,
        Part(text),
        Action.UPDATE,
        text,
        {text: text, "a": [statement], "b": [text]},
        {
            text: {text: [text, 1]},
            "a": [{**statement, "Effect": text}],
            "stages": [{"name": text, "x": text}],
        },
        reason=text,
        requires=(f"{text}/deploy-role",),
        effects=(text,),
        irreversible_reason=text,
        grants=(Grant(text, (text,), text),),
        notes=(text,),
    )
    unchanged = replace(change, slug="trust-policy", action=Action.NONE, notes=(), before=1, after=1)
    return Plan(text, text, (AccountSeen(text, text, text, text, text),), (change, unchanged))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_does_nothing_to_a_terminal(text):
    shown = plan_text(hostile_plan(text), colour=False, width=100)
    assert [character for character in shown if character != "\n" and plain(character) != character] == []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_does_not_break_out_of_markdown(text):
    shown = plan_markdown(hostile_plan(text))
    # blocks are literal: what is outside of them must hold no live character of Markdown, HTML or GitHub
    outside = re.sub(r"(?ms)^(`{3,})diff\n.*?^\1$", "", shown)
    ours = re.sub(r"</?(details|summary|code)>|&#\d+;|`[-+~=!?]`|\*\*|^\|---.*|^- ", "", outside, flags=re.MULTILINE)
    assert re.findall(r"[<>`*\[\]@#&$\\_:]", ours) == []
    rows = [line for line in outside.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {6}
    assert shown.count("<details>") == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_survives_json(text):
    plan = hostile_plan(text)
    document = json.dumps(plan_to_json(plan, "0.1.0"))
    assert document.isascii()
    assert plan_from_json(document) == plan


@pytest.mark.parametrize("size", [100, 2_000])
def test_a_comment_is_never_too_long_and_says_what_it_lacks(size):
    plan = plan_of(table("half-done"))
    many = [replace(change, deployment=f"d{at}") for at in range(size) for change in plan.changes]
    shown = plan_markdown(replace(plan, changes=tuple(many)))
    assert len(shown) <= LIMIT
    assert re.search(r"_\d+ rows and details are left out", shown)
    assert shown.count("<details>") == shown.count("</details>")


def test_one_long_value_does_not_hide_the_others():
    plan = plan_of(table("half-done"))
    first, *others = (change for change in plan.changes if change.action is Action.UPDATE)
    shown = plan_markdown(replace(plan, changes=(replace(first, reason="x" * LIMIT), *others)))
    assert shown.count("<details>") == len(others)
    assert "2 rows and details are left out" in shown
