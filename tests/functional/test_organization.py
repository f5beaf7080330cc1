"""Service and resource control policies: of files, read from AWS Organizations, taken for granted, or not known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from moto.organizations.models import organizations_backends

import reconcile
from reconcile.errors import ConfigError
from reconcile.policy.evaluation import evaluate
from reconcile.policy.request import Answer, Caller, CallerType, HeldPolicy, Policies, Request
from reconcile.proof.looking import for_proof
from reconcile.proof.organization import Levels, Organization, files, known
from reconcile.proof.world import World
from xacct_tui.demo.accounts import EmbeddedAccounts

ALL = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
DENY = {"Statement": [{"Effect": "Deny", "Action": "kms:*", "Resource": "*"}]}
BASE = (Path(__file__).parents[2] / "tests/cases/desired/base.toml").read_text()
COMPLETE = Path(__file__).parents[2] / "config" / "complete.toml"
Organized = Callable[[str], Organization]


@pytest.fixture
def written(tmp_path: Path) -> Organized:
    """The organization as a TOML says it, with nothing read."""

    def organized(proof: str) -> Organization:
        path = tmp_path / "xacct.toml"
        path.write_text(f"{BASE}\n[proof]\n{proof}\n")
        return Organization(config := reconcile.load(path), {}, files(config))

    return organized


def names(levels: Levels) -> list[list[str]]:
    return [[policy.name for policy in level] for level in levels]


def file(folder: Path, name: str, value: object) -> None:
    (folder / name).write_text(value if isinstance(value, str) else json.dumps(value, indent=1))


def test_what_nobody_told_is_not_known(written: Organized) -> None:
    ((policy,),) = written("").levels("scp", "dev")
    assert policy.document is None
    assert "[proof]" in policy.unreadable


def test_what_is_taken_for_granted_binds_nothing_and_is_told(written: Organized) -> None:
    found = written('assume = ["scp"]\nrcp = { dev = [] }')
    assert found.levels("scp", "dev") == found.levels("scp", "999999999999") == ()
    assert found.levels("rcp", "dev") == ()
    assert found.levels("rcp", "prod")[0][0].unreadable
    assert found.assumptions == ("service control policies of dev and prod allow everything ([proof] assume)",)


@pytest.mark.parametrize(("region", "answer"), [("us-east-1", Answer.ALLOWED), ("eu-west-1", Answer.DENIED)])
def test_the_files_that_the_complete_preset_names_are_there(region: str, answer: Answer) -> None:
    levels = Organization(config := reconcile.load(COMPLETE), {}, files(config)).levels("scp", "prod")
    assert names(levels) == [["org/root.json"], ["org/prod-ou.json[0]", "org/prod-ou.json[1]"]]
    role = Caller(CallerType.ROLE, "arn:aws:iam::222222222222:role/prods3role")
    context = {"aws:requestedregion": (region,)}
    request = Request(role, "s3:PutObject", "arn:aws:s3:::codepipeline-output-bucket/*", "222222222222", context)
    assert evaluate(request, Policies((HeldPolicy("prod", "own", ALL),), scps=levels)).answer is answer


def test_files_hold_the_policies_level_by_level(written: Organized, tmp_path: Path) -> None:
    file(tmp_path, "root.json", ALL)
    file(tmp_path, "ou.json", [ALL, DENY])
    found = written('assume = ["scp"]\nscp = { prod = ["root.json", "ou.json"] }')
    levels = found.levels("scp", "prod")
    assert names(levels) == [["root.json"], ["ou.json[0]", "ou.json[1]"]]
    assert [policy.document for level in levels for policy in level] == [ALL, ALL, DENY]
    assert found.assumptions == ("service control policies of dev allow everything ([proof] assume)",)


BAD = {
    "missing": (None, "No such file or directory"),
    "a folder": ("/", "Is a directory"),
    "not UTF-8": (b"\xff", "not UTF-8"),
    "too large": (b" " * (1 << 20) + b"{}", "larger than 1 MiB"),
    "no JSON": ('{\n"Statement": [,]}', "line 2 column 15"),
    "a list that does not end": ('[{"Statement": []},\n', "line 2 column 1"),
    "a list of texts": ('["a"]', "an object"),
    "a key twice, on a line of its own": ('[{},\n{"Id": "a",\n"Id": "b"}]', "key Id twice, again at line 3 column 1"),
    "a curly quote": ("[\n{\u201cStatement\u201d: []}]", "line 2"),
    "no policy": ('{"a": 1}', "a policy with a Statement"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_used_is_told_with_its_place(written: Organized, tmp_path: Path, name: str) -> None:
    content, found = BAD[name]
    if content == "/":
        (tmp_path / "root.json").mkdir()
    elif content is not None:
        (tmp_path / "root.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigError) as caught:
        written('scp = { prod = ["root.json"] }').levels("scp", "dev")
    (problem,) = caught.value.problems
    assert (problem.line, problem.key) == (18, "proof.scp.prod[0]")
    assert found in problem.found


@pytest.fixture
def organization(accounts: EmbeddedAccounts) -> Any:
    """An organization that dev manages: prod is in a unit of a unit of it."""
    client = accounts.client("dev", "organizations")
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]
    client.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    outer = client.create_organizational_unit(ParentId=root, Name="outer")["OrganizationalUnit"]["Id"]
    inner = client.create_organizational_unit(ParentId=outer, Name="inner")["OrganizationalUnit"]["Id"]
    made = client.create_account(AccountName="prod", Email="prod@example.com")["CreateAccountStatus"]["AccountId"]
    client.move_account(AccountId=made, SourceParentId=root, DestinationParentId=inner)
    backend = organizations_backends["111111111111"]["aws"]
    backend.get_account_by_id(made).id = "222222222222"  # the emulator invites nobody
    content = json.dumps(DENY)
    kind = "SERVICE_CONTROL_POLICY"
    made = client.create_policy(Content=content, Name="no-kms", Description="", Type=kind)["Policy"]["PolicySummary"]
    client.attach_policy(PolicyId=made["Id"], TargetId=outer)
    return client


READS = '\n[proof]\norganization = "dev"\nassume = ["rcp"]\n'


def read(world: Any) -> Organization:
    live = reconcile.read(world.config, world.clients, further=for_proof)
    return Organization(world.config, live.documents, files(world.config))


@pytest.mark.usefixtures("organization")
def test_an_account_that_may_read_the_organization_tells_the_real_ones(work: Any) -> None:
    found = read(work("article", extra=READS))
    levels = found.levels("scp", "prod")
    assert [[name.partition(" ")[0] for name in level] for level in names(levels)] == [
        ["FullAWSAccess"],
        ["FullAWSAccess", "no-kms"],
        ["FullAWSAccess"],
        ["FullAWSAccess"],
    ]
    assert levels[1][1].document == DENY
    assert found.id_of("prod") == found.id_of("dev") != ""
    assert found.id_of("333333333333") == ""
    told = known(World(found.config, found.documents), "222222222222", "333333333333")
    assert told == {"aws:principalorgid": (found.id_of("prod"),)}
    assert found.levels("scp", "dev") == ()  # nothing binds the account that manages the organization


@pytest.mark.usefixtures("organization")
def test_an_organization_that_cannot_be_read_is_not_known(accounts: EmbeddedAccounts, work: Any) -> None:
    accounts.faults.deny("organizations:ListPoliciesForTarget", "dev")
    found = read(work("article", extra=READS))
    assert "AccessDenied" in found.levels("scp", "prod")[0][0].unreadable
    assert found.levels("rcp", "prod") == ()
    assert "resource control policies of prod allow everything" in found.assumptions[0]
