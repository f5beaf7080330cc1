"""Every sort of wrong TOML is refused, saying where, what was found and what is allowed."""

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconcile.desired.diagnosis import diagnose
from reconcile.errors import ConfigError
from reconcile.toml import load, loads

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests/cases/desired"
BASE = (CASES / "base.toml").read_text()
BAD = tomllib.loads((CASES / "bad.toml").read_text())["case"]
SCHEMA = Draft202012Validator(json.loads((ROOT / "config/schema.json").read_text()))


def text_of(case):
    if "repeat" in case:
        start, part, times, *end = case["repeat"]
        return start + part * times + "".join(end)
    if "numbered" in case:
        start, part, times, end = case["numbered"]
        return start + ", ".join(part.format(number) for number in range(times)) + end
    return case["text"]


def broken(case):
    lines = BASE.splitlines()
    lines[case["at"] - 1 : case["at"]] = [text_of(case)]
    return "\n".join(lines) + "\n"


def refused(call):
    with pytest.raises(ConfigError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["name"])
def test_bad_toml_is_refused(case):
    error = refused(lambda: loads(broken(case), "xacct.toml"))
    assert [[one.line, one.key] for one in error.problems] == [expect[:2] for expect in case["expect"]], str(error)
    for one, (_, _, found, allowed) in zip(error.problems, case["expect"], strict=True):
        assert found in one.found
        assert allowed in one.allowed
    assert all(character.isprintable() for line in str(error).split("\n") for character in line)
    assert len(str(error).split("\n")) == len(error.problems)


@pytest.mark.parametrize("case", [case for case in BAD if case.get("schema")], ids=lambda case: case["name"])
def test_the_schema_alone_refuses_it(case):
    assert not SCHEMA.is_valid(tomllib.loads(broken(case)))


def test_the_base_of_the_cases_is_good():
    assert loads(BASE, "xacct.toml").deployments["website"].source.bucket == "codepipeline-input-bucket"
    assert SCHEMA.is_valid(tomllib.loads(BASE))


def places(table, path=()):
    yield path
    if isinstance(table, dict):
        for key, value in table.items():
            yield from places(value, (*path, key))


def replaced(table, path, value):
    if not path:
        return value
    return table | {path[0]: replaced(table[path[0]], path[1:], value)}


COMPLETE = tomllib.loads((ROOT / "config/complete.toml").read_text())
STRAYS = [1, 1.5, True, "", "x", [], [1], ["x"], {}, {"x": 1}, {"x": {}}, date(2026, 1, 1)]


@pytest.mark.parametrize("path", [path for path in places(COMPLETE) if path], ids=".".join)
def test_any_value_anywhere_is_taken_or_told_in_plain_words(path):
    for stray in STRAYS:
        for problem in diagnose(replaced(COMPLETE, path, stray)):
            assert problem.key
            assert problem.found
            assert problem.allowed


@pytest.mark.parametrize(
    ("content", "line", "found"),
    [
        (None, 0, "No such file or directory"),
        (b"[accounts.dev]\nid = '\xff'\n", 2, "the byte 0xFF"),
        (b"# " + b"x" * (1 << 20), 0, "more than 1 MiB"),
        (b"", 0, "nothing"),
    ],
    ids=["missing", "latin-1", "huge", "empty"],
)
def test_unusable_files(tmp_path, content, line, found):
    path = tmp_path / "xacct.toml"
    if content is not None:
        path.write_bytes(content)
    problem = refused(lambda: load(path)).problems[0]
    assert (problem.file, problem.line) == (str(path), line)
    assert found in problem.found


@pytest.mark.parametrize("path", ["/", "a\0b"], ids=["folder", "NUL"])
def test_unusable_paths(path):
    assert refused(lambda: load(path)).problems[0].allowed == "a file that can be read"


def test_half_a_surrogate_pair_is_refused():
    problem = refused(lambda: loads(BASE + '# "\udc80"', "xacct.toml")).problems[0]
    assert (problem.line, problem.allowed) == (16, "text in UTF-8")
