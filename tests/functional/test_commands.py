"""What would be called, written down: the printed commands are what AWS has to be told."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name

import reconcile
from checkpoint import SCENARIOS
from library import LIBRARY
from reconcile import Action, Change, Clients, Config, Plan, Result
from reconcile.engine import Draft, commands
from reconcile.errors import Blocked, Stale
from xacct_tui import cli
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.render.aws_commands import aws_commands, drafts_text
from xacct_tui.terminal import Terminal

CONFIGS = Path(__file__).parents[2] / "config"
WRITES = re.compile("Create|Put|Update|Delete|Attach|Detach|Set|Tag|Enable|Disable|Schedule|Remove")


class Cli:
    """Reads printed commands as the AWS CLI does, and makes the calls with boto3."""

    def __init__(self, accounts: EmbeddedAccounts) -> None:
        self.accounts = accounts

    def run(self, text: str) -> int:
        """Run them all; how many there were."""
        commands = [words for words in map(_words, text.replace("\\\n", " ").splitlines()) if words]
        for words in commands:
            self._run(words)
        return len(commands)

    def _run(self, words: list[str]) -> None:
        program, service, operation, *options = words
        assert program == "aws"
        given = _options(options)
        client = self.accounts.client(given.pop("profile"), {"s3api": "s3"}.get(service, service), given.pop("region"))
        method = operation.replace("-", "_")
        shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape
        parameters = json.loads(given.pop("cli-input-json", "{}"))
        members = {xform_name(name, "-"): (name, each.type_name) for name, each in shape.members.items()}
        for option, value in given.items():
            name, type_name = members[option.removeprefix("no-") if isinstance(value, bool) else option]
            parameters[name] = int(value) if type_name == "integer" else value
        getattr(client, method)(**parameters)


def _words(line: str) -> list[str]:
    return shlex.split(line, comments=True)


def _options(words: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while words:
        name, *words = words
        assert name.startswith("--"), name
        if not words or words[0].startswith("--"):
            found[name[2:]] = not name.startswith("--no-")
        else:
            found[name[2:]], *words = words
    return found


class World:
    """Two accounts, and nothing but reads by the library."""

    def __init__(self, accounts: EmbeddedAccounts, clients: Clients, config: Config) -> None:
        self.accounts, self.clients, self.config = accounts, clients, config
        self.cli = Cli(accounts)

    def plan(self) -> Plan:
        return reconcile.plan(self.config, reconcile.read(self.config, self.clients))

    def drafts(self) -> tuple[Draft, ...]:
        live = reconcile.read(self.config, self.clients)
        return reconcile.drafts(reconcile.plan(self.config, live).pending, self.clients, live)

    def print(self, change: Change) -> str:
        return aws_commands(commands(change, self.clients), self.config)


@pytest.fixture
def world(accounts: EmbeddedAccounts, request: pytest.FixtureRequest) -> Iterator[World]:
    config = reconcile.load(CONFIGS / getattr(request, "param", "article.toml"))
    with LIBRARY.connect(config, read_only=True) as clients:
        yield World(accounts, clients, config)


@pytest.mark.parametrize(
    ("world", "scenario"),
    [
        ("article.toml", "half-done"),
        ("article.toml", "empty"),
        ("article.toml", "drifted"),
        ("two-deployments.toml", "empty"),
    ],
    indirect=["world"],
)
def test_every_change_is_made_by_its_printed_commands(world: World, scenario: str) -> None:
    """One change after another, as somebody who prints the commands anew after each."""
    SCENARIOS[scenario](world.accounts)
    plan = world.plan()

    for each in [change.id for change in plan.pending]:
        change = plan[each]
        text = world.print(change)
        while "fill in by hand" in text:
            world.cli.run(text[: text.index("# fill in")])
            change = world.plan()[each]
            again = world.print(change)
            assert again != text
            text = again
        world.cli.run(text)
        plan = world.plan()
        assert plan[each].action is Action.NONE, each

    assert plan.pending == ()


@pytest.mark.parametrize(
    ("world", "scenario"),
    [
        ("article.toml", "half-done"),
        ("article.toml", "empty"),
        ("article.toml", "drifted"),
        ("two-deployments.toml", "empty"),
    ],
    indirect=["world"],
)
def test_all_commands_in_one_go(world: World, scenario: str) -> None:
    """Up to the first blank or problem, then exported again: whole documents are never written over each other."""
    SCENARIOS[scenario](world.accounts)

    for _ in range(10):
        text = drafts_text(world.drafts(), world.config)
        if not world.cli.run(re.split("# fill in|# .*export again", text)[0]):
            break

    assert world.plan().pending == ()


def test_writing_commands_down_writes_nothing(world: World) -> None:
    SCENARIOS["half-done"](world.accounts)
    world.accounts.calls.clear()

    drafts = world.drafts()

    assert all(draft.calls and not draft.problem for draft in drafts)
    assert [call.operation for call in world.accounts.calls if WRITES.match(call.operation)] == []


@pytest.mark.parametrize("scenario", ["half-done", "empty"])
def test_the_way_back_is_printed_too(accounts: EmbeddedAccounts, scenario: str) -> None:
    """What was applied is taken back by commands: the newest first, until nothing of it is left."""
    SCENARIOS[scenario](accounts)
    config = reconcile.load(CONFIGS / "article.toml")
    with LIBRARY.connect(config) as clients, reconcile.open_journal(config) as journal:
        world = World(accounts, clients, config)
        plan = world.plan()
        outcomes = reconcile.apply(plan.pending, plan, clients, journal, pause=lambda _: None)
        assert {outcome.result for outcome in outcomes} == {Result.APPLIED}
        accounts.calls.clear()

        for entry in reversed(journal.entries()):
            text = world.print(entry.change.reverse())
            assert "fill in" not in text
            world.cli.run(text)

        before = {change.id: change.action for change in plan.changes}
        assert {change.id: change.action for change in world.plan().changes} == before


def test_what_others_own_is_not_deleted_by_commands_either(world: World) -> None:
    SCENARIOS["done"](world.accounts)
    taken_away = replace(world.plan()["website/output-access"], after=None)

    with pytest.raises(Blocked, match="it stays"):
        commands(taken_away, world.clients)


def test_commands_of_a_stale_change_are_refused(world: World) -> None:
    SCENARIOS["half-done"](world.accounts)
    taken_away = replace(world.plan()["website/key"], after=None)
    kms = world.accounts.client("dev", "kms")
    kms.disable_key(KeyId=kms.describe_key(KeyId="alias/s3deploykey")["KeyMetadata"]["KeyId"])

    with pytest.raises(Stale):
        commands(taken_away, world.clients)


def call(*argv: str) -> tuple[int, str, str]:
    screen = Terminal(StringIO(), StringIO(), StringIO(), {})
    code = cli.run(argv, screen)
    return code, screen.stdout.getvalue(), screen.stderr.getvalue()


def test_export_prints_what_is_pending(accounts: EmbeddedAccounts) -> None:
    SCENARIOS["half-done"](accounts)
    accounts.calls.clear()
    config = ("--config", str(CONFIGS / "article.toml"))

    code, whole, err = call("--export", "cli", *config)
    assert (code, err) == (0, "")
    assert "# website/deploy-role in prod (222222222222)\naws iam create-role" in whole
    _, one, _ = call("--export", "cli", *config, "--only", "*/deploy-role")
    assert one.count("\naws ") == 1
    _, own, _ = call("--export", "cli", *config, "--account", "prod")
    assert "--profile dev" not in own
    assert "--profile prod" in own
    _, lent, _ = call("--export", "cli", *config, "--profile", "prod=dev", "--account", "dev")
    assert "--profile prod" not in lent
    assert [one.operation for one in accounts.calls if WRITES.match(one.operation)] == []

    Cli(accounts).run(whole)
    code, rest, _ = call("--export", "cli", *config)
    assert (code, rest) == (0, "# nothing to apply; --plan shows where things stand\n")


def test_export_wants_to_know_as_what() -> None:
    code, out, err = call("--export")
    assert (code, out) == (1, "")
    assert "--export" in err
