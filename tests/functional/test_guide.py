"""The guide of the library: its programs run, print what it says, and no public name is left out."""

import re
from pathlib import Path

import pytest

import reconcile

GUIDE = (Path(__file__).parents[2] / "docs" / "guide.md").read_text(encoding="utf-8")


def test_the_programs_of_the_guide_print_what_it_says(desk, capsys):
    steps = re.findall(r"```python\n(.*?)```.*?```text\n(.*?)```", GUIDE, re.DOTALL)
    assert len(steps) == GUIDE.count("```python")
    assert len([line for line in steps[0][0].splitlines() if line]) <= 10
    names = {}
    for program, printed in steps:
        exec(compile(program, "docs/guide.md", "exec"), names)  # noqa: S102  it is ours
        assert capsys.readouterr().out == printed
    document = desk.accounts.client("dev", "s3").get_bucket_policy(Bucket="codepipeline-us-east-1-0123456789")
    assert "222222222222" not in document["Policy"]


@pytest.mark.parametrize("name", reconcile.__all__)
def test_a_public_name_is_documented(name):
    assert (getattr(reconcile, name).__doc__ or "").rstrip().endswith("."), name
    assert re.search(rf"^\| `{name}\b", GUIDE, re.MULTILINE), name


def test_the_library_is_small_and_the_guide_names_nothing_else():
    assert len(reconcile.__all__) <= 25
    assert set(re.findall(r"^\| `(\w+)", GUIDE, re.MULTILINE)) == set(reconcile.__all__)
