"""The texts that people read, beside those of the errors and the renderings."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DESCRIPTION = """\
Sets up, proves and repairs an AWS CodePipeline that deploys to another
account's S3 bucket, change by change. Without a terminal, no verb is --plan."""

EPILOG = """\
exit codes:
  0    done; for --plan: everything is in sync
  1    refused, failed, or called in a wrong way
  2    --plan: changes are pending or blocked; --prove: something fails;
       --check: either, or a finding as bad as --fail-on
  3    --plan, --prove, --check: nothing of that, but something could not be
       read, or is not known
  130  interrupted; the journal is intact

Credentials come from the AWS configuration (AWS_PROFILE, SSO, ...). Without
a terminal, --apply and --rollback want --yes.

to begin with:
  xacct-tui --init                        make xacct.toml, step by step
  xacct-tui --demo                        a plan, without AWS
  xacct-tui --plan                        what differs; nothing is written
  xacct-tui --prove                       will it work, and if not, why not
  xacct-tui --apply website/trust-policy  one change; asks first
  xacct-tui --rollback                    takes your last run back"""

EMBEDDED = "these accounts are embedded: they reach no AWS, and vanish at exit"

NO_DEMO = "the embedded accounts need moto; install it with: pip install 'xacct-tui[demo]'"

STOPPING = "stopping after the current call; press Ctrl-C again to stop at once"

INTERRUPTED = "interrupted: nothing was applied or rolled back"

CUT_SHORT = "interrupted at once: the next --apply or --rollback looks at what became of the write that was cut short"

NO_CONFIG = (
    "there is no file {path!r}: name your configuration with --config, make one with --init on a terminal, copy "
    "config/article.toml and put your accounts in, or look around with --demo"
)

NEEDS_TERMINAL = "--init asks on a terminal, and there is none: copy config/article.toml and put your accounts in"

NOTHING_TO_APPLY = "nothing to apply; --plan shows where things stand"

READ_ONLY = "this run is read-only (--read-only, or read_only in the configuration): it can --plan, and write nothing"

PROVE_NEXT = "--prove --planned proves the state after the plan; --plan shows what would be changed"

APPLY_NEXT = "--apply applies this, --apply ID one of it; each asks first"

UNDO_NEXT = "--plan shows where things stand now, --rollback takes this run back"

OTHER_CONFIG = (
    "the plan was made from another configuration than {path} holds now: make a new plan, or give the "
    "configuration it was made from with --config"
)

NEEDS_YES = "there is no terminal to ask on: add --yes to go ahead"

NOT_CONFIRMED = "nothing was changed"

NO_OWN_RUN = "the journal holds no run of yours that could be rolled back; --history shows what it holds"

PLAN_LISTS = "--plan lists what there is"

HISTORY_LISTS = "--history lists what there is"


def apply_saved(path: str) -> str:
    """Say how to apply the plan that was saved."""
    return f"the plan is saved; this applies exactly it: --apply --plan-file {shlex.quote(path)}"


def there_are(names: Iterable[str]) -> str:
    """List the few names that there are."""
    return f"there is {' and '.join(names)}"


def did_you_mean(what: str, name: str, candidates: Sequence[str], otherwise: str) -> str:
    """Say that there is no such thing, and what was perhaps meant, or where to look."""
    hint = f"did you mean {' or '.join(candidates)}?" if candidates else otherwise
    return f"{what} {name!r}; {hint}"


def needs_effects(effects: list[str]) -> str:
    """Say which effects have to be allowed, one a line."""
    listed = "".join(f"\n  {effect}" for effect in effects)
    return f"this does more than change documents; add --allow-effects to go ahead:{listed}"


def needs_unnamed(needs: Sequence[str], names: Sequence[str]) -> str:
    """Say which pending changes were not named, though a named one rests on them, and how to name them all."""
    listed = "".join(f"\n  {need}" for need in needs)
    return f"this rests on pending changes that were not named:{listed}\nname them too: --apply {_typed(needs, names)}"


def rested_on(name: str, others: Sequence[str]) -> str:
    """Say which applied changes rest on the one that was to be rolled back, and how to roll them back too."""
    listed = "".join(f"\n  {other}" for other in others)
    return f"applied changes rest on {name}:{listed}\nroll those back first, newest first: --rollback {others[0]}"


def in_doubt(ids: list[str]) -> str:
    """Say which changes are in doubt: they are rolled back only once AWS tells what they did."""
    listed = "".join(f"\n  {each}" for each in ids)
    return f"in doubt, and not rolled back before it is known what they did:{listed}"


def left_out(count: int) -> str:
    """Say that some of what is wanted was not applied, since it cannot be."""
    changes = "change is" if count == 1 else "changes are"
    return f"{count} blocked or unreadable {changes} left out; --plan says why"


def not_exportable(change: str, account: str, problem: str) -> str:
    """Say that the commands of a change cannot be told, and why."""
    return f"{change} in {account}: run the commands above, then export again ({problem})"


def left_in_doubt(count: int) -> str:
    """Say that what was being written at the end is not known to be made, and who finds out."""
    writes = "1 write is" if count == 1 else f"{count} writes are"
    return f"{writes} in doubt; the next apply or roll-back looks at AWS and settles it"


def settled(outcomes: str) -> str:
    """Say what became of the changes that an earlier run had left in doubt."""
    return f"an earlier run had left changes in doubt; they are settled now:\n{outcomes}"


def type_the_name(account: str) -> str:
    """Ask for the name of an account."""
    return f"not all of this can be undone; type the account's name ({account}) to go ahead: "


def go_ahead(verb: str, count: int, accounts: Iterable[str]) -> str:
    """Ask whether to go ahead in these accounts; no is the default."""
    return f"{verb} {count} change{'' if count == 1 else 's'} in {' and '.join(accounts)}? [y/N] "


def _typed(*names: Sequence[str]) -> str:
    return shlex.join(name for part in names for name in part)
