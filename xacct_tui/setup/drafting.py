"""The configuration that is being made: which accounts, which deployment, and what is filled in so far.

Knows no widget, makes no call, and writes no file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconcile.adoption import Draft, Field, check, draft_of, fields, rename_accounts, write_toml
from reconcile.desired import Account
from reconcile.errors import ConfigProblem, XacctError
from reconcile.toml import dotted_key, key_path, nested

INNER, OUTER = "pipeline_account", "target_account"
SIDES = {INNER: "dev", OUTER: "prod"}
"""The parts that accounts play, by the field that names the account; and the names they have if nobody says others."""

_NEEDED = {
    "accounts": ("id", "region"),
    "deployments": ("pipeline", "artifacts.bucket", "output.bucket"),
}
"""What there has to be in any case: a field that is empty is told as such."""


@dataclass(frozen=True, slots=True)
class Start:
    """What the deployment begins with: a live pipeline, the article's values, or what the file says."""

    way: str
    """``adopt``, ``new`` or ``edit``."""
    name: str
    pipeline: str = ""
    action: str = ""
    """``Stage/Action`` of the S3 deploy action that is adopted."""


class Drafting:
    """One deployment and its two accounts, in a new file or in one that has more of them.

    ``existing`` is the text of the file, None if there is none; raises ConfigError where it is not TOML.
    """

    def __init__(self, path: str, existing: str | None) -> None:
        self.path, self.existing = path, existing
        self.draft = self._base = draft_of(existing or "", path)
        self.start: Start | None = None
        tables = nested(self._base.values, path)
        self.deployments = tuple(_names(tables, "deployments"))
        """Those that the file has."""
        self.accounts_of_file = tuple(_names(tables, "accounts"))
        self.name = self.deployments[0] if self.deployments else "website"
        self._judged: tuple[tuple[object, ...], Mapping[str, ConfigProblem]] | None = None
        self.names = self._named_by(self.name)
        """By side: the name of the account."""
        self.renamed: dict[str, str] = {}
        """What accounts are called that had another name in the file, or were proposed under another one."""

    def account_key(self, side: str, field: str) -> str:
        """The dotted key of a field of an account."""
        return dotted_key("accounts", self.names[side], field)

    def account_fields(self, side: str) -> tuple[Field, ...]:
        """The fields of an account, as the models describe them."""
        return fields(dotted_key("accounts", self.names[side]))

    def deployment_fields(self) -> tuple[Field, ...]:
        """The fields of the deployment, as the models describe them."""
        return fields(dotted_key("deployments", self.name))

    def value(self, key: str) -> Any:
        """What is filled in; of a table, all that is filled in below it."""
        if (found := self.draft.values.get(key)) is not None:
            return found
        inner = {name: value for name, value in self.draft.values.items() if name.startswith(f"{key}.")}
        return _at(nested(inner), key) if any(value is not None for value in inner.values()) else None

    def set(self, key: str, value: Any) -> None:
        """Fill in a field; None leaves it out."""
        self.draft = self.draft.having({key: value})

    def rename(self, side: str, name: str) -> bool:
        """Call an account otherwise, wherever it is meant; whether the name can be had."""
        old = self.names[side]
        if name == old:
            return True
        if not name or name in (*self.names.values(), *self.accounts_of_file):
            return False
        self.draft, self._base = (rename_accounts(each, {old: name}) for each in (self.draft, self._base))
        self.accounts_of_file = tuple(name if each == old else each for each in self.accounts_of_file)
        self.names = {**self.names, side: name}
        first = next((first for first, now in self.renamed.items() if now == old), old)
        self.renamed = {each: now for each, now in {**self.renamed, first: name}.items() if each != now}
        return True

    def account(self, side: str) -> Account | None:
        """The account, if enough is filled in and nothing of it is wrong."""
        return self._sound(self.names[side])

    @property
    def accounts(self) -> Mapping[str, Account]:
        """By name: those of the two accounts that can be used."""
        return {name: account for name in self.names.values() if (account := self._sound(name))}

    def begin(self, start: Start, found: Draft) -> None:
        """Have the deployment begin with this draft; what an earlier beginning filled in goes."""
        values = dict(self.draft.values)
        if self.start:
            values = _restored(values, self._base.values, dotted_key("deployments", self.start.name))
        self.start, self.name = start, start.name
        self.draft = Draft({**values, **found.values}, found.remarks, found.unknown)

    def edit(self, name: str) -> None:
        """Go on with a deployment of the file as it is there, with the accounts that it names."""
        self.begin(Start("edit", name), Draft({}))
        self.names = self._named_by(name)

    def problems(self) -> Mapping[str, ConfigProblem]:
        """By key: what is wrong with what is filled in, and what has to be; judged once until that changes."""
        state = (self.draft, self.name, self.names, self.start)
        if self._judged is None or any(old is not new for old, new in zip(self._judged[0], state, strict=True)):
            self._judged = (state, self._judge())
        return self._judged[1]

    def remarks(self, key: str) -> list[str]:
        """Why a field has its value, where that is not plain."""
        return [remark.text for remark in self.draft.remarks if remark.key == key]

    def unknown(self, key: str) -> list[str]:
        """Why the value of a field could not be known."""
        return [remark.text for remark in self.draft.unknown if remark.key == key]

    def text(self) -> str:
        """The file that is to be written; raises ConfigError where it would not be sound."""
        draft = _without_empty_tables(self.draft)
        return write_toml(draft, self.existing, self.path, renamed=self.renamed)

    def refuse_unsound(self) -> None:
        """Raise XacctError with the first thing that is wrong, if anything is."""
        for problem in self.problems().values():
            raise XacctError(f"{problem.key}: found {problem.found}; allowed: {problem.allowed}")

    def rebase(self, existing: str | None) -> None:
        """The file is not what it was: what was filled in is to be written into what it is now."""
        self._base, self.existing = rename_accounts(draft_of(existing or "", self.path), self.renamed), existing

    def _judge(self) -> Mapping[str, ConfigProblem]:
        tables = {"accounts": self.names.values(), "deployments": [self.name] if self.start else []}
        needed = {
            dotted_key(section, name, *field.split("."))
            for section, names in tables.items()
            for name in names
            for field in _NEEDED[section]
        }
        lacking = {key: "" for key in needed if self.draft.values.get(key) is None}
        found = check(self.draft.having(lacking), self.path)
        return {key: problem for key, problem in found.items() if self.start or key.startswith("accounts.")}

    def _named_by(self, deployment: str) -> dict[str, str]:
        named = _at(nested(self._base.values), dotted_key("deployments", deployment)) or {}
        free = [name for name in self.accounts_of_file if name not in named.values()]
        return {
            side: str(named.get(side) or (default if default in free or not free else free.pop(0)))
            for side, default in SIDES.items()
        }

    def _sound(self, name: str) -> Account | None:
        table = dotted_key("accounts", name)
        told = _at(nested(self.draft.values), table)
        if not told or any(key == table or key.startswith(f"{table}.") for key in self.problems()):
            return None
        return Account.model_validate(told).named(name)


def _names(tables: Mapping[str, Any], section: str) -> list[str]:
    table = tables.get(section)
    return list(table) if isinstance(table, dict) else []


def _at(tables: Mapping[str, Any], key: str) -> Any:
    found: Any = tables
    for part in key_path(key):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _without_empty_tables(draft: Draft) -> Draft:
    """The draft, tables of which nothing is left taken out as a whole: an empty one can be wrong."""
    for table in {key.rpartition(".")[0] for key, value in draft.values.items() if value is None}:
        inside = [value for key, value in draft.values.items() if key.startswith(f"{table}.")]
        if inside and all(value is None for value in inside):
            draft = draft.having({table: None})
    return draft


def _restored(values: Mapping[str, Any], base: Mapping[str, Any], table: str) -> dict[str, Any]:
    """The values, those of a table as they were at first."""
    inside = f"{table}."
    others = {key: value for key, value in values.items() if not key.startswith(inside)}
    return others | {key: value for key, value in base.items() if key.startswith(inside)}
