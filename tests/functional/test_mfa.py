"""A role that wants an MFA code: asked for once, by the terminal, before anything is read."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from checkpoint import SCENARIOS
from mfa_role import ROLE, SERIAL, make_mfa_role
from reconcile import adoption
from xacct_tui import cli
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.terminal import Terminal

ARTICLE = (Path(__file__).parents[2] / "config" / "article.toml").read_text()
BY_TOML = f'role_arn = "{ROLE}"\nsource_profile = "operator"\nmfa_serial = "{SERIAL}"'
BY_PROFILE = 'profile = "prod-mfa"'


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


@pytest.fixture
def config(accounts: EmbeddedAccounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """The whole article, prod's role that wants MFA, and a configuration that reaches prod in the way given."""
    SCENARIOS["done"](accounts)
    profiles = tmp_path / "config"
    make_mfa_role(accounts, profiles)
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
        (BY_TOML, "", "! no MFA code was given ("),
        (BY_PROFILE, "12ab", "! what was typed is no MFA code: it has six digits ("),
    ],
    ids=["role in the TOML", "role in the profile", "nothing typed", "no digits typed"],
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
