"""Plan, apply and roll back a cross-account CodePipeline deployment, change by change.

>>> config = load("xacct.toml")                               # doctest: +SKIP
>>> with connect(config) as clients, open_journal(config) as journal:   # doctest: +SKIP
...     wanted = plan(config, read(config, clients))
...     outcomes = apply([wanted["website/trust-policy"]], wanted, clients, journal)

The library prints nothing and knows no screen. To read it from top to bottom:

    errors, change, references       what can go wrong; the values: Want, Change, Plan; what is not known yet
    desired/, toml                   what the user asks for, as models, and their file
    policy/                          policy documents as values: what they mean, grant, deny
    credentials, clients, reads      access to the accounts, read side
    propagation                      access to the accounts, write side: which refusals pass by themselves
    kinds/protocol                   what a kind of document is; then kinds/key_alias, the smallest one
    addresses, grants                what the kinds share in saying what is wanted: where, and which statements
    statement_parts, ownership, …    what they share in reading and writing documents
    engine/                          wants, read, plan, apply, rollback, recover: written once, for every kind
    journal/, plan_json, events      history and locks; plans as JSON; what a run tells while it goes on

A new sort of AWS document is one module in kinds/, see :mod:`reconcile.kinds`.
"""

from reconcile.change import Action, Change, Plan
from reconcile.clients import Clients
from reconcile.desired import Config
from reconcile.engine import Live, Outcome, Result, apply, connect, plan, read, recover, rollback
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
    "rollback",
]
