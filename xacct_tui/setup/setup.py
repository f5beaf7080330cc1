"""The whole of setting up: the draft, what AWS says meanwhile, and the file that is written at the end."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile.adoption import (
    DeployAction,
    Identity,
    Inventory,
    draft_from_pipeline,
    draft_new,
    profiles,
)
from reconcile.errors import Refused, XacctError
from reconcile.events import Event, ReadDone
from xacct_tui.beside import Beside
from xacct_tui.saving import save
from xacct_tui.setup.drafting import INNER, OUTER, SIDES, Drafting, Start
from xacct_tui.setup.looking import WAYS_IN, Access, Seen, actions_of, listed, planned, who

if TYPE_CHECKING:
    from reconcile.adoption import Draft, Profile
    from reconcile.change import Plan
    from xacct_tui.front import Front

ADOPTING, PLANNING = "adopting", "planning"


class Setup:
    """Made off the screens' thread, then used on it; ``front`` are the screens."""

    def __init__(self, path: str, front: Front, access: Access) -> None:
        self.drafting = Drafting(path, _read(path))
        self.profiles = _profiles()
        self.seen = {side: Seen() for side in SIDES}
        self.beside = Beside(front.post, front.changed, front.moved_on)
        self._front = front
        self._access = self._asked_for = access
        self._guess_profiles()

    @property
    def is_touched(self) -> bool:
        """Whether anything would be lost by leaving."""
        return self.drafting.start is not None

    # the accounts

    def rename(self, side: str, name: str) -> bool:
        """Call an account otherwise; what the command line says of it stays with it. Whether the name can be had."""
        can = self.drafting.rename(side, name)
        self._access = self._asked_for.renamed(self.drafting.renamed)
        return can

    def profile(self, side: str) -> str:
        """The profile that the command line gives an account for this run; empty if it gives none."""
        return self._access.profiles.get(self.drafting.names[side], "")

    def look(self, side: str, *, again: bool = False) -> None:
        """Ask whose account the ways in lead to, unless that was asked."""
        told = {field: self.drafting.value(self.drafting.account_key(side, field)) for field in (*WAYS_IN, "region")}
        name = self.drafting.names[side]
        way = (self.profile(side), *(str(told[field] or "") for field in WAYS_IN))
        if (way == self.seen[side].way and not again) or self._is_no_way(side):
            return
        if again:
            self._access.forget(name, told)
        self.seen[side] = Seen(way)
        self.beside.run(
            f"who {side}",
            f"asking who {name} is",
            lambda: who(name, told, self._access),
            lambda answer: self._identified(side, answer),
        )

    def list(self, side: str, *, again: bool = False) -> None:
        """List what there is in an account, unless that was done."""
        account, seen = self.drafting.account(side), self.seen[side]
        if account is None or not isinstance(seen.identity, Identity) or (account == seen.account and not again):
            return
        seen.account, seen.inventory, seen.actions = account, None, {}
        self.beside.run(
            f"list {side}",
            f"listing {account.name}",
            lambda: listed(account, self._access),
            lambda answer: self._listed(side, answer),
        )

    def _identified(self, side: str, answer: Identity | XacctError) -> None:
        self.seen[side].identity = answer
        if isinstance(answer, Identity):
            for field, value in (("id", answer.account_id), ("region", answer.region)):
                key = self.drafting.account_key(side, field)
                if value and not self.drafting.value(key):
                    self.drafting.set(key, value)
        self.list(side)

    def _listed(self, side: str, answer: Inventory | XacctError) -> None:
        seen = self.seen[side]
        seen.inventory = answer
        if side == INNER and isinstance(answer, Inventory) and seen.account:
            account = seen.account

            def tell(pipeline: str, found: tuple[DeployAction, ...] | XacctError) -> None:
                self._front.post(lambda: self._described(seen, pipeline, found))

            self.beside.run(
                "actions",
                "looking at the pipelines",
                lambda: actions_of(account, answer.pipelines, self._access, tell),
                lambda _: None,
            )

    def _described(self, seen: Seen, pipeline: str, found: tuple[DeployAction, ...] | XacctError) -> None:
        seen.actions[pipeline] = found
        self._front.changed()

    def _is_no_way(self, side: str) -> bool:
        """Whether there is no sense in asking: something is wrong, or the other account's way in is not known yet."""
        told = {field: self.drafting.value(self.drafting.account_key(side, field)) for field in (*WAYS_IN, "region")}
        problems = self.drafting.problems()
        wrong = any(told[field] and self.drafting.account_key(side, field) in problems for field in told)
        known = side == INNER or self.drafting.value(self.drafting.account_key(side, "id")) or self.profile(side)
        return wrong or not (known or any(told.values()))

    def _guess_profiles(self) -> None:
        """The command line's, else the one with the account's name, or with that in it; none if that is not plain."""
        known = [profile.name for profile in self.profiles]
        for side, name in self.drafting.names.items():
            exact = [self.profile(side)] if self.profile(side) else [each for each in known if each == name]
            near = exact or [each for each in known if name in each]
            if name not in self.drafting.accounts_of_file and len(near) == 1:
                self.drafting.set(self.drafting.account_key(side, "profile"), near[0])

    # the deployment

    def begin(self, start: Start, then: Callable[[XacctError | None], None]) -> None:
        """Fill in the deployment, unless it began like that already; ``then`` is given what was in the way."""
        if start == self.drafting.start:
            then(None)
        elif start.way == "edit":
            self.drafting.edit(start.name)
            then(None)
        elif start.way == "new":
            self.drafting.begin(start, self._new(start))
            then(None)
        else:
            self._adopt(start, then)

    def _new(self, start: Start) -> Draft:
        names, admin = self.drafting.names, self.seen[INNER].role_arn
        return draft_new(
            self.drafting.accounts,
            pipeline=start.pipeline,
            name=start.name,
            account=names[INNER],
            target=names[OUTER],
            admins=(admin,) if admin else (),
        )

    def _adopt(self, start: Start, then: Callable[[XacctError | None], None]) -> None:
        accounts, names = dict(self.drafting.accounts), dict(self.drafting.names)

        def work() -> Draft:
            with self._access.to(accounts) as clients:
                return draft_from_pipeline(
                    clients,
                    start.pipeline,
                    name=start.name,
                    account=names[INNER],
                    target=names[OUTER],
                    action=start.action,
                )

        def end(answer: Draft | XacctError) -> None:
            if isinstance(answer, XacctError):
                then(answer)
            else:
                self.drafting.begin(start, answer)
                then(None)

        self.beside.run(ADOPTING, f"looking at {start.pipeline} and all around it", work, end)

    # the file

    def plan(self, text: str, then: Callable[[Plan | XacctError], None]) -> None:
        """Plan as if the file had this text."""

        def observe(event: Event) -> None:
            if isinstance(event, ReadDone):
                self.beside.tell(PLANNING, f"reading {event.done} of {event.total}")

        path = self.drafting.path
        self.beside.run(PLANNING, "reading", lambda: planned(text, path, self._access, observe), then)

    def write(self, text: str) -> None:
        """Write the file, whole or not at all.

        Raises Refused where it is not what it was when the wizard began; it is taken as it is now from then on.
        """
        now = _read(self.drafting.path)
        if now != self.drafting.existing:
            self.drafting.rebase(now)
            raise Refused(
                f"{self.drafting.path} was changed by somebody else meanwhile: nothing was written, look again"
            )
        path = Path(self.drafting.path)
        save(path, text, mode=stat.S_IMODE(path.stat().st_mode) if now is not None else None)


def _read(path: str) -> str | None:
    """The text of the file, as it stands there; None if there is none."""
    if not os.path.lexists(path):
        return None
    try:
        return Path(path).read_bytes().decode()
    except UnicodeDecodeError as error:
        raise XacctError(f"{path}: not a text in UTF-8") from error
    except OSError as error:
        raise XacctError(f"{path}: {error.strerror or error}") from error


def _profiles() -> tuple[Profile, ...]:
    """Every profile; none where the AWS configuration cannot be read, which whoever uses it is told."""
    try:
        return profiles()
    except XacctError:
        return ()
