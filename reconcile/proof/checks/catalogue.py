"""Every check there is, and every cause that none of them sees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType

from reconcile.proof import checks as package
from reconcile.proof.checks.check import Check


@cache
def checks() -> tuple[Check, ...]:
    """Every check, in the order of their ids."""
    found = (one for module in _modules() for one in getattr(module, "CHECKS", ()))
    return tuple(sorted(found, key=lambda each: _order(each.id)))


@cache
def left_out() -> Mapping[str, str]:
    """The causes that no check sees, by id, and why."""
    found = [each for module in _modules() for each in getattr(module, "LEFT_OUT", {}).items()]
    return MappingProxyType(dict(sorted(found, key=lambda each: _order(each[0]))))


def _modules() -> Iterator[ModuleType]:
    names = [module.name for module in iter_modules(package.__path__)]
    return (import_module(f"{package.__name__}.{name}") for name in names if not name.startswith("_"))


def _order(id_: str) -> tuple[int, int]:
    """As a deployment goes through them: key, roles, artifacts, output, source, pipeline."""
    letter, number = re.fullmatch(r"([A-Z])(\d+)", id_).groups()  # type: ignore[union-attr]
    return "KRBDSP".index(letter), int(number)
