"""Editing changes what was asked for, and nothing else."""

import tomllib
from pathlib import Path

import pytest

from reconcile.errors import ConfigError
from reconcile.toml import edit, loads

ROOT = Path(__file__).parents[2]
CASES = tomllib.loads((ROOT / "tests/cases/desired/edits.toml").read_text())["case"]
PRESETS = sorted((ROOT / "config").glob("*.toml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_rest_of_the_file_stays(case):
    before = (ROOT / "config" / case["preset"]).read_text()
    changes = dict(case.get("set", {})) | dict.fromkeys(case.get("remove", []))
    after = edit(before, changes)
    kept, made = before.splitlines(), after.splitlines()
    assert [line for line in kept if line not in made] == case.get("gone", [])
    assert [line for line in made if line not in kept] == case.get("new", [])
    assert [line for line in made if line in kept and line] == [line for line in kept if line in made and line]


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_no_change_is_no_change(path):
    text = path.read_text()
    assert edit(text, {}) == text


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_there_and_back(path):
    text = path.read_text()
    there = edit(text, {"accounts.dev.profile": "other", "read_only": True})
    assert loads(there, "xacct.toml").read_only
    back = edit(there, {"accounts.dev.profile": "dev", "read_only": False})
    assert tomllib.loads(back) == tomllib.loads(text) | {"read_only": False}


def test_a_whole_file_from_nothing():
    raw = tomllib.loads((ROOT / "config/article.toml").read_text())
    assert tomllib.loads(edit("", raw)) == raw


def test_windows_line_ends_stay():
    text = (ROOT / "config/article.toml").read_text().replace("\n", "\r\n")
    after = edit(text, {"accounts.dev.profile": "other", "read_only": True})
    assert after.count("\n") == after.count("\r\n") == text.count("\n") + 1


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"accounts.dev.id": "1"}, 'accounts.dev.id: found "1"'),
        ({"accounts.dev.id": None}, "accounts.dev.id: found nothing"),
        ({"accounts.dev.profle": "x"}, 'did you mean "profile"?'),
        ({"accounts.dev.id.x": "1"}, "found a value at accounts.dev.id"),
        ({"accounts..dev": "1"}, "a dotted key"),
        ({"a = 1\nb": "1"}, "a dotted key"),
        ({"": "1"}, "a dotted key"),
    ],
    ids=str,
)
def test_a_result_that_is_wrong_is_refused(changes, part):
    with pytest.raises(ConfigError) as caught:
        edit((ROOT / "config/article.toml").read_text(), changes)
    assert part in str(caught.value)
