"""The set-up that ``--demo`` runs on: embedded accounts in a scenario, with a configuration and a journal."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile.errors import XacctError
from xacct_tui import messages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONFIG = """\
[accounts.dev]
id = "111111111111"
region = "us-east-1"
profile = "dev"

[accounts.prod]
id = "222222222222"
region = "us-east-1"
profile = "prod"

[proof]
assume = ["scp", "rcp"]

[deployments.website]
pipeline = "crossaccountdeploy"
source = { bucket = "codepipeline-input-bucket", object_key = "sample-website.zip" }
artifacts = { bucket = "codepipeline-us-east-1-0123456789" }
output = { bucket = "codepipeline-output-bucket" }

[deployments.website.key]
admins = ["arn:aws:iam::111111111111:role/Admin"]
"""


@contextmanager
def embedded_accounts(scenario: str, *, configured: bool = True) -> Iterator[str]:
    """Give the path of a configuration whose accounts are on this machine; they vanish at the block's end.

    Unless ``configured`` there is no file there yet.

    The environment leads every AWS client of this process to them meanwhile. Raises XacctError where moto is
    not installed.
    """
    try:
        from xacct_tui.demo.accounts import EmbeddedAccounts
        from xacct_tui.demo.scenarios import SCENARIOS
    except ModuleNotFoundError as error:
        if str(error.name).startswith(("xacct_tui", "reconcile")):
            raise
        raise XacctError(messages.NO_DEMO) from error
    with tempfile.TemporaryDirectory(prefix="xacct-tui-") as folder, EmbeddedAccounts() as accounts:
        SCENARIOS[scenario](accounts)
        path = Path(folder, "xacct.toml")
        if configured:
            path.write_text(_CONFIG, encoding="utf-8")
        # the user's own journal is about other accounts
        with _environment({**accounts.environment(os.environ), "XDG_STATE_HOME": folder}):
            yield str(path)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Have these variables and no others: one that leads elsewhere must not stay."""
    before = dict(os.environ)
    _set_environment(variables)
    try:
        yield
    finally:
        _set_environment(before)


def _set_environment(variables: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(variables)
