"""A configuration in the making: what is filled in so far, and what there is to say about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reconcile.desired import Account, Deployment
from reconcile.desired.diagnosis import diagnose
from reconcile.errors import ConfigProblem
from reconcile.toml import dotted_key, flat, nested, parse


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know about one field."""

    key: str
    """Dotted."""
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Dotted keys of the TOML and their values; None takes a key out of a file that has it."""

    values: Mapping[str, Any]
    remarks: tuple[Remark, ...] = ()
    """Why a value is what it is, where that is not plain."""
    unknown: tuple[Remark, ...] = ()
    """What could not be known and why; the field is left out, or has what can be guessed."""

    def having(self, changes: Mapping[str, Any]) -> Draft:
        """The same draft with these values; what was said of those fields goes. To take out a table is one change."""

        def kept(remarks: tuple[Remark, ...]) -> tuple[Remark, ...]:
            return tuple(remark for remark in remarks if remark.key not in changes)

        values = {key: value for key, value in self.values.items() if not any(_overlap(key, each) for each in changes)}
        return replace(self, values={**values, **changes}, remarks=kept(self.remarks), unknown=kept(self.unknown))


def rename_accounts(draft: Draft, names: Mapping[str, str]) -> Draft:
    """The draft with accounts called otherwise: what is filled in of them, and every deployment that means one."""
    accounts = {dotted_key("accounts", old): dotted_key("accounts", new) for old, new in names.items()}
    moved = {_moved(key, accounts): value for key, value in draft.values.items()}
    deployments = nested(draft.values).get("deployments")
    uses = {
        dotted_key("deployments", name, field): names[meant]
        for name, deployment in (deployments.items() if isinstance(deployments, dict) else ())
        for field in ("pipeline_account", "target_account")
        if isinstance(deployment, dict)
        and (meant := deployment.get(field, Deployment.model_fields[field].default)) in names
    }
    return replace(draft, values={**moved, **uses})


def _moved(key: str, tables: Mapping[str, str]) -> str:
    old = next((old for old in tables if key.startswith(f"{old}.")), None)
    return key if old is None else tables[old] + key.removeprefix(old)


def _overlap(one: str, other: str) -> bool:
    """Whether one of two dotted keys is the other, or a table that holds it."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def check(draft: Draft, file: str = "xacct.toml") -> dict[str, ConfigProblem]:
    """What is wrong, in the words of the file's own check, by dotted key; the first problem of each.

    A problem within a list stands under the list's key. Quick enough to be asked at every key that is pressed.
    """
    problems: dict[str, ConfigProblem] = {}
    for problem in diagnose(nested(draft.values, file)):
        key = dotted_key(*(part for part in problem.key if isinstance(part, str)))
        problems.setdefault(key, ConfigProblem(file, 0, key, problem.found, problem.allowed))
    return problems


def draft_of(text: str, file: str = "xacct.toml") -> Draft:
    """What a file says, sound or not; raises ConfigError where it is not TOML."""
    return Draft(flat(parse(text, file)))


def draft_new(
    accounts: Mapping[str, Account],
    *,
    pipeline: str,
    name: str = "website",
    account: str = "dev",
    target: str = "prod",
    source_bucket: str = "",
    object_key: str = "",
    artifact_bucket: str = "",
    output_bucket: str = "",
    admins: tuple[str, ...] = (),
) -> Draft:
    """A new set-up as the article has it; buckets without a name get one that nobody else is likely to have.

    ``accounts`` are those that are known already; of the others it is left open what they are.
    """
    sheet = Sheet(name, account, target)
    sheet.accounts(accounts)
    sheet.set("pipeline", pipeline)
    inner, outer = accounts.get(account), accounts.get(target)
    proposed = {
        "source": source_bucket or _bucket(pipeline, "input", inner),
        "artifacts": artifact_bucket or _bucket(pipeline, "artifacts", inner),
        "output": output_bucket or _bucket(pipeline, "output", outer),
    }
    for table, bucket in proposed.items():
        sheet.set(f"{table}.bucket", bucket)
    sheet.set("source.object_key", object_key or f"{name}.zip")
    if admins:
        sheet.set("key.admins", list(admins))
    return sheet.draft()


def _bucket(pipeline: str, purpose: str, account: Account | None) -> str:
    """Bucket names are unique in the world, and an account's id is as good as nobody else's."""
    stem = re.sub("[^a-z0-9]+", "-", pipeline.lower()).strip("-")
    tail = f"-{purpose}-{account.id}" if account else f"-{purpose}"
    return f"{stem[: 63 - len(tail)].rstrip('-')}{tail}".lstrip("-")


@dataclass(slots=True)
class Sheet:
    """A draft being written: fields are named within the deployment, ``output.bucket`` for one."""

    name: str
    account: str
    target: str
    values: dict[str, Any] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    unknown: list[Remark] = field(default_factory=list)

    def key(self, field: str) -> str:
        """The dotted key of a field."""
        return dotted_key("deployments", self.name, *field.split("."))

    def accounts(self, known: Mapping[str, Account]) -> None:
        """What is known of the accounts, and which part each plays."""
        for name in (self.account, self.target):
            if name in known:
                told = known[name].model_dump()
                self.values |= {dotted_key("accounts", name, each): value for each, value in told.items() if value}
        self.set("pipeline_account", self.account)
        self.set("target_account", self.target)

    def set(self, field: str, value: Any, remark: str = "") -> None:
        """Fill in a field."""
        self.values[self.key(field)] = value
        if remark:
            self.say(field, remark)

    def say(self, field: str, remark: str) -> None:
        """Tell something about a field."""
        self.remarks.append(Remark(self.key(field), remark))

    def leave(self, field: str, why: str) -> None:
        """Tell why a field could not be known."""
        self.unknown.append(Remark(self.key(field), why))

    def draft(self) -> Draft:
        """What there is so far."""
        return Draft(dict(self.values), tuple(self.remarks), tuple(self.unknown))
