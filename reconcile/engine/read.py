"""Reading both accounts: each document once, all at the same time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from reconcile.change import AccountSeen, Address
from reconcile.clients import READERS, Clients
from reconcile.desired import Config
from reconcile.engine.wants import Wants, wants_of
from reconcile.errors import AccessProblem, AwsError, Blocked, XacctError
from reconcile.events import Observer, ReadDone, ignore
from reconcile.kinds import kinds
from reconcile.kinds.protocol import Document
from reconcile.reads import Reads

Seen = Document | None | XacctError
"""A document, its absence, or why it could not be seen."""


@dataclass(frozen=True, slots=True)
class Live:
    """What was found in the accounts. ``selected`` are the ids that were asked for."""

    wants: Wants
    selected: frozenset[str]
    documents: Mapping[Address, Seen]
    accounts: tuple[AccountSeen, ...]


def connect(
    config: Config,
    *,
    profiles: Mapping[str, str] | None = None,
    only_accounts: Collection[str] | None = None,
    read_only: bool = False,
    ask_mfa: Callable[[str], str] | None = None,
) -> Clients:
    """Access to the accounts of a configuration, without a call yet; a context that lets go at its end."""
    return Clients(config, profiles=profiles, only_accounts=only_accounts, read_only=read_only, ask_mfa=ask_mfa)


def read(config: Config, clients: Clients, *, only: Sequence[str] = (), observe: Observer = ignore) -> Live:
    """Every document that the wants selected by ``only`` need; nothing is written.

    What cannot be read is part of the answer. Raises ConfigError where deployments contradict each other, and
    AccessProblem where an account's credentials belong to another account than the configuration says.
    """
    wants = wants_of(config)
    selected = wants.selected(only)
    needed = wants.closure(selected)
    addresses = list({want.address: None for want in wants.ordered if want.id in needed})
    clients.open(sorted(_services(addresses)))
    documents = _read_all(clients, addresses, observe)
    identities = clients.identities()
    _refuse_wrong_account(identities)
    accounts = tuple(
        _account(config, clients, name, identities)
        for name in config.accounts
        if any(address.account == name for address in addresses)
    )
    return Live(wants, selected, documents, accounts)


def _services(addresses: Sequence[Address]) -> set[tuple[str, str, str]]:
    return {
        (address.account, address.region, service)
        for address in addresses
        for service in (*kinds()[address.kind].services, "sts")
    }


def _read_all(clients: Clients, addresses: Sequence[Address], observe: Observer) -> dict[Address, Seen]:
    reads = Reads(clients)
    with ThreadPoolExecutor(max(1, min(READERS, len(addresses))) + 1) as readers:
        readers.submit(clients.identities)
        asked = {readers.submit(read_one, reads, address): address for address in addresses}
        return _collected(asked, observe)


def _collected(asked: Mapping[Future[Seen], Address], observe: Observer) -> dict[Address, Seen]:
    documents: dict[Address, Seen] = {}
    for answer in as_completed(asked):
        address, seen = asked[answer], answer.result()
        documents[address] = seen
        error = str(seen) if isinstance(seen, XacctError) else None
        observe(ReadDone(address, error, len(documents), len(asked)))
    return documents


def read_one(reads: Reads, address: Address) -> Seen:
    """One document, or the error that kept it from being seen; other errors are defects and are raised."""
    if not reads.clients.in_scope(address.account):
        return AccessProblem(address.account, "", "NotInScope", "not in scope")
    try:
        return kinds()[address.kind].read(reads, address)
    except (AwsError, Blocked) as error:
        return error


def _refuse_wrong_account(identities: Mapping[str, str | AwsError]) -> None:
    for found in identities.values():
        if isinstance(found, AccessProblem) and found.code == "WrongAccount":
            raise found


def _account(config: Config, clients: Clients, name: str, identities: Mapping[str, str | AwsError]) -> AccountSeen:
    spec = config.accounts[name]
    if not clients.in_scope(name):
        return AccountSeen(name, spec.id, spec.region, None, "not in scope")
    found = identities[name]
    if isinstance(found, AwsError):
        return AccountSeen(name, spec.id, spec.region, None, found.message)
    return AccountSeen(name, spec.id, spec.region, found)
