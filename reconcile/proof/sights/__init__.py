"""The sights: small readers of what only the proof needs.

To add one, put a :class:`reconcile.proof.sights.protocol.Sight` into ``SIGHTS`` of a module here: nothing else has to
name it. Which addresses are read is decided in :mod:`reconcile.proof.looking`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconcile.proof.sights.protocol import Sight


@cache
def sights() -> Mapping[str, Sight]:
    """Every sight by its name."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return MappingProxyType({each.name: each for module in modules for each in getattr(module, "SIGHTS", ())})
