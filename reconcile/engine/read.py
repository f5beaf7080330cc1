"""Reading both accounts: each document once, all at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from reconcile.change import AccountSeen, Address
from reconcile.clients import READERS, Clients
from reconcile.credentials import Sessions
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
    """What was found in the accounts, so far or in the end. ``selected`` are the ids that were asked for."""

    wants: Wants
    selected: frozenset[str]
    documents: Mapping[Address, Seen]
    accounts: tuple[AccountSeen, ...]
    awaited: frozenset[Address] = frozenset()
    """The documents that are still being read; none in the end."""

    @property
    def final(self) -> frozenset[str]:
        """The ids whose changes are planned already as they will be in the end, whatever is still being read.

        All that such a change follows from was read: its own document, those of all that comes before it, and so on
        down, and what the other changes of these documents follow from, which are planned on them first.
        """
        open_ids: set[str] = set()
        open_addresses = set(self.awaited)
        for want in self.wants.ordered:
            if want.address in open_addresses or not open_ids.isdisjoint(self.wants.after[want.id]):
                open_ids.add(want.id)
                open_addresses.add(want.address)
        return frozenset(
            want.id for want in self.wants.ordered if want.address in self.documents and want.id not in open_ids
        )


SoFar = Callable[[], Live]
"""Gives what was found up to the moment of the call; a value of its own each time, to be asked for on any thread."""


def connect(
    config: Config,
    *,
    profiles: Mapping[str, str] | None = None,
    only_accounts: Collection[str] | None = None,
    read_only: bool = False,
    ask_mfa: Callable[[str], str] | None = None,
    sessions: Sessions | None = None,
) -> Clients:
    """Access to the accounts of a configuration, without a call yet; a context that lets go at its end.

    With the ``sessions`` of another one, whoever is let in there is let in here.
    """
    return Clients(
        config,
        profiles=profiles,
        only_accounts=only_accounts,
        read_only=read_only,
        ask_mfa=ask_mfa,
        sessions=sessions,
    )


def read(
    config: Config,
    clients: Clients,
    *,
    only: Sequence[str] = (),
    observe: Observer = ignore,
    growing: Callable[[SoFar], None] = lambda _so_far: None,
) -> Live:
    """Every document that the wants selected by ``only`` need; nothing is written.

    What cannot be read is part of the answer. Raises ConfigError where deployments contradict each other, and
    AccessProblem where an account's credentials belong to another account than the configuration says.

    ``growing`` is called once, before the first call to AWS, with a function that gives what was found so far: that
    may be planned at any time, and :attr:`Live.final` says which of its changes will stay as they are.
    """
    wants = wants_of(config)
    selected = wants.selected(only)
    needed = wants.closure(selected)
    addresses = list({want.address: None for want in wants.ordered if want.id in needed})
    names = [name for name in config.accounts if any(address.account == name for address in addresses)]
    reading = _Reading(addresses, observe)

    def found(identities: Mapping[str, str | AwsError]) -> Live:
        documents = reading.documents()
        accounts = tuple(_account(config, clients, name, identities) for name in names)
        return Live(wants, selected, documents, accounts, frozenset(addresses) - documents.keys())

    growing(lambda: found({}))
    reading.run(clients)
    identities = clients.identities()
    _refuse_wrong_account(identities)
    return found(identities)


def read_documents(clients: Clients, addresses: Iterable[Address], observe: Observer = ignore) -> dict[Address, Seen]:
    """Each of these documents, or why it could not be seen."""
    reading = _Reading(list(dict.fromkeys(addresses)), observe)
    reading.run(clients)
    return reading.documents()


def _services(addresses: Sequence[Address]) -> set[tuple[str, str, str]]:
    return {
        (address.account, address.region, service)
        for address in addresses
        for service in (*kinds()[address.kind].services, "sts")
    }


class _Reading:
    """The documents as they come in."""

    def __init__(self, addresses: Sequence[Address], observe: Observer) -> None:
        self._addresses, self._observe = addresses, observe
        self._documents: dict[Address, Seen] = {}
        self._filling = threading.Lock()

    def documents(self) -> dict[Address, Seen]:
        """Those that are there; a copy, which grows no more."""
        with self._filling:
            return dict(self._documents)

    def run(self, clients: Clients) -> None:
        """Read them all, each on a thread, and tell of each once it is there."""
        clients.open(sorted(_services(self._addresses)))
        reads = Reads(clients)
        readers = ThreadPoolExecutor(max(1, min(READERS, len(self._addresses))) + 1)
        try:
            readers.submit(clients.identities)
            self._collect({readers.submit(read_one, reads, address): address for address in self._addresses})
        finally:
            readers.shutdown(
                wait=False, cancel_futures=True
            )  # an interrupt does not wait for what AWS has yet to answer

    def _collect(self, asked: Mapping[Future[Seen], Address]) -> None:
        for done, answer in enumerate(as_completed(asked), start=1):
            address, seen = asked[answer], answer.result()
            with self._filling:
                self._documents[address] = seen
            error = str(seen) if isinstance(seen, XacctError) else None
            self._observe(ReadDone(address, error, done, len(asked)))


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
    found = identities.get(name)
    if isinstance(found, AwsError):
        return AccountSeen(name, spec.id, spec.region, None, found.message)
    return AccountSeen(name, spec.id, spec.region, found)
