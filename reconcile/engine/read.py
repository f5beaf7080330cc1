"""Reading both accounts: each document once, all at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from types import MappingProxyType

from reconcile.change import AccountSeen, Address
from reconcile.clients import READERS, Clients
from reconcile.credentials import Sessions
from reconcile.desired import Config
from reconcile.engine.live import Further, Live, Reader, Seen, SoFar
from reconcile.engine.wants import Wants, wants_of
from reconcile.errors import AccessProblem, AwsError, Blocked, XacctError
from reconcile.events import Identified, Observer, ReadDone, ignore
from reconcile.kinds import kinds
from reconcile.reads import Reads


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
    further: Further | None = None,
) -> Live:
    """Every document that the wants selected by ``only`` need; nothing is written.

    With ``further`` also every document of the deployments that ``only`` touches, and all that it asks for.

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
    reading = _Reading(addresses, observe, _More(config, wants, selected, further) if further else None)

    def found(identities: Mapping[str, str | AwsError]) -> Live:
        documents = reading.documents()
        accounts = tuple(_account(config, clients, name, identities) for name in names)
        return Live(wants, selected, documents, accounts, frozenset(addresses) - documents.keys())

    growing(lambda: found({}))
    reading.run(clients, lambda name, who: observe(Identified(_account(config, clients, name, {name: who}))))
    identities = clients.identities()
    _refuse_wrong_account(identities)
    return found(identities)


def read_documents(clients: Clients, addresses: Iterable[Address], observe: Observer = ignore) -> dict[Address, Seen]:
    """Each of these documents, or why it could not be seen."""
    reading = _Reading(list(dict.fromkeys(addresses)), observe)
    reading.run(clients, lambda _name, _who: None)
    return reading.documents()


@dataclass(frozen=True, slots=True)
class _More:
    """What is asked for beyond the plan's documents."""

    config: Config
    wants: Wants
    selected: frozenset[str]
    further: Further

    def __call__(self, documents: Mapping[Address, Seen]) -> Iterable[Address]:
        deployments = frozenset(want.deployment for want in self.wants.ordered if want.id in self.selected)
        yield from (want.address for want in self.wants.ordered if want.deployment in deployments)
        yield from self.further(self.config, deployments, documents)


class _Reading:
    """The documents as they come in."""

    def __init__(self, addresses: Sequence[Address], observe: Observer, more: _More | None = None) -> None:
        self._addresses, self._observe, self._more = addresses, observe, more
        self._readers = more.further.readers if more else {}
        self._documents: dict[Address, Seen] = {}
        self._filling = threading.Lock()

    def documents(self) -> dict[Address, Seen]:
        """Those that are there; a copy, which grows no more."""
        with self._filling:
            return dict(self._documents)

    def run(self, clients: Clients, identified: Callable[[str, str | AwsError], None]) -> None:
        """Read them all, each on a thread, and tell of each once it is there; then what they ask for, and so on.

        Who is reading comes first.
        """
        reads = Reads(clients)
        readers = ThreadPoolExecutor(READERS + 1)
        try:
            addresses = self._new(self._addresses)
            services = sorted(self._services(addresses))
            clients.open([each for each in services if each[2] == "sts"])
            readers.submit(clients.identities, identified)
            while addresses:
                clients.open(services)
                self._collect({readers.submit(read_one, reads, each, self._readers): each for each in addresses})
                addresses = self._new(())
                services = sorted(self._services(addresses))
        finally:
            readers.shutdown(
                wait=False, cancel_futures=True
            )  # an interrupt does not wait for what AWS has yet to answer

    def _new(self, first: Iterable[Address]) -> list[Address]:
        more = self._more(self._documents) if self._more else ()
        return [each for each in dict.fromkeys([*first, *more]) if each not in self._documents]

    def _services(self, addresses: Iterable[Address]) -> set[tuple[str, str, str]]:
        return {
            (address.account, address.region, service)
            for address in addresses
            for service in (*_reader(address, self._readers).services, "sts")
        }

    def _collect(self, asked: Mapping[Future[Seen], Address]) -> None:
        before = len(self._documents)
        for done, answer in enumerate(as_completed(asked), start=before + 1):
            address, seen = asked[answer], answer.result()
            with self._filling:
                self._documents[address] = seen
            error = str(seen) if isinstance(seen, XacctError) else None
            self._observe(ReadDone(address, error, done, before + len(asked)))


def read_one(reads: Reads, address: Address, readers: Mapping[str, Reader] = MappingProxyType({})) -> Seen:
    """One document, or the error that kept it from being seen; other errors are defects and are raised."""
    if not reads.clients.in_scope(address.account):
        return AccessProblem(address.account, "", "NotInScope", "not in scope")
    try:
        return _reader(address, readers).read(reads, address)
    except (AwsError, Blocked) as error:
        return error


def _reader(address: Address, readers: Mapping[str, Reader]) -> Reader:
    return readers.get(address.kind) or kinds()[address.kind]


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
