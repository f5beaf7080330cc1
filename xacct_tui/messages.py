"""The texts that people read, beside those of the errors and the renderings."""

from __future__ import annotations

DESCRIPTION = "Sets up and repairs an AWS CodePipeline that deploys to another account's S3 bucket, change by change."

EPILOG = """\
exit codes:
  0    done; for --plan: everything is in sync
  1    refused, failed, or called in a wrong way
  2    --plan: changes are pending or blocked
  3    --plan: nothing is pending, but something could not be read
  130  interrupted; the journal is intact

Credentials come from the AWS configuration (AWS_PROFILE, SSO, ...). Without a terminal, --apply and
--rollback want --yes."""

EMBEDDED = "these are embedded accounts on this machine: they reach no AWS and vanish at exit"

NO_DEMO = "the embedded accounts need moto; install it with: pip install 'xacct-tui[demo]'"

STOPPING = "stopping after the current call; press Ctrl-C again to stop at once"

INTERRUPTED = "interrupted"

NOTHING_TO_APPLY = "nothing to apply"

READ_ONLY = "this run is read-only: nothing is applied and nothing is rolled back"

OTHER_CONFIG = (
    "the plan was made from another configuration than {path} holds now: make a new plan, or give the "
    "configuration it was made from with --config"
)

NEEDS_YES = "there is no terminal to ask on: add --yes to go ahead"

NOT_CONFIRMED = "nothing was changed"

NO_OWN_RUN = "the journal holds no run of yours that could be rolled back; --history shows what it holds"


def did_you_mean(what: str, name: str, candidates: list[str]) -> str:
    """Say that there is no such thing, and what was perhaps meant."""
    hint = f"; did you mean {' or '.join(candidates)}?" if candidates else ""
    return f"{what} {name!r}{hint}"


def needs_effects(effects: list[str]) -> str:
    """Say which effects have to be allowed, one a line."""
    listed = "".join(f"\n  {effect}" for effect in effects)
    return f"this does more than change documents; add --allow-effects to go ahead:{listed}"


def needs_unnamed(needs: list[str]) -> str:
    """Say which pending changes were not named, though a named one rests on them."""
    listed = "".join(f"\n  {need}" for need in needs)
    return f"what these changes rest on is pending and was not named:{listed}"


def in_doubt(ids: list[str]) -> str:
    """Say which changes are in doubt: they are rolled back only once AWS tells what they did."""
    listed = "".join(f"\n  {each}" for each in ids)
    return f"in doubt, and not rolled back before it is known what they did:{listed}"


def left_out(count: int) -> str:
    """Say that some of what is wanted was not applied, since it cannot be."""
    return f"{count} blocked or unreadable changes are left out; --plan says why"


def not_exportable(change: str, account: str, problem: str) -> str:
    """Say that the commands of a change cannot be told, and why."""
    return f"{change} in {account}: run the commands above, then export again ({problem})"


def settled(outcomes: str) -> str:
    """Say what became of the changes that an earlier run had left in doubt."""
    return f"an earlier run had left changes in doubt; they are settled now:\n{outcomes}"


def type_the_name(account: str) -> str:
    """Ask for the name of an account."""
    return f"this cannot be undone; type the account's name ({account}) to go ahead: "


def go_ahead(count: int, verb: str) -> str:
    """Ask whether to go ahead; no is the default."""
    return f"{verb} {count} change{'' if count == 1 else 's'}? [y/N] "
