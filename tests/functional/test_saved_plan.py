"""``--plan --out`` and ``--apply --plan-file``: exactly what was reviewed, or a refusal that says why not."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from checkpoint import SCENARIOS
from xacct_tui import cli
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.scenarios import deploy_action_rewritten, rule_disabled, versioning_suspended
from xacct_tui.terminal import Terminal

ARTICLE = Path(__file__).parents[2] / "config" / "article.toml"
Program = Callable[..., tuple[int, str, str]]


@pytest.fixture
def program(accounts: EmbeddedAccounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """The program in a folder with the article's configuration, on the complete set-up."""
    SCENARIOS["done"](accounts)
    shutil.copy(ARTICLE, tmp_path / "xacct.toml")
    monkeypatch.chdir(tmp_path)

    def run(*argv: str) -> tuple[int, str, str]:
        terminal = Terminal(io.StringIO(), io.StringIO(), io.StringIO())
        code = cli.run(argv, terminal)
        return code, terminal.stdout.getvalue(), terminal.stderr.getvalue()

    return run


def _key(accounts: EmbeddedAccounts, key: str | None) -> None:
    """Name another key in the pipeline, or none."""
    client = accounts.client("dev", "codepipeline")
    declared = client.get_pipeline(name=doc.PIPELINE)["pipeline"]
    declared["artifactStore"].pop("encryptionKey", None)
    if key:
        declared["artifactStore"]["encryptionKey"] = {"id": key, "type": "KMS"}
    client.update_pipeline(pipeline=declared)


def test_exactly_the_saved_changes_are_made(accounts: EmbeddedAccounts, program: Program) -> None:
    versioning_suspended(accounts)
    assert program("--plan", "--out", "plan.json")[0] == 2
    rule_disabled(accounts)

    code, out, err = program("--apply", "--plan-file", "plan.json", "--yes")

    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "1 applied."
    code, out, _ = program("--plan")
    assert code == 2
    assert "website/trigger" in out
    assert "website/input-versioning" not in out
    assert program("--apply", "--plan-file", "plan.json", "--yes")[1].splitlines()[-1] == "1 already."


def test_a_plan_of_another_configuration_is_refused(accounts: EmbeddedAccounts, program: Program) -> None:
    versioning_suspended(accounts)
    program("--plan", "--out", "plan.json")
    with Path("xacct.toml").open("a") as config:
        config.write('tags = { team = "web" }\n')
    accounts.calls.clear()

    code, out, err = program("--apply", "--plan-file", "plan.json", "--yes")

    assert (code, out, accounts.calls) == (1, "", [])
    (line,) = err.splitlines()
    assert "the plan was made from another configuration than xacct.toml holds now" in line


def test_a_value_that_changed_since_is_stale_and_shown(accounts: EmbeddedAccounts, program: Program) -> None:
    _key(accounts, None)
    program("--plan", "--out", "plan.json")
    alias = "arn:aws:kms:us-east-1:111111111111:alias/s3deploykey"
    _key(accounts, alias)

    code, out, _ = program("--apply", "--plan-file", "plan.json", "--yes")

    assert code == 1
    told = [line.split() for line in out.splitlines()]
    assert ["planned", "from", "nothing"] in told
    assert ["found", alias] in told
    assert [line[1][: len("arn:aws:kms:us-east-1:111111111111:key/")] for line in told if line[0] == "wanted"] == [
        "arn:aws:kms:us-east-1:111111111111:key/"
    ]
    declared = accounts.client("dev", "codepipeline").get_pipeline(name=doc.PIPELINE)["pipeline"]
    assert declared["artifactStore"]["encryptionKey"]["id"] == alias


def test_effects_that_a_saved_plan_lists_are_allowed(accounts: EmbeddedAccounts, program: Program) -> None:
    deploy_action_rewritten(accounts)
    execution = accounts.execution(doc.PIPELINE, "InProgress")
    program("--plan", "--out", "plan.json")

    code, _, err = program("--apply", "--yes")
    assert code == 1
    assert (
        f"add --allow-effects to go ahead:\nxacct-tui:   website/deploy-action-role: stops execution {execution}" in err
    )

    assert program("--apply", "--plan-file", "plan.json", "--yes")[0] == 0
    summaries = accounts.client("dev", "codepipeline").list_pipeline_executions(pipelineName=doc.PIPELINE)
    status = {each["pipelineExecutionId"]: each["status"] for each in summaries["pipelineExecutionSummaries"]}
    assert status[execution] in {"Stopped", "Stopping"}


def test_effects_that_it_does_not_list_are_refused(accounts: EmbeddedAccounts, program: Program) -> None:
    deploy_action_rewritten(accounts)
    program("--plan", "--out", "plan.json")
    execution = accounts.execution(doc.PIPELINE, "InProgress")

    code, out, _ = program("--apply", "--plan-file", "plan.json", "--yes")

    assert code == 1
    assert f"stops execution {execution}" in out


def test_a_document_of_a_kind_that_is_not_known_is_refused_by_name(
    accounts: EmbeddedAccounts, program: Program, tmp_path: Path
) -> None:
    versioning_suspended(accounts)
    program("--plan", "--out", "plan.json")
    saved = tmp_path / "plan.json"
    saved.write_text(saved.read_text().replace("bucket-versioning", "bucket-lifecycle"))

    code, out, err = program("--apply", "--plan-file", "plan.json", "--yes")

    assert (code, err) == (1, "")
    assert "documents of the kind 'bucket-lifecycle' are unknown to this version" in out
