"""Which credentials an account is reached with, and what to say when they do not serve.

Sessions are botocore's, so that profiles, SSO, role chains and instance roles work as they do for every other tool
of the user.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from reconcile.errors import AccessProblem

if TYPE_CHECKING:
    from reconcile.desired import Account

_CODE = re.compile("[0-9]{6}")


class Sessions:
    """Credentials that several :class:`~reconcile.clients.Clients` have in common.

    Whoever gave an MFA code for one of them is not asked again for the next. Kept in memory only.
    """

    def __init__(self) -> None:
        self.by_way: dict[tuple[str, ...], Any] = {}
        self._locks: defaultdict[tuple[str, ...], Lock] = defaultdict(Lock)

    def lock(self, way: tuple[str, ...]) -> Lock:
        """Held while a session is made, and clients of it: sessions are not thread-safe.

        Each way in has its own, so that whoever is asked for a code keeps nobody else waiting.
        """
        return self._locks[way]

    def forget(self, profile: str) -> None:
        """Resolve what begins with this profile anew: it may have been renewed where botocore does not look again."""
        for way in [way for way in self.by_way if way[0] == profile]:
            self.by_way.pop(way, None)


class Credentials:
    """A botocore session per account."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        profiles: Mapping[str, str],
        ask_mfa: Callable[[str], str] | None,
        shared: Sessions,
    ) -> None:
        self._shared = shared
        self._accounts = accounts
        self._profiles = profiles
        self._ask_mfa = ask_mfa
        self._sessions: dict[str, Any] = {}
        self._problems: dict[str, AccessProblem] = {}

    def session(self, account: str) -> Any:
        """The account's session with its credentials resolved; raises AccessProblem where there are none.

        Tried once: whoever asks again is told the same, so that nobody is asked for an MFA code twice.
        """
        if account in self._problems:
            raise self._problems[account]
        if account not in self._sessions:
            try:
                self._sessions[account] = self._common(account)
            except AccessProblem as problem:
                self._problems[account] = problem
                raise
            except Exception as error:
                self._problems[account] = self.problem(account, "credentials", error)
                raise self._problems[account] from error
        return self._sessions[account]

    def lock(self, account: str) -> Lock:
        """Held by whoever makes clients for this account."""
        return self._shared.lock(self._way(account))

    def forget(self, account: str) -> None:
        """Whoever comes next resolves the account's credentials anew: these do not serve."""
        self._shared.by_way.pop(self._way(account), None)

    def source(self, account: str) -> str:
        """Where the account's credentials come from, in words: ``profile 'dev'``."""
        spec = self._accounts[account]
        profile = self._profile(account)
        source = f"profile '{profile}'" if profile else "the default credential chain"
        return f"{spec.role_arn} by {source}" if self._assumes(account) else source

    def problem(self, account: str, call: str, error: Exception, code: str = "") -> AccessProblem:
        """The error as an AccessProblem that names the account, the source, and the command that renews it."""
        told = getattr(error, "response", {}).get("Error", {})
        code = code or str(told.get("Code", type(error).__name__))
        text = " ".join(str(told.get("Message") or error).split()).rstrip(".")
        # who was refused a role, or typed a wrong MFA code, has nothing to renew
        advice = "" if code == "AccessDenied" else f"; {self._renewal(account)}"
        return AccessProblem(account, call, code, f"{text} ({self.source(account)}){advice}")

    def _assumes(self, account: str) -> bool:
        """Whether the TOML's role is assumed; a profile of the run's own replaces it."""
        return bool(self._accounts[account].role_arn) and account not in self._profiles

    def _profile(self, account: str) -> str:
        if account in self._profiles:
            return self._profiles[account]
        spec = self._accounts[account]
        return spec.source_profile if spec.role_arn else spec.profile

    def _common(self, account: str) -> Any:
        """The session of whoever was let in the same way before, or a new one."""
        way = self._way(account)
        if way not in self._shared.by_way:
            self._shared.by_way[way] = self._resolved(account)
        return self._shared.by_way[way]

    def _way(self, account: str) -> tuple[str, ...]:
        spec = self._accounts[account]
        assumed = (spec.role_arn, spec.external_id, spec.mfa_serial) if self._assumes(account) else ()
        return (self._profile(account), *assumed)

    def _resolved(self, account: str) -> Any:
        own = self._fresh(self._profile(account), account)
        session = self._assuming(own, self._accounts[account]) if self._assumes(account) else own
        credentials = session.get_credentials()
        if credentials is None:
            raise AccessProblem(
                account,
                "credentials",
                "NoCredentials",
                f"no credentials were found ({self.source(account)}); {self._renewal(account)}",
            )
        if self._accounts[account].mfa_serial or any("mfa_serial" in each for each in _chain(own).values()):
            credentials.get_frozen_credentials()  # the code is asked for here, before anything is read
        return session

    def _prompt(self, account: str) -> Callable[[str], str]:
        def ask(prompt: str) -> str:
            if self._ask_mfa is None:
                text = f"an MFA code is needed, and there is no terminal to ask on ({self.source(account)})"
                raise AccessProblem(account, "credentials", "MfaCodeNeeded", text)
            code = self._ask_mfa(f"{account}: {prompt}").strip()
            if not _CODE.fullmatch(code):  # botocore would tell of its own parameters instead
                told = "what was typed is no MFA code: it has six digits" if code else "no MFA code was given"
                text = f"{told} ({self.source(account)})"
                raise AccessProblem(account, "credentials", "MfaCodeNeeded", text)
            return code

        return ask

    def _fresh(self, profile: str, account: str) -> Any:
        from botocore.session import Session

        session = Session(profile=profile or None)
        session.register_component("data_loader", _loader(os.environ.get("AWS_DATA_PATH")))
        if session.get_config_variable("region") is None:  # STS, which roles are assumed through, wants one
            session.set_config_variable("region", self._accounts[account].region)
        provider: Any = session.get_component("credential_provider").get_provider("assume-role")
        # botocore has no public way to name the prompt of a profile's MFA device
        provider._prompter = self._prompt(account)  # noqa: SLF001
        return session

    def _assuming(self, source: Any, spec: Account) -> Any:
        """A session whose credentials come from assuming the TOML's role with the source's."""
        from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

        wanted = {
            "RoleSessionName": "xacct-tui",
            "ExternalId": spec.external_id,
            "SerialNumber": spec.mfa_serial,
        }
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=source.create_client,
            source_credentials=source.get_credentials(),
            role_arn=spec.role_arn,
            extra_args={key: value for key, value in wanted.items() if value},
            mfa_prompter=self._prompt(spec.name),
        )
        credentials = DeferredRefreshableCredentials(method="assume-role", refresh_using=fetcher.fetch_credentials)
        session = self._fresh("", spec.name)
        session.get_component("credential_provider").insert_before("env", _given(credentials))
        return session

    def _renewal(self, account: str) -> str:
        name = self._profile(account)
        try:
            chain = _chain(self._fresh(name, account))
        except Exception:  # noqa: BLE001  whatever is wrong with the files is told by whoever resolves the credentials
            chain = {}
        for profile, settings in chain.items():
            name, option = profile, _option(profile)
            if "sso_session" in settings or "sso_start_url" in settings:
                return f"renew them with: aws sso login{option}"
            if "login_session" in settings:
                return f"renew them with: aws login{option}"
        return f"put new ones in their place, and check them with: aws sts get-caller-identity{_option(name)}"


def _chain(session: Any) -> dict[str, dict[str, Any]]:
    """The settings of the session's profile, and of those that it takes its credentials from."""
    profiles = session.full_config["profiles"]
    name = session.get_config_variable("profile") or "default"
    chain: dict[str, dict[str, Any]] = {}
    while name in profiles and name not in chain:
        chain[name] = profiles[name]
        name = str(profiles[name].get("source_profile", ""))
    return chain


@cache
def _loader(data_path: str | None) -> Any:
    """What reads botocore's descriptions of the services: slow the first time, so all sessions share one."""
    from botocore.loaders import create_loader

    return create_loader(data_path)


def _option(profile: str) -> str:
    return f" --profile {profile}" if profile not in {"", "default"} else ""


def _given(credentials: Any) -> Any:
    from botocore.credentials import CredentialProvider

    class Given(CredentialProvider):
        METHOD = "assume-role-of-configuration"
        CANONICAL_NAME = METHOD

        def load(self) -> Any:
            return credentials

    return Given()
