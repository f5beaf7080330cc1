"""The AWS calls of changes, written down instead of made.

Each kind writes as it always does, with :class:`_Recording` in the place of the real writes: what it reads is read,
what it writes is noted. A text that nobody can know before an earlier call was made stands in angle brackets:
``<arn of kms:key/alias/s3deploykey in dev>``, ``<Role.Arn of the answer to iam create-role>``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconcile.change import Address, Change
from reconcile.clients import Answer, Clients
from reconcile.engine.live import Live, Seen
from reconcile.engine.read import read_one
from reconcile.engine.writing import remaining
from reconcile.errors import Blocked, XacctError
from reconcile.kinds import kinds
from reconcile.kinds.protocol import Document
from reconcile.propagation import Writes
from reconcile.reads import Reads
from reconcile.references import references, resolve


@dataclass(frozen=True, slots=True)
class Call:
    """One call: ``service`` and ``operation`` as botocore names them (``iam``, ``create_role``)."""

    change: str
    """The id of the change that it is a part of."""
    account: str
    region: str
    service: str
    operation: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """What making a change takes; ``problem`` says why that cannot be told, where ``calls`` are none."""

    change: Change
    calls: tuple[Call, ...]
    problem: str = ""


def commands(change: Change, clients: Clients) -> tuple[Call, ...]:
    """The calls by which applying this change now would make it; they are not made. None where it is so already.

    Raises XacctError where the document cannot be read, or an apply would be refused: Stale where it changed since it
    was planned, Blocked where the kind does not write it.
    """
    clients.verify(change.address.account)
    return _Drafting(clients, {}).calls(change)


def drafts(changes: Iterable[Change], clients: Clients, live: Live) -> tuple[Draft, ...]:
    """The calls of all these changes, to be made in this order, each on the documents as those before leave them.

    Calls write whole documents: those of a change hold what earlier changes of the same document made of it. What
    rests on answers that only those calls will give is a draft with a problem: to be asked for again then.
    """
    drafting = _Drafting(clients, dict(live.documents))
    return tuple(drafting.draft(change) for change in changes)


class _Drafting:
    def __init__(self, clients: Clients, documents: dict[Address, Seen]) -> None:
        self._clients = clients
        self._documents = documents
        """As the changes so far will leave them."""
        self._writing: dict[tuple[str, str, str], Change] = {}
        """The first change of each account's resource, by kind."""

    def draft(self, change: Change) -> Draft:
        """The calls of a change, or why there are none to tell."""
        try:
            return Draft(change, self.calls(change))
        except XacctError as error:
            return Draft(change, (), str(error))

    def calls(self, change: Change) -> tuple[Call, ...]:
        """The calls of a change; from now on its document counts as written."""
        kind, address = kinds()[change.address.kind], change.address
        before = self._document(address)
        if remaining(change, kind.get(before, change.part)) is None:
            return ()
        self._refuse_shared(change)
        after = kind.put(before, change.part, change.after)
        recording = _Recording(self._clients, change.id)
        kind.write(recording, address, before, after, change.tags)
        self._documents[address] = after
        return tuple(recording.calls)

    def _refuse_shared(self, change: Change) -> None:
        """A policy that two roles hold is one document at two addresses: what one makes of it, the other must see."""
        address = change.address
        first = self._writing.setdefault((address.account, address.kind, address.resource), change)
        if first.address != address:
            raise Blocked(f"{first.id} writes {address.resource} too")

    def _document(self, address: Address) -> Document | None:
        if address not in self._documents:
            self._documents[address] = read_one(Reads(self._clients), address)
        seen = self._documents[address]
        if isinstance(seen, XacctError):
            raise seen
        if seen is None:
            return kinds()[address.kind].fresh(self._clients.accounts[address.account], address)
        return seen


class _Recording(Writes):
    """Writes that are noted and not made."""

    def __init__(self, clients: Clients, change: str) -> None:
        super().__init__(clients)
        self.calls: list[Call] = []
        self._change = change

    def __call__(
        self,
        account: str,
        service: str,
        operation: str,
        *,
        region: str = "",
        document: Any = None,
        **parameters: Any,
    ) -> Answer:
        """Note the call; the answer has its shape, with words in the place of texts, and zeros."""
        del document
        readable = resolve(parameters, {name: _readable(name) for name in references(parameters)})
        where = region or self.clients.accounts[account].region
        self.calls.append(Call(self._change, account, where, service, operation, readable))
        shape = self.clients.answer_shape(account, service, operation, region=region)
        return {} if shape is None else dict(_placeholder(shape, "", f"{service} {operation.replace('_', '-')}"))


def _readable(name: str) -> str:
    resource, _, attribute = name.rpartition("#")
    account, _, of_account = resource.partition("/")
    return f"<{attribute} of {of_account} in {account}>"


def _placeholder(shape: Any, path: str, call: str) -> Any:
    """What stands for a part of an answer that never came."""
    match shape.type_name:
        case "structure":
            return {name: _placeholder(each, f"{path}.{name}", call) for name, each in shape.members.items()}
        case "list":
            return []
        case "map":
            return {}
        case "boolean":
            return False
        case "integer" | "long":
            return 0
        case _:
            return f"<{path.removeprefix('.')} of the answer to {call}>"
