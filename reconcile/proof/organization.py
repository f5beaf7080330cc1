"""The service and resource control policies over each account: of files, of the organization, or taken for granted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from reconcile import policy
from reconcile.change import Address
from reconcile.desired import Config
from reconcile.engine.live import Seen
from reconcile.errors import ConfigError, ConfigProblem, PolicyMalformed
from reconcile.policy.request import Context, HeldPolicy
from reconcile.proof.sights import organization as sight
from reconcile.toml_lines import dotted, line_of, lines

if TYPE_CHECKING:
    from reconcile.proof.world import World

Sort = Literal["scp", "rcp"]
Levels = tuple[tuple[HeldPolicy, ...], ...]
"""From the organization's root to the account; none at all: nothing of that sort binds it."""

NAMES: Mapping[Sort, str] = {"scp": "service control policies", "rcp": "resource control policies"}

_ALLOWED = "a file with a policy document, or with a list of them"
_LARGEST = 1 << 20


def addresses(config: Config) -> tuple[Address, ...]:
    """What is to be read with the account that ``[proof] organization`` names: the policies not given by files.

    Raises ConfigError where a file cannot be used: that is told before anything is read.
    """
    proof = config.proof
    files(config)
    reader = config.accounts.get(proof.organization)
    if reader is None:
        return ()
    wanted = [each for each in config.accounts.values() if each.name not in proof.scp or each.name not in proof.rcp]
    return tuple(sight.address(reader.name, reader.region, each.id) for each in wanted)


def levels(world: World, sort: Sort, number: str) -> Levels:
    """Give the levels over the account with this id, as far as they are known; see :class:`Organization`."""
    return world.organization.levels(sort, world.account(number) or "unknown")


def known(world: World, caller: str, owner: str) -> Context:
    """The condition keys of the organization of the caller's account, and of the resource's, where it is known."""
    ids = {"aws:principalorgid": caller, "aws:resourceorgid": owner}
    found = {key: world.organization.id_of(world.account(number)) for key, number in ids.items() if number}
    return {key: (id_,) for key, id_ in found.items() if id_}


def assumptions(world: World) -> tuple[str, ...]:
    """Say what is taken for granted of the organization, one sentence each."""
    return world.organization.assumptions


@dataclass(frozen=True)
class Organization:
    """The control policies over the accounts, by what the TOML says of them.

    Files come before what was read, and that before what ``[proof] assume`` takes for granted. Of an account that
    none of these tells, nobody knows what is allowed.
    """

    config: Config
    documents: Mapping[Address, Seen]
    of_files: Mapping[tuple[Sort, str], Levels]
    """See :func:`files`."""

    def levels(self, sort: Sort, account: str) -> Levels:
        """Give the levels over an account: by its name in the TOML, or its id where it has none."""
        if (sort, account) in self.of_files:
            return self.of_files[sort, account]
        read = self._read(account)
        if isinstance(read, dict):
            return tuple(_level(account, level) for level in read[sort])
        if sort in self.config.proof.assume:
            return ()
        why = (
            str(read)
            if read
            else (
                f'they were not read: write assume = ["{sort}"] under [proof] of the TOML to take them as allowing '
                "everything, or say there which files or which account hold them"
            )
        )
        return ((HeldPolicy(account, f"{NAMES[sort]} of {account}", None, unreadable=why),),)

    def id_of(self, account: str) -> str:
        """The id of the organization that an account is in; empty where it was not read."""
        read = self._read(account)
        return str(read["id"]) if isinstance(read, dict) else ""

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Say of which accounts what is taken to allow everything."""
        told = []
        for sort in self.config.proof.assume:
            names = [name for name in self.config.accounts if self._is_assumed(sort, name)]
            if names:
                told.append(f"{NAMES[sort]} of {' and '.join(names)} allow everything ([proof] assume)")
        return tuple(told)

    def _is_assumed(self, sort: Sort, account: str) -> bool:
        return (sort, account) not in self.of_files and not isinstance(self._read(account), dict)

    def _read(self, account: str) -> Seen:
        proof, accounts = self.config.proof, self.config.accounts
        reader = accounts.get(proof.organization)
        if reader is None or account not in accounts:
            return None
        return self.documents.get(sight.address(reader.name, reader.region, accounts[account].id))


def files(config: Config) -> Mapping[tuple[Sort, str], Levels]:
    """Read the files that ``[proof.scp]`` and ``[proof.rcp]`` name, which stand beside the TOML.

    Raises ConfigError with every file that cannot be used.
    """
    proof = config.proof
    named: dict[Sort, Mapping[str, tuple[str, ...]]] = {"scp": proof.scp, "rcp": proof.rcp}
    problems: list[ConfigProblem] = []
    found: dict[tuple[Sort, str], Levels] = {}
    for sort, accounts in named.items():
        for account, names in accounts.items():
            levels = []
            for number, name in enumerate(names):
                try:
                    levels.append(_of_file(Path(config.path).parent / name, account, name))
                except _Unusable as error:
                    problems.append(_problem(config.path, ("proof", sort, account, number), str(error)))
            found[sort, account] = tuple(levels)
    if problems:
        raise ConfigError(*problems)
    return found


class _Unusable(Exception):
    """Why a file cannot be used."""


def _of_file(path: Path, account: str, name: str) -> tuple[HeldPolicy, ...]:
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST + 1).decode()
        if len(text) > _LARGEST:
            raise _Unusable(f"{name}, which is larger than 1 MiB")
        listed = list(_listed(text))
    except OSError as error:
        raise _Unusable(f"{name}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise _Unusable(f"{name}, which is not UTF-8") from error
    except PolicyMalformed as error:
        raise _Unusable(f"{name}: {error}") from error
    several = len(listed) > 1
    return tuple(
        HeldPolicy(account, f"{name}[{number}]" if several else name, each) for number, each in enumerate(listed)
    )


def _listed(text: str) -> Iterator[dict[str, Any]]:
    """The documents of a file: one policy, or a list of them."""
    if not text.lstrip().startswith("["):
        yield policy.parse(text)
        return
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise PolicyMalformed(f"policy: not JSON: {place}: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise PolicyMalformed(f"policy: not JSON: {error}") from None
    for start, end in _items(text):
        # what is before it is blanked, so that a line that is told is one of the file
        yield policy.parse(re.sub(r"[^\n]", " ", text[:start]) + text[start:end])


def _items(text: str) -> Iterator[tuple[int, int]]:
    """Where each item of a list begins and ends in its text, which is JSON."""
    end = text.index("[")
    while item := re.compile(r"[\s,]*([^\s,\]])").match(text, end + (text[end] == "[")):
        start = item.start(1)
        _, end = json.JSONDecoder().raw_decode(text, start)
        yield start, end


def _problem(path: str, key: tuple[str | int, ...], found: str) -> ConfigProblem:
    try:
        line = line_of(key, lines(Path(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, IndexError):  # it is not what it was when it was loaded
        line = 0
    return ConfigProblem(path, line, dotted(key), found, _ALLOWED)


def _level(account: str, level: list[dict[str, Any]]) -> tuple[HeldPolicy, ...]:
    return tuple(HeldPolicy(account, each["name"], each["document"], unreadable=each["problem"]) for each in level)
