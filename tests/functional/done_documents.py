"""The documents that a proof of the article's complete set-up reads, as plain values."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import reconcile
from cases.checks.case import DEPLOY_ID, KEY, SERVICE_ID, Setup
from reconcile.change import Address
from reconcile.proof.looking import for_proof
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.lag import NO_LAG
from xacct_tui.demo.scenarios import SCENARIOS

CONFIG = Path(__file__).parents[2] / "config" / "article.toml"


@pytest.fixture(scope="module")
def assuming(tmp_path_factory: pytest.TempPathFactory) -> reconcile.Config:
    path = tmp_path_factory.mktemp("config") / "xacct.toml"
    path.write_text(CONFIG.read_text())
    return reconcile.load(path)


@pytest.fixture(scope="module")
def done(embedded_accounts: EmbeddedAccounts, assuming: reconcile.Config) -> Callable[[], Setup]:
    """The documents of the article's complete set-up, anew each time; the ids that AWS makes up are always the same."""
    embedded_accounts.reset()
    embedded_accounts.lag = NO_LAG
    SCENARIOS["done"](embedded_accounts)
    with pytest.MonkeyPatch.context() as environment:
        for name, value in embedded_accounts.environment().items():
            environment.setenv(name, value)
        with reconcile.connect(assuming) as clients:
            live = reconcile.read(assuming, clients, further=for_proof).documents
    documents = {address: renamed(document, live) for address, document in live.items()}
    return lambda: Setup(copy.deepcopy(documents))


def renamed(document: Any, live: Mapping[Address, Any]) -> Any:
    text = json.dumps(document)
    for address, found in live.items():
        if address.kind == "key":
            text = text.replace(found["arn"], KEY)
        if address.kind == "role-id" and address.name in (doc.SERVICE_ROLE, doc.DEPLOY_ROLE):
            text = text.replace(found["id"], SERVICE_ID if address.name == doc.SERVICE_ROLE else DEPLOY_ID)
    return json.loads(text)
