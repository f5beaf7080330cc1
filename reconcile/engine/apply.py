"""Applying changes of a plan, in its order."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from reconcile.change import Change, Part, Plan
from reconcile.clients import Clients
from reconcile.engine.outcome import Outcome, Result
from reconcile.engine.writing import Writer
from reconcile.errors import Blocked, XacctError
from reconcile.events import Observer, ignore
from reconcile.journal import Journal
from reconcile.journal.sqlite import new_run
from reconcile.kinds import kinds
from reconcile.references import references, resolve


def apply(
    changes: Sequence[Change],
    plan: Plan,
    clients: Clients,
    journal: Journal,
    *,
    observe: Observer = ignore,
    stop: Callable[[], bool] = lambda: False,
    pause: Callable[[float], None] = time.sleep,
) -> tuple[Outcome, ...]:
    """Apply these changes of the plan, each after what it requires; one outcome for each, in that order.

    A change is refused if something pending that it requires is not among them, and not run once that failed.
    ``stop`` is asked before each change.
    """
    writer = Writer(clients, journal, new_run(), observe, pause)
    chosen = {change.id for change in changes}
    outcomes: dict[str, Outcome] = {}
    for change in (each for each in plan.changes if each.id in chosen):
        if stop():
            outcomes[change.id] = Outcome(change, Result.NOT_RUN, "stopped before it")
            continue
        outcomes[change.id] = _obstacle(change, plan, outcomes) or _apply(change, plan, writer)
    return tuple(outcomes.values())


def _obstacle(change: Change, plan: Plan, outcomes: dict[str, Outcome]) -> Outcome | None:
    if not change.managed:
        return Outcome(change, Result.REFUSED, "others own it (report_only)")
    if not change.pending:
        result = Result.ALREADY if change.action == "none" else Result.REFUSED
        return Outcome(change, result, change.reason)
    for required in (each for each in change.requires if each in plan):
        if required in outcomes and not outcomes[required].ok:
            return Outcome(change, Result.NOT_RUN, f"{required}, which it needs, was not applied")
        if required not in outcomes and plan[required].pending:
            return Outcome(change, Result.REFUSED, f"needs {required}, which is not applied yet")
    return None


def _apply(change: Change, plan: Plan, writer: Writer) -> Outcome:
    try:
        return writer.make(_resolved(change, plan, writer))
    except XacctError as error:
        return Outcome(change, Result.REFUSED, str(error), error)


def _resolved(change: Change, plan: Plan, writer: Writer) -> Change:
    """The change with what was unknown when it was planned, read now that it exists."""
    names = references([change.after, change.part.of])
    if not names:
        return change
    texts = {name: _look_up(name, plan, writer) for name in names}
    part = Part(change.part.name, tuple(resolve(list(change.part.of), texts)))
    return replace(change, after=resolve(change.after, texts), part=part)


def _look_up(name: str, plan: Plan, writer: Writer) -> str:
    resource, _, attribute = name.rpartition("#")
    for other in plan.on(resource):
        kind, account = kinds()[other.address.kind], writer.clients.accounts[other.address.account]
        facts = kind.facts(account, other.address, other.after, writer.read(other))
        if attribute in facts:
            return facts[attribute]
    raise Blocked(f"the {attribute} of {resource} is not known yet: apply what makes it first")
