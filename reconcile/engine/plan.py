"""Planning: from what is wanted and what is live to changes. Pure: no call is made, nothing is remembered.

Wants are taken in an order in which they can be met, and each is planned on the documents as the changes before it
will leave them. So a pipeline that is created with its key needs no second change for the key, and of two
deployments that share a bucket one makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from reconcile.change import PENDING, Action, Address, Change, Plan, Value, Want
from reconcile.clock import now
from reconcile.desired import Config
from reconcile.engine.live import Live, Seen
from reconcile.engine.wants import known_texts
from reconcile.errors import AwsError, Blocked, XacctError
from reconcile.kinds import kinds
from reconcile.kinds.protocol import Document
from reconcile.references import references


def plan(config: Config, live: Live, *, serves: Callable[[Want], bool] = lambda _want: False) -> Plan:
    """Every selected change, and what it rests on as far as that is not in place.

    A want that ``serves`` says yes to is in sync, whatever its kind would make of it. Of a set-up that is still being
    read, only what was read is planned; see :attr:`reconcile.Live.final`.
    """
    planning = _Planning(config, live, dict(live.documents), serves)
    needed = live.wants.closure(live.selected)
    for want in live.wants.ordered:
        # no other want on the same documents: that is for another run to decide
        if want.id in needed and want.address in live.documents:
            planning.add(want)
    return Plan(
        created=now(),
        config_sha256=config.sha256,
        accounts=live.accounts,
        changes=tuple(
            change
            for change in planning.changes.values()
            if change.id in live.selected or change.action is not Action.NONE
        ),
    )


@dataclass(slots=True)
class _Planning:
    config: Config
    live: Live
    documents: dict[Address, Seen]
    """As the changes planned so far will leave them."""
    serves: Callable[[Want], bool]
    texts: dict[str, str] = field(default_factory=dict)
    """What references stand for, as far as known."""
    unseen: dict[str, AwsError] = field(default_factory=dict)
    """Why a resource that wants make could not be read."""
    changes: dict[str, Change] = field(default_factory=dict)
    making: dict[Address, list[str]] = field(default_factory=dict)
    """The pending changes of each document."""

    def add(self, want: Want) -> None:
        """Plan one want."""
        self._learn(want)
        known = known_texts(self.texts, want)
        change = self._change(known, self.documents[want.address])
        change = self._rested(change)
        self.changes[change.id] = change
        if change.action in PENDING:
            self.making.setdefault(want.address, []).append(change.id)
            document = self.documents[want.address]
            after = kinds()[want.address.kind].put(_document(document), known.part, change.after)
            self.documents[want.address] = after

    def _learn(self, want: Want) -> None:
        """The facts of what the want makes, from the live document: what is to be made has none yet."""
        if not want.creates:
            return
        seen = self.live.documents[want.address]
        account, kind = self.config.accounts[want.address.account], kinds()[want.address.kind]
        resource = want.address.place
        if isinstance(seen, AwsError):
            self.unseen[resource] = seen
        document = None if isinstance(seen, XacctError) else seen
        for attribute, text in kind.facts(account, want.address, want.value, document).items():
            self.texts[f"{resource}#{attribute}"] = text

    def _change(self, want: Want, seen: Seen) -> Change:
        if isinstance(seen, XacctError):
            action = Action.UNREADABLE if isinstance(seen, AwsError) else Action.BLOCKED
            return self._told(want, action, seen)
        kind = kinds()[want.address.kind]
        before: Value = None
        try:
            before = kind.get(seen, want.part)
            _refuse_missing(want, seen)
            after = before if self.serves(want) else kind.aim(seen, want)
        except Blocked as blocked:
            return replace(self._told(want, Action.BLOCKED, blocked), before=before, after=want.value)
        earlier = self._built_on(want, before, after)
        if after == before:
            return self._in_sync(want, seen, before, earlier)
        unknown = self._unknowable(want)
        if unknown:
            return replace(self._blank(want), action=Action.UNREADABLE, reason=unknown)
        assessment = kind.assess(seen, want.part, after)
        return replace(
            self._blank(want, earlier),
            action=Action.CREATE if before is None else Action.UPDATE,
            before=before,
            after=after,
            reason=_reason(want, before, after),
            effects=assessment.effects,
            notes=assessment.notes,
            irreversible_reason=assessment.irreversible_reason,
            grants=want.grants,
        )

    def _in_sync(self, want: Want, document: Document | None, value: Value, earlier: tuple[str, ...]) -> Change:
        notes = kinds()[want.address.kind].assess(document, want.part, value).notes
        reason = f"comes with {', '.join(earlier)}" if earlier else ""
        return replace(self._blank(want, earlier), before=value, after=value, notes=notes, reason=reason)

    def _built_on(self, want: Want, before: Value, after: Value) -> tuple[str, ...]:
        """The pending changes of the same document without which this one would be planned otherwise; mostly none."""
        earlier = self.making.get(want.address, [])
        if earlier:
            kind, live = kinds()[want.address.kind], _document(self.live.documents[want.address])
            with suppress(Blocked):
                if (kind.get(live, want.part), kind.aim(live, want)) == (before, after):
                    return ()
        return tuple(earlier)

    def _told(self, want: Want, action: Action, error: XacctError) -> Change:
        reason = error.message if isinstance(error, AwsError) and not error.call else str(error)
        return replace(self._blank(want), action=action, reason=reason)

    def _unknowable(self, want: Want) -> str:
        """Why a value that the want names will stay unknown; empty if it is known, or known after apply."""
        for name in sorted(references([want.value, want.part.of])):
            resource, _, attribute = name.rpartition("#")
            if resource in self.unseen:
                account, _, of_account = resource.partition("/")
                return (
                    f"the {attribute} of {of_account} is not known, since it could not be read in {account}: "
                    f"{self.unseen[resource].message}; the TOML can name it"
                )
        return ""

    def _rested(self, change: Change) -> Change:
        """A change whose requirement cannot come about cannot either; one that cannot be seen is told."""
        if change.action not in PENDING:
            return change
        notes = list(change.notes)
        for other in (self.changes[each] for each in change.requires if each in self.changes):
            if other.action is Action.BLOCKED:
                return blocked_by(other, change)
            if other.action in PENDING and not other.managed:
                return replace(
                    change,
                    action=Action.BLOCKED,
                    reason=f"needs {other.id}, which others own and have not made",
                )
            if other.action is Action.UNREADABLE and not isinstance(self.live.documents[other.address], XacctError):
                return replace(
                    change,
                    action=Action.UNREADABLE,
                    before=None,
                    after=None,
                    reason=f"needs {other.id}, of which {other.reason}",
                )
            if other.action is Action.UNREADABLE:
                notes.append(f"whether {other.id} is in place could not be seen")
        return replace(change, notes=tuple(notes))

    def _blank(self, want: Want, earlier: tuple[str, ...] = ()) -> Change:
        return Change(
            deployment=want.deployment,
            slug=want.slug,
            address=want.address,
            account_id=self.config.accounts[want.address.account].id,
            part=want.part,
            action=Action.NONE,
            title=want.title,
            before=None,
            after=None,
            requires=tuple(sorted({*self.live.wants.requires[want.id], *earlier})),
            managed=want.managed,
            tags=want.tags,
            shared_with=self.live.wants.shared_with.get(want.id, ()),
        )


def blocked_by(other: Change, change: Change) -> Change:
    """The change, which requires another one that is blocked."""
    return replace(change, action=Action.BLOCKED, reason=f"needs {other.id}, which is blocked: {other.reason}")


def _document(seen: Seen) -> Document | None:
    if isinstance(seen, XacctError):
        raise TypeError("a change was planned on a document that could not be read")
    return seen


def _refuse_missing(want: Want, document: Document | None) -> None:
    if want.creates and document is None and not want.create_missing:
        raise Blocked(f"{want.address.resource} does not exist, and the TOML does not say to make it")


def _reason(want: Want, before: Value, after: Value) -> str:
    if before is None:
        return "does not exist" if want.creates else "is not in place"
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        different = [key for key in after if after[key] != before.get(key)]
        unset = all(before.get(key) is None for key in different)
        one, more = ("is not set", "are not set") if unset else ("differs", "differ")
        if different:
            return f"{' and '.join(map(str, different))} {one if len(different) == 1 else more}"
    return "differs from what is wanted"
