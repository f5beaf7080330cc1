"""Reading, planning, applying and rolling back: written once, for every kind of document.

    read      every wanted document of every account, in parallel, each once         engine/read.py
    plan      wants and documents → changes; pure                                    engine/plan.py
    apply     one change after the other: lock, re-read, compare, journal, write,
              read back, journal                                                     engine/apply.py
    rollback  the same, with the change reversed                                     engine/rollback.py
    recover   what a crash left in doubt, settled by looking                         engine/recover.py
    commands  the AWS calls of one change, not made; drafts: of many, one on another engine/commands.py

The engine knows no kind: it is given them by :func:`reconcile.kinds.kinds`.
"""

from reconcile.engine.apply import apply
from reconcile.engine.commands import Call, Draft, commands, drafts
from reconcile.engine.live import Live, SoFar
from reconcile.engine.outcome import Outcome, Result
from reconcile.engine.plan import plan
from reconcile.engine.read import connect, read
from reconcile.engine.recover import recover
from reconcile.engine.rollback import reversals, rollback

__all__ = [
    "Call",
    "Draft",
    "Live",
    "Outcome",
    "Result",
    "SoFar",
    "apply",
    "commands",
    "connect",
    "drafts",
    "plan",
    "read",
    "recover",
    "reversals",
    "rollback",
]
