"""What each verb does: a function of a run, whose answer is the program's exit code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile.change import Action
from reconcile.errors import ReadOnly, Refused
from reconcile.plan_json import plan_to_json
from xacct_tui import messages, proving
from xacct_tui.exit_codes import plan_code
from xacct_tui.readings import Weighed
from xacct_tui.render.aws_commands import drafts_text
from xacct_tui.render.details import UNPROVEN, Proven, breaking
from xacct_tui.render.history import history_json, history_markdown, history_text
from xacct_tui.render.json_text import json_text
from xacct_tui.render.markdown import plan_markdown
from xacct_tui.render.outcomes import outcomes_text
from xacct_tui.render.text import changes_text, plan_text
from xacct_tui.saving import save
from xacct_tui.selection import changes_to_apply, entries_to_roll_back
from xacct_tui.session import matches

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from reconcile import Outcome
    from reconcile.change import Change, Plan
    from xacct_tui.interrupts import Interrupts
    from xacct_tui.session import Session
    from xacct_tui.terminal import Progress, Terminal

DONE, FAILED = 0, 1
INTERRUPTED = 130

_STUCK = frozenset({Action.BLOCKED, Action.UNREADABLE})
_WELL = frozenset({"applied", "already"})


@dataclass(frozen=True, slots=True)
class Run:
    """One call of the program."""

    options: argparse.Namespace
    terminal: Terminal
    session: Session
    interrupts: Interrupts
    progress: Progress
    version: str

    def print(self, text: str) -> None:
        """Write data, with no line of progress before it."""
        self.progress.clear()
        self.terminal.print(text)

    def tell(self, text: str) -> None:
        """Write a message, with no line of progress before it."""
        self.progress.clear()
        self.terminal.tell(text)


def plan(run: Run) -> int:
    """Print the plan, and save it if asked to."""
    made = run.session.plan()
    saved = json_text(plan_to_json(made, run.version))
    if run.options.out:
        save(Path(run.options.out), saved, mode=0o600)
    if run.options.format == "json":
        run.print(saved)
    elif run.options.format == "markdown":
        run.print(plan_markdown(made))
    else:
        run.print(plan_text(made, colour=run.terminal.colour, width=run.terminal.width))
    if made.pending and run.terminal.is_read:
        run.tell(messages.apply_saved(run.options.out) if run.options.out else messages.APPLY_NEXT)
    return plan_code(made)


def apply(run: Run) -> int:
    """Apply changes of the plan, or of a saved one."""
    _begin_writing(run)
    made, chosen, proven = _weighed(run)
    left_out = _left_out(run, made)
    if left_out:
        run.tell(messages.left_out(left_out))
    if not chosen:
        run.tell(messages.NOTHING_TO_APPLY)
        return FAILED if left_out else DONE
    _refuse_unallowed_effects(run, chosen)
    if not _confirmed(run, chosen, "apply", proven):
        return FAILED
    with run.interrupts.caught():
        outcomes = run.session.apply(chosen, made)
    return _ended(run, outcomes, "applied") or (FAILED if left_out else DONE)


def rollback(run: Run) -> int:
    """Roll back one change, or a run; or show what that would be."""
    options, session = run.options, run.session
    if not options.dry_run:
        _begin_writing(run)
    callers = frozenset() if options.rollback else session.callers()
    entries = entries_to_roll_back(session.entries(), options.rollback, callers)
    changes = session.reversals(entries)
    unsettled = [entry.change.id for entry in entries if entry.unsettled]
    if unsettled:
        run.tell(messages.in_doubt(unsettled))
    if options.dry_run:
        run.print(changes_text(changes, colour=run.terminal.colour, width=run.terminal.width))
        return DONE
    _refuse_unallowed_effects(run, changes)
    if not _confirmed(run, changes, "roll back"):
        return FAILED
    with run.interrupts.caught():
        outcomes = session.rollback(entries, changes)
    return _ended(run, outcomes, "rolled back")


def history(run: Run) -> int:
    """Print what the journal holds."""
    entries = run.session.entries()
    if run.options.format == "json":
        run.print(json_text(history_json(entries)))
    elif run.options.format == "markdown":
        run.print(history_markdown(entries))
    else:
        run.print(history_text(entries, width=run.terminal.width))
    return DONE


def export(run: Run) -> int:
    """Print the pending changes as commands, for those who must apply them by hand."""
    session = run.session
    run.print(drafts_text(session.drafts(), session.config, profiles=session.scope.profiles))
    return DONE


def schema(run: Run) -> int:
    """Print the JSON Schema of the configuration."""
    from reconcile.desired import schema

    run.print(json_text(schema(), sort_keys=True))
    return DONE


VERBS = {
    "plan": plan,
    "apply": apply,
    "rollback": rollback,
    "history": history,
    "prove": proving.prove,
    "check": proving.check,
    "export": export,
    "schema": schema,
}


def _weighed(run: Run) -> Weighed:
    """What is to be applied; a saved plan is applied as it was approved, without a look at anything else."""

    def choose(plan: Plan) -> tuple[Change, ...]:
        return changes_to_apply(plan, run.options.apply, run.session.holds)

    if run.options.plan_file:
        saved = run.session.saved_plan(run.options.plan_file)
        return Weighed(saved, choose(saved))
    return run.session.weigh(choose)


def _begin_writing(run: Run) -> None:
    """Refuse what must not write; then settle what an earlier run left in doubt."""
    if run.session.read_only:
        raise ReadOnly(messages.READ_ONLY)
    if not (run.options.yes or run.terminal.can_ask):
        raise Refused(messages.NEEDS_YES)
    settled = run.session.recover()
    if settled:
        run.tell(messages.settled(outcomes_text(settled, width=run.terminal.width).rstrip()))


def _left_out(run: Run, plan: Plan) -> int:
    """Count what was asked for, by all or by globs, and cannot be applied."""
    names = run.options.apply or ["*"]
    stuck = [change for change in plan.changes if change.action in _STUCK and change.managed]
    return sum(run.session.holds(change) and any(matches(change, name) for name in names) for change in stuck)


def _refuse_unallowed_effects(run: Run, changes: Sequence[Change]) -> None:
    """Want an explicit word for effects, where nobody is asked and no saved plan lists them."""
    effects = [f"{change.id}: {effect}" for change in changes for effect in change.effects]
    allowed = run.options.allow_effects or run.options.plan_file or run.terminal.can_ask
    if effects and not allowed:
        raise Refused(messages.needs_effects(effects))


def _confirmed(run: Run, changes: Sequence[Change], verb: str, proven: Proven = UNPROVEN) -> bool:
    """Show what will be done and ask; for an account's name too, where there is no way back."""
    if run.options.yes:
        for warning in breaking(changes, proven):
            run.tell(warning)
        return True
    run.progress.clear()
    run.terminal.stderr.write(changes_text(changes, colour=False, width=run.terminal.width, proven=proven))
    accounts = dict.fromkeys(f"{change.address.account} ({change.account_id})" for change in changes)
    final = {change.address.account for change in changes if not change.reversible}
    agreed = run.terminal.ask(messages.go_ahead(verb, len(changes), accounts)).lower() in {"y", "yes"}
    if agreed and all(run.terminal.ask(messages.type_the_name(name)) == name for name in sorted(final)):
        return True
    run.tell(messages.NOT_CONFIRMED)
    return False


def _ended(run: Run, outcomes: Sequence[Outcome], applied: str) -> int:
    run.print(outcomes_text(outcomes, colour=run.terminal.colour, width=run.terminal.width, applied=applied))
    if applied == "applied" and run.terminal.is_read and any(str(one.result) == "applied" for one in outcomes):
        run.tell(messages.UNDO_NEXT)
    if run.interrupts.stop():
        return INTERRUPTED
    return DONE if all(str(outcome.result) in _WELL for outcome in outcomes) else FAILED
