"""The command line: which verbs and options there are, and which go together."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NoReturn

from xacct_tui import messages

if TYPE_CHECKING:
    from collections.abc import Sequence

VERBS = ("init", "plan", "apply", "rollback", "history", "prove", "check", "export", "schema", "version")

LATER = {
    "explain": "why the last execution failed",
    "release": "upload a zip and follow it into the other account",
    "teardown": "take away what the journal says was created",
}
"""The verbs that are promised and not built yet: a call of one says so."""

SEVERITIES = ("error", "warning", "info")

SCENARIOS = ("half-done", "empty", "drifted", "done")

_GOES_WITH = {
    "format": {"plan", "history", "prove", "check"},
    "out": {"plan"},
    "plan_file": {"apply"},
    "yes": {"apply", "rollback"},
    "allow_effects": {"apply", "rollback"},
    "dry_run": {"rollback"},
    "planned": {"prove"},
    "fail_on": {"check"},
}
"""The verbs that an option goes with; options that are not here go with every verb."""


class WrongUsage(Exception):
    """The call makes no sense; the text says why."""


class _Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises WrongUsage instead of leaving the program with a code of its own."""

    def error(self, message: str) -> NoReturn:
        raise WrongUsage(message)


class _NotBuilt(argparse.Action):
    """Refuses as soon as the verb is met, whatever follows it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> NoReturn:
        """Raise WrongUsage."""
        del parser, namespace, values
        raise WrongUsage(f"{option_string} is not built yet")


def parse(argv: Sequence[str], *, default_verb: str | None) -> argparse.Namespace:
    """Read the command line; ``verb`` of the answer is the one that was given, else ``default_verb``.

    Raises WrongUsage; leaves the program for ``--help`` only.
    """
    options = _parser().parse_args(argv)
    given = [verb for verb in VERBS if _is_given(getattr(options, verb))]
    options.verb = given[0] if given else default_verb
    _refuse_misplaced(options)
    if options.demo and options.config is not None:
        raise WrongUsage("--demo brings its own configuration: leave out --config")
    options.profile = dict(_pair(text) for text in options.profile)
    return options


def _parser() -> _Parser:
    parser = _Parser(
        prog="xacct-tui",
        description=messages.DESCRIPTION,
        epilog=messages.EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="xacct-tui [VERB] [OPTION ...]",
        allow_abbrev=False,
    )
    _add_verbs(parser.add_argument_group("verbs (one per call)").add_mutually_exclusive_group())
    _add_later(parser.add_argument_group("verbs that are not built yet"))
    _add_scope(parser.add_argument_group("options of every verb"))
    _add_options(parser.add_argument_group("options of one verb"))
    return parser


def _add_verbs(group: argparse._MutuallyExclusiveGroup) -> None:
    add = group.add_argument
    add("--init", action="store_true", help="make the configuration with a wizard, or edit the one that is there")
    add("--plan", action="store_true", help="show what differs from the configuration; only reads")
    add("--apply", nargs="*", metavar="ID|GLOB", help="apply these changes, or all of them")
    add(
        "--rollback",
        nargs="?",
        const="",
        metavar="ID|RUN",
        help="undo a change, or a run; without an argument, your own last run",
    )
    add("--history", action="store_true", help="show what was applied and rolled back")
    add("--prove", action="store_true", help="prove the access: will it work, and if not, which statement denies")
    add("--check", action="store_true", help="plan and proof in one pass, for CI; only reads")
    add("--export", choices=("cli",), help="print the pending changes as commands of the AWS CLI; reads only")
    add("--schema", action="store_true", help="print the JSON Schema of the configuration")
    add("--version", action="store_true", help="print the version")


def _add_later(group: argparse._ArgumentGroup) -> None:
    for verb, text in LATER.items():
        group.add_argument(f"--{verb}", nargs=0, action=_NotBuilt, help=text)


def _add_scope(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--config", metavar="FILE", help="the configuration (default: xacct.toml)")
    add("--only", action="append", default=[], metavar="GLOB", help="only these change ids or deployments; repeatable")
    add("--account", action="append", default=[], metavar="NAME", help="read and write only this account; repeatable")
    add(
        "--profile",
        action="append",
        default=[],
        metavar="ACCOUNT=PROFILE",
        help="credentials to use for an account; repeatable",
    )
    add("--read-only", action="store_true", help="make every write impossible")
    add(
        "--demo",
        nargs="?",
        const=SCENARIOS[0],
        choices=SCENARIOS,
        metavar="SCENARIO",
        help=f"embedded accounts instead of AWS: {', '.join(SCENARIOS)} (default: {SCENARIOS[0]})",
    )


def _add_options(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--format", choices=("text", "json", "markdown"), help="of what is printed (default: text)")
    add("--out", metavar="FILE", help="--plan: save the plan for --apply --plan-file")
    add("--plan-file", metavar="FILE", help="--apply: exactly the changes of a saved plan")
    add("--yes", action="store_true", help="--apply, --rollback: do not ask")
    add("--allow-effects", action="store_true", help="--apply, --rollback: executions may be started or stopped")
    add("--planned", action="store_true", help="--prove: the state after the plan")
    add("--fail-on", choices=SEVERITIES, help="--check: exit with 2 on findings this bad (default: error)")
    add("--dry-run", action="store_true", help="--rollback: show what would be rolled back")


def _refuse_misplaced(options: argparse.Namespace) -> None:
    for name, verbs in _GOES_WITH.items():
        if getattr(options, name) and options.verb not in verbs:
            wanted = " or ".join(f"--{verb}" for verb in sorted(verbs))
            raise WrongUsage(f"--{name.replace('_', '-')} goes with {wanted}")
    if options.format == "markdown" and options.verb in {"prove", "check"}:
        raise WrongUsage(f"--{options.verb} has no markdown: --format text or json")


def _is_given(value: object) -> bool:
    """Whether a verb was given: its value may be an empty text or list, for one without arguments."""
    return value is not None and value is not False


def _pair(text: str) -> tuple[str, str]:
    account, separator, profile = text.partition("=")
    if not (account and separator and profile):
        raise WrongUsage(f"--profile wants ACCOUNT=PROFILE, as in prod=company-prod; found {text!r}")
    return account, profile
