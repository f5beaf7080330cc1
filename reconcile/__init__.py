"""Plan, apply and roll back a cross-account CodePipeline deployment, change by change.

>>> config = load("xacct.toml")                               # doctest: +SKIP
>>> with connect(config) as clients, open_journal(config) as journal:   # doctest: +SKIP
...     wanted = plan(config, read(config, clients))
...     outcomes = apply([wanted["website/trust-policy"]], wanted, clients, journal)

The library prints nothing and knows no screen.
"""

from reconcile.change import Action, Change, Plan
from reconcile.clients import Clients
from reconcile.desired import Config
from reconcile.engine import Live, Outcome, Result, apply, connect, plan, read, recover, reversals, rollback
from reconcile.errors import XacctError
from reconcile.journal import Entry, Journal, open_journal
from reconcile.toml import load

__all__ = [
    "Action",
    "Change",
    "Clients",
    "Config",
    "Entry",
    "Journal",
    "Live",
    "Outcome",
    "Plan",
    "Result",
    "XacctError",
    "apply",
    "connect",
    "load",
    "open_journal",
    "plan",
    "read",
    "recover",
    "reversals",
    "rollback",
]
