"""Truth in three values: True, False, or an Unknown that says what it is for want of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither true nor false for want of these condition keys, or for what the text says."""

    keys: tuple[str, ...] = ()
    text: str = ""


Truth = bool | Unknown


def all_of(truths: Iterable[Truth]) -> Truth:
    """False if any is False; stops at the first that is."""
    open_ones = []
    for truth in truths:
        if truth is False:
            return False
        if truth is not True:
            open_ones.append(truth)
    return _merged(open_ones) if open_ones else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """True if any is True; stops at the first that is."""
    open_ones = []
    for truth in truths:
        if truth is True:
            return True
        if truth is not False:
            open_ones.append(truth)
    return _merged(open_ones) if open_ones else False


def negation(truth: Truth) -> Truth:
    """The opposite; what is not known stays so."""
    return truth if isinstance(truth, Unknown) else not truth


def _merged(truths: Iterable[Truth]) -> Unknown:
    found = [truth for truth in truths if isinstance(truth, Unknown)]
    if len(found) == 1:
        return found[0]
    keys = dict.fromkeys(key for each in found for key in each.keys)
    texts = dict.fromkeys(each.text for each in found if each.text)
    return Unknown(tuple(keys), "; ".join(texts))
