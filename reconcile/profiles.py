"""The profiles that the user's AWS configuration knows: what is to be told of them without a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconcile.errors import AccessProblem


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile that botocore's chain knows, as far as it is no secret."""

    name: str
    region: str
    """Empty where the profile names none."""
    way: str
    """How it gets its credentials: ``sso``, ``role``, ``web-identity``, ``login``, ``process``, ``keys``, ``none``."""
    account_id: str
    """The account it says it leads to; empty where only a call tells."""


def profiles() -> tuple[Profile, ...]:
    """Every profile of the AWS configuration files, in their order, without a call and without a secret.

    Raises AccessProblem where the files cannot be read.
    """
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    try:
        known = Session().full_config["profiles"]
    except BotoCoreError as error:
        raise AccessProblem("", "credentials", type(error).__name__, str(error)) from error
    return tuple(_profile(name, settings) for name, settings in known.items())


def default_region(profile: str) -> str:
    """The region that botocore's chain gives with a profile (empty: without one); empty where it gives none."""
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    try:
        return str(Session(profile=profile or None).get_config_variable("region") or "")
    except BotoCoreError:
        return ""


_WAYS = (
    ("web_identity_token_file", "web-identity"),
    ("role_arn", "role"),
    ("sso_session", "sso"),
    ("sso_start_url", "sso"),
    ("aws_access_key_id", "keys"),
    ("login_session", "login"),
    ("credential_process", "process"),
)
"""Which setting tells which way, in the order in which botocore takes them."""


def _profile(name: str, settings: Mapping[str, Any]) -> Profile:
    way = next((way for setting, way in _WAYS if setting in settings), "none")
    role = str(settings.get("role_arn", "")).split(":")
    account = role[4] if way in ("role", "web-identity") and role[4:] else str(settings.get("sso_account_id", ""))
    return Profile(name, str(settings.get("region", "")), way, account)
