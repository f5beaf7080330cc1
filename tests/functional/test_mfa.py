"""A role that wants an MFA code: asked for once, by the terminal, before anything is read."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checkpoint import SCENARIOS
from reconcile import adoption
from xacct_tui import cli
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.terminal import Terminal

ARTICLE = (Path(__file__).parents[2] / "config" / "article.toml").read_text()
ROLE = "arn:aws:iam::222222222222:role/Operator"
SERIAL = "arn:aws:iam::111111111111:mfa/operator"
USER = "arn:aws:iam::111111111111:user/operator"
BY_TOML = f'role_arn = "{ROLE}"\nsource_profile = "operator"\nmfa_serial = "{SERIAL}"'
BY_PROFILE = 'profile = "prod-mfa"'
PROFILES = f"""
[profile prod-mfa]
role_arn = {ROLE}
source_profile = operator
mfa_serial = {SERIAL}
[profile operator]
aws_access_key_id = {{AccessKeyId}}
aws_secret_access_key = {{SecretAccessKey}}
"""


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


class Person:
    """Types what the device shows, or something else, and remembers what was asked, and how many calls came before."""

    def __init__(self, accounts: EmbeddedAccounts, code: Callable[[], str]) -> None:
        self.accounts, self.code = accounts, code
        self.asked: list[tuple[str, int]] = []

    def __call__(self, prompt: str) -> str:
        self.asked.append((prompt, len(self.accounts.calls)))
        return self.code()

    def run(self, config: str, stream: type[io.StringIO] = Tty) -> tuple[int, str, str]:
        self.accounts.calls.clear()
        terminal = Terminal(stream(), io.StringIO(), stream(), hidden=self)
        code = cli.run(["--plan", "--config", config], terminal)
        return code, terminal.stdout.getvalue(), terminal.stderr.getvalue()


def _statement(**parts: Any) -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", **parts}]}
    )


@pytest.fixture
def config(accounts: EmbeddedAccounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """The whole article, prod's role that wants MFA, and a configuration that reaches prod in the way given."""
    SCENARIOS["done"](accounts)
    dev, prod = accounts.client("dev", "iam"), accounts.client("prod", "iam")
    dev.create_user(UserName="operator")
    key = dev.create_access_key(UserName="operator")["AccessKey"]
    dev.put_user_policy(UserName="operator", PolicyName="p", PolicyDocument=_statement(Resource=ROLE))
    dev.create_virtual_mfa_device(VirtualMFADeviceName="operator")
    dev.enable_mfa_device(
        UserName="operator", SerialNumber=SERIAL, AuthenticationCode1="123456", AuthenticationCode2="654321"
    )
    trust = _statement(Principal={"AWS": USER}, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    prod.create_role(RoleName="Operator", AssumeRolePolicyDocument=trust)
    prod.attach_role_policy(RoleName="Operator", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    profiles = tmp_path / "config"
    profiles.write_text(Path(accounts.environment()["AWS_CONFIG_FILE"]).read_text() + PROFILES.format(**key))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(profiles))

    def written(access: str) -> str:
        path = tmp_path / "xacct.toml"
        path.write_text(ARTICLE.replace('profile = "prod"', access))
        return str(path)

    return written


@pytest.mark.parametrize("access", [BY_TOML, BY_PROFILE], ids=["role in the TOML", "role in the profile"])
def test_the_code_is_asked_for_once_before_the_first_read(
    accounts: EmbeddedAccounts, config: Callable[[str], str], access: str
) -> None:
    person = Person(accounts, lambda: accounts.mfa_code("dev", SERIAL))

    code, out, _ = person.run(config(access))

    assert person.asked == [(f"prod: Enter MFA code for {SERIAL}: ", 0)]
    assert code == 0
    assert "arn:aws:sts::222222222222:assumed-role/Operator/" in out


@pytest.mark.parametrize(
    ("access", "typed", "told"),
    [
        (BY_TOML, "000000", "MultiFactorAuthentication failed with invalid MFA one time pass code"),
        (BY_PROFILE, "000000", "MultiFactorAuthentication failed with invalid MFA one time pass code"),
        (BY_TOML, "", "Invalid length for parameter TokenCode"),
    ],
    ids=["role in the TOML", "role in the profile", "nothing typed"],
)
def test_a_wrong_code_stops_that_account_only(
    accounts: EmbeddedAccounts,
    config: Callable[[str], str],
    capfd: pytest.CaptureFixture[str],
    access: str,
    typed: str,
    told: str,
) -> None:
    person = Person(accounts, lambda: typed)

    code, out, err = person.run(config(access))

    assert len(person.asked) == 1
    assert code == 3
    (problem,) = [line for line in out.splitlines() if line.startswith("  ! ")]
    assert told in problem
    assert "14 in sync, 0 blocked, 5 unreadable" in out
    assert "error" not in err
    assert capfd.readouterr().err == ""
    assert {call.account for call in accounts.calls} <= {"dev"}


def test_connections_with_common_sessions_ask_once(accounts: EmbeddedAccounts, config: Callable[[str], str]) -> None:
    wanted = adoption.config_of(Path(config(BY_TOML)).read_text())
    person, sessions = Person(accounts, lambda: accounts.mfa_code("dev", SERIAL)), adoption.Sessions()

    for _ in range(2):
        with adoption.connect(wanted.accounts, ask_mfa=person, sessions=sessions) as clients:
            assert ":assumed-role/Operator/" in clients.verify("prod")

    assert len(person.asked) == 1


@pytest.mark.parametrize("access", [BY_TOML, BY_PROFILE], ids=["role in the TOML", "role in the profile"])
def test_without_a_terminal_nobody_is_asked(
    accounts: EmbeddedAccounts, config: Callable[[str], str], access: str
) -> None:
    person = Person(accounts, lambda: "000000")

    code, out, _ = person.run(config(access), io.StringIO)

    assert person.asked == []
    assert code == 3
    assert "an MFA code is needed, and there is no terminal to ask on" in out
