"""AWS calls as commands of the AWS CLI, for those who must make them by hand."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

from reconcile.references import strings
from xacct_tui import messages
from xacct_tui.render.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reconcile import Config
    from reconcile.engine import Call, Draft

_SERVICES = {"s3": "s3api"}
"""Services that the CLI calls otherwise than botocore does."""

_BLANK = re.compile(r"<[^<>]+>")

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_TAKEN_OTHERWISE = re.compile(r"-|[a-z]+://")
"""Beginnings of values that the CLI would take for an option, or for the place of a file to read."""


def aws_commands(calls: Sequence[Call], config: Config, *, profiles: Mapping[str, str] | None = None) -> str:
    """Give one command for each call, in order, and a comment before those of each change.

    A POSIX shell reads the commands as they are meant, whatever stands in the values. ``profiles`` (account →
    profile) replaces the configuration's. What stands in angle brackets is to be filled in by hand.
    """
    return "".join(f"{line}\n" for line in _lines(calls, config, profiles or {}))


def drafts_text(drafts: Iterable[Draft], config: Config, *, profiles: Mapping[str, str] | None = None) -> str:
    """Give the commands of all drafts, as :func:`aws_commands`; what a draft cannot tell stands in a comment."""
    pieces = [
        "".join(f"# {plain(note)}\n" for note in _notes(draft)) + aws_commands(draft.calls, config, profiles=profiles)
        for draft in drafts
    ]
    return "\n".join(pieces) or f"# {messages.NOTHING_TO_APPLY}\n"


def change_text(
    change: str,
    drafts: Mapping[str, Draft],
    needs: Sequence[str],
    config: Config,
    *,
    profiles: Mapping[str, str] | None = None,
) -> str:
    """Give the commands of one change among its drafts, with a word on the changes that it needs first."""
    if change not in drafts:
        return f"# {plain(change)} is not pending any more\n"
    needed = f"# {plain(change)} needs these first: {', '.join(map(plain, needs))}\n" if needs else ""
    return needed + drafts_text([drafts[change]], config, profiles=profiles)


def _notes(draft: Draft) -> Iterator[str]:
    if draft.problem:
        yield messages.not_exportable(draft.change.id, draft.change.address.account, draft.problem)
    yield from (f"{draft.change.id} {effect}" for effect in draft.change.effects)


def _lines(calls: Sequence[Call], config: Config, profiles: Mapping[str, str]) -> Iterator[str]:
    for before, call in zip([None, *calls], calls, strict=False):
        if before is None or (before.change, before.account) != (call.change, call.account):
            yield _comment(call, config, profiles)
        yield from (f"# fill in by hand: {plain(blank)}" for blank in _blanks(call))
        yield _command(call, profiles.get(call.account) or config.accounts[call.account].profile)


def _comment(call: Call, config: Config, profiles: Mapping[str, str]) -> str:
    account = config.accounts[call.account]
    role = f", as {account.role_arn}" if account.role_arn and call.account not in profiles else ""
    return plain(f"# {call.change} in {call.account} ({account.id}){role}")


def _blanks(call: Call) -> list[str]:
    return sorted({blank for _, text in strings(call.parameters) for blank in _BLANK.findall(text)})


def _command(call: Call, profile: str) -> str:
    words = ["aws", _SERVICES.get(call.service, call.service), call.operation.replace("_", "-")]
    options = [["--profile", profile]] if profile else []
    options += [["--region", call.region], *_parameters(call.parameters)]
    return " \\\n    ".join(shlex.join(piece) for piece in [words, *options])


def _parameters(parameters: Mapping[str, Any]) -> Iterator[list[str]]:
    """Options for what is a text, a number or a switch; the rest as one JSON object."""
    nested = {name: value for name, value in parameters.items() if not _is_plain(value)}
    for name, value in parameters.items():
        if name not in nested:
            yield _option(_WORD.sub("-", name).lower(), value)
    if nested:
        yield ["--cli-input-json", json.dumps(nested)]


def _option(name: str, value: Any) -> list[str]:
    if isinstance(value, bool):
        return [f"--{name}" if value else f"--no-{name}"]
    return [f"--{name}", str(value)]


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return value.isprintable() and not _TAKEN_OTHERWISE.match(value)
    return isinstance(value, bool | int)
