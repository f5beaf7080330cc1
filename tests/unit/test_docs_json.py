"""The page on the JSON: no field of any document is left out."""

import re
from pathlib import Path

import pytest

import made_up_proof as made_up
from reconcile.change import Plan
from screens.made_up import CHANGES, entry
from xacct_tui.render.history import history_json
from xacct_tui.render.proof_json import check_to_json

NAMED = set(re.findall(r"`(\w+)`", (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")))
PLAN = Plan("2026-11-25T09:00:00Z", "sha", made_up.ACCOUNTS, CHANGES)
DOCUMENTS = {
    "check": check_to_json(PLAN, made_up.PROOF, "0.1.0", {each.change: each for each in made_up.PROVEN}),
    "history": history_json([entry(1, CHANGES[0])]),
}
_BY_NAME = {"accounts", "context", "before", "after", "tags"}
"""What stands under names, or values, of one's own."""


def keys(value, above=""):
    if isinstance(value, dict):
        for key, each in value.items():
            if above not in _BY_NAME:
                yield key
            yield from keys(each, "" if above in _BY_NAME else key)
    elif isinstance(value, list):
        for each in value:
            yield from keys(each)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_field_is_told(name):
    assert set(keys(DOCUMENTS[name])) - NAMED == set()
