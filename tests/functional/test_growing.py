"""Planning while documents still come in: what is called final is as it will be in the end."""

import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import reconcile
from checkpoint import SCENARIOS
from library import connect
from reconcile import Live
from reconcile.change import Address
from reconcile.engine import SoFar
from xacct_tui.demo.accounts import EmbeddedAccounts

CONFIGS = Path(__file__).parents[2] / "config"

WORLDS = [
    ("article.toml", "empty"),
    ("article.toml", "half-done"),
    ("article.toml", "drifted"),
    ("least-privilege.toml", "half-done"),
    ("two-deployments.toml", "half-done"),
]


def _orders(live: Live, count: int) -> Iterator[list[Address]]:
    """Some of the orders in which the documents may come in, the same at each run."""
    shuffle = random.Random(7)  # noqa: S311  no secret
    for _ in range(count):
        addresses = sorted(live.documents)
        shuffle.shuffle(addresses)
        yield addresses


@pytest.mark.parametrize(("name", "scenario"), WORLDS)
@pytest.mark.parametrize("only", [(), ("*/trust-policy",)], ids=["all", "one"])
def test_what_is_final_stays_whatever_comes_in(
    accounts: EmbeddedAccounts, name: str, scenario: str, only: tuple[str, ...]
) -> None:
    SCENARIOS[scenario](accounts)
    config = reconcile.load(CONFIGS / name)
    with connect(config) as clients:
        whole = reconcile.read(config, clients, only=only)
    in_the_end = {change.id: change for change in reconcile.plan(config, whole).changes}

    for order in _orders(whole, 5):
        for arrived in range(len(order) + 1):
            documents = {address: whole.documents[address] for address in order[:arrived]}
            so_far = replace(whole, documents=documents, awaited=frozenset(order[arrived:]))
            planned = {change.id: change for change in reconcile.plan(config, so_far).changes}
            for each in so_far.final:
                assert planned.get(each) == in_the_end.get(each), f"{each} after {order[:arrived]}"

    assert whole.final >= in_the_end.keys()
    assert not whole.awaited


def test_a_change_waits_for_all_that_it_rests_on(accounts: EmbeddedAccounts) -> None:
    SCENARIOS["half-done"](accounts)
    config = reconcile.load(CONFIGS / "article.toml")
    with connect(config) as clients:
        whole = reconcile.read(config, clients)
    (role,) = (address for address in whole.documents if (address.kind, address.name) == ("role", "prods3role"))

    without = {address: seen for address, seen in whole.documents.items() if address != role}
    so_far = replace(whole, documents=without, awaited=frozenset([role]))

    assert not {"website/deploy-role", "website/trust-policy", "website/pipeline"} & so_far.final
    assert {"website/key", "website/key-sharing", "website/output-bucket"} <= so_far.final


def test_a_change_waits_for_what_is_planned_on_its_document_first(accounts: EmbeddedAccounts) -> None:
    """Two deployments share the key's policy: the second is planned on it as the first will leave it."""
    SCENARIOS["empty"](accounts)
    config = reconcile.load(CONFIGS / "two-deployments.toml")
    with connect(config) as clients:
        whole = reconcile.read(config, clients)
    users = [want for want in whole.wants.ordered if want.slug == "key-users"]
    role = config.deployments[users[0].deployment].service_role.name
    (awaited,) = (address for address in whole.documents if (address.kind, address.name) == ("role", role))

    without = {address: seen for address, seen in whole.documents.items() if address != awaited}
    so_far = replace(whole, documents=without, awaited=frozenset([awaited]))

    assert users[0].address == users[1].address
    assert not {want.id for want in users} & so_far.final


def test_what_grows_is_seen_from_another_thread(accounts: EmbeddedAccounts) -> None:
    SCENARIOS["half-done"](accounts)
    config = reconcile.load(CONFIGS / "article.toml")
    seen: list[Live] = []
    over = threading.Event()

    def watch(so_far: SoFar) -> None:
        seen.append(so_far())
        while not over.is_set():
            seen.append(so_far())
        seen.append(so_far())

    watchers: list[threading.Thread] = []

    def growing(so_far: SoFar) -> None:
        watchers.append(threading.Thread(target=watch, args=(so_far,)))
        watchers[0].start()

    with connect(config) as clients:
        whole = reconcile.read(config, clients, growing=growing)
    over.set()
    watchers[0].join()

    sizes = [len(live.documents) for live in seen]
    assert sizes == sorted(sizes)
    assert seen[-1].documents == whole.documents
    assert all(live.documents.keys() | live.awaited == whole.documents.keys() for live in seen)
    assert [account.name for account in seen[0].accounts] == ["dev", "prod"]
    assert {each.id for each in reconcile.plan(config, seen[-1]).changes} == whole.final
