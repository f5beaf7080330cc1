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
    proof/                           will it work: sights, world, route, chain, prove; planning: what is enough
    journal/, plan_json, events      history and locks; plans as JSON; what a run tells while it goes on

A new sort of AWS document is one module in kinds/, see :mod:`reconcile.kinds`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconcile.change import Action, Change, Plan
    from reconcile.clients import Clients
    from reconcile.desired import Config
    from reconcile.engine import (
        Live,
        Outcome,
        Result,
        apply,
        connect,
        drafts,
        recover,
        reversals,
        rollback,
    )
    from reconcile.errors import XacctError
    from reconcile.journal import Entry, Journal, open_journal
    from reconcile.proof.comparison import proven_changes
    from reconcile.proof.looking import for_proof
    from reconcile.proof.planning import plan, read
    from reconcile.proof.proving import prove
    from reconcile.proof.values import Proof
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
    "Proof",
    "Result",
    "XacctError",
    "apply",
    "connect",
    "drafts",
    "for_proof",
    "load",
    "open_journal",
    "plan",
    "prove",
    "proven_changes",
    "read",
    "recover",
    "reversals",
    "rollback",
]

_HOMES = {
    "change": ("Action", "Change", "Plan"),
    "clients": ("Clients",),
    "desired": ("Config",),
    "errors": ("XacctError",),
    "journal": ("Entry", "Journal", "open_journal"),
    "proof.comparison": ("proven_changes",),
    "proof.looking": ("for_proof",),
    "proof.planning": ("plan", "read"),
    "proof.proving": ("prove",),
    "proof.values": ("Proof",),
    "toml": ("load",),
}
"""Where the public names are; those that are not here are in ``engine``."""

if not TYPE_CHECKING:  # a type checker that saw it would let every misspelt name pass

    def __getattr__(name: str) -> object:
        """Import a public name when it is first asked for: a submodule alone must not bring the whole library."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        home = next((home for home, names in _HOMES.items() if name in names), "engine")
        globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
        return globals()[name]

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
