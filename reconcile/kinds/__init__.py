"""The kinds: one module for each sort of AWS document.

To add one, write a module here that ends with ``KIND = …``, an instance of a subclass of
:class:`reconcile.kinds.protocol.Kind`: nothing else has to name it. Kinds never import each other; what two of them
need goes into a module beside this package. A kind with a slug of its own adds it to ``SLUGS`` in
:mod:`reconcile.desired`, and every kind has its documents in tests/laws/scenes.py, where its laws are tested.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING

from reconcile.errors import Blocked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconcile.kinds.protocol import Kind


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its name, in the order of their modules' names."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found = (module.KIND for module in modules if hasattr(module, "KIND"))
    return MappingProxyType(_Kinds({kind.name: kind for kind in found}))


class _Kinds(dict[str, "Kind"]):
    """Raises Blocked for a name that is no kind: saved plans and journals may be of a later version."""

    def __missing__(self, name: str) -> Kind:
        raise Blocked(f"documents of the kind {name!r} are unknown to this version")
