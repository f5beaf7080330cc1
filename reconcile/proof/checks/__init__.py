"""The checks: known causes of failure, each seen from the configuration alone.

To add one, write a function under ``@check(…)`` into the module of its group and name it in that module's ``CHECKS``:
nothing else has to know it. A module of the package that has ``CHECKS`` is found by itself. What the catalogue of
causes holds and no check sees stands with its reason in the module's ``LEFT_OUT``.
"""

from __future__ import annotations

from reconcile.proof.checks.catalogue import checks, left_out
from reconcile.proof.checks.finding import findings

__all__ = ["checks", "findings", "left_out"]
