"""The journal as an SQLite file, and document locks beside it that end with the process that held them."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from reconcile.change import Address, Change
from reconcile.clock import now
from reconcile.desired import Config
from reconcile.errors import Locked, XacctError
from reconcile.journal.entry import Entry
from reconcile.plan_json import change_from_json, change_to_json

_TABLE = """
create table if not exists entry (
    id integer primary key autoincrement,
    run text not null,
    change text not null,
    state text not null,
    began text not null,
    ended text,
    caller text not null,
    detail text not null default '',
    undoes integer references entry (id)
)
"""
_COLUMNS = "id, run, change, state, began, ended, caller, detail, undoes"
_PATIENCE = 120.0
"""Seconds to wait for a document that another process holds."""


class Journal:
    """History and locks in one folder; safe for several processes on one machine.

    An entry is on the disk before :meth:`begin` returns. Raises XacctError where the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            path.chmod(0o600)
            self._base = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            self._base.execute("pragma synchronous = extra")
            self._base.execute(_TABLE)
        except (OSError, sqlite3.Error) as error:
            raise XacctError(f"{path}: the journal cannot be used: {error}") from error
        self._using = threading.Lock()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def begin(self, run: str, change: Change, caller: str, *, undoes: int | None = None) -> int:
        """Record that a write is about to be made; returns the entry's id."""
        row = (run, json.dumps(change_to_json(change)), "begun", now(), caller, undoes)
        sql = "insert into entry (run, change, state, began, caller, undoes) values (?, ?, ?, ?, ?, ?)"
        return int(self._execute(sql, row).lastrowid or 0)

    def end(self, entry: int, state: str, detail: str = "", *, change: Change | None = None) -> None:
        """Record how it ended; ``change`` replaces what was recorded, where it came out otherwise."""
        text = None if change is None else json.dumps(change_to_json(change))
        sql = "update entry set state = ?, detail = ?, ended = ?, change = coalesce(?, change) where id = ?"
        self._execute(sql, (state, detail, now(), text, entry))

    def entries(self) -> tuple[Entry, ...]:
        """Everything, oldest first."""
        rows = self._execute(f"select {_COLUMNS} from entry order by id", ()).fetchall()  # noqa: S608  a constant
        undone = {row[8] for row in rows if row[8] is not None and row[3] == "done"}
        return tuple(_entry(row, undone) for row in rows)

    @contextmanager
    def lock(self, account_id: str, address: Address, *, patience: float = _PATIENCE) -> Iterator[None]:
        """Hold a resource of an account against every other process that shares this journal.

        Regions are not told apart: IAM's documents are the same ones from wherever an account is worked on. Raises
        Locked, naming the holder, after ``patience`` seconds. The lock ends with the process.
        """
        name = hashlib.sha256(f"{account_id} {address.resource}".encode()).hexdigest()[:24]
        folder = self.path.parent / "locks"
        folder.mkdir(exist_ok=True, mode=0o700)
        holder = folder / f"{name}.holder"
        lock = FileLock(folder / f"{name}.lock")
        try:
            lock.acquire(timeout=patience)
        except Timeout as error:
            raise Locked(f"{address.resource} is held by {_told(holder)}") from error
        try:
            holder.write_text(f"process {os.getpid()} since {now()}")
            yield
        finally:
            lock.release()

    def _execute(self, sql: str, row: tuple[Any, ...]) -> sqlite3.Cursor:
        try:
            with self._using:
                return self._base.execute(sql, row)
        except sqlite3.Error as error:
            raise XacctError(f"{self.path}: the journal cannot be used: {error}") from error


def open_journal(config: Config) -> Journal:
    """The journal that the configuration names: by default ``$XDG_STATE_HOME/xacct-tui/journal.db``."""
    url = config.journal.url
    if url.startswith("s3://"):
        raise XacctError("journal.url: a journal in S3 is not supported yet; allowed: a path, or nothing")
    if url:
        return Journal(Path(url.removeprefix("sqlite://")).expanduser())
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return Journal(state / "xacct-tui" / "journal.db")


def new_run() -> str:
    """A name for a run that sorts by time."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.urandom(2).hex()}"


def _entry(row: tuple[Any, ...], undone: set[int]) -> Entry:
    number, run, change, state, began, ended, caller, detail, undoes = row
    return Entry(
        id=number,
        run=run,
        change=change_from_json(json.loads(change)),
        state=state,
        began=began,
        ended=ended,
        caller=caller,
        detail=detail,
        undoes=undoes,
        undone=number in undone,
    )


def _told(holder: Path) -> str:
    try:
        return holder.read_text()
    except OSError:
        return "another process"
