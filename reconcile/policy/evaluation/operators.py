"""The condition operators: how one value of a request compares to one value of a policy.

IAM user guide, reference_policies_elements_condition_operators.
"""

from __future__ import annotations

import base64
import binascii
import operator
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial
from ipaddress import ip_network
from typing import Any

from reconcile.policy.evaluation.template import ARN, TEXT, Facts, Relation, template
from reconcile.policy.evaluation.truth import Truth, Unknown

Compare = Callable[[str, Facts], Truth]
"""Whether an encoded value of a request matches one value of a policy."""
Reader = Callable[[str, str], Compare | None]
"""Value of a policy and Version of its document → how to compare; None if the operator takes no such value."""

_ARN_COLONS = 5


def _text(wanted: str, version: str, *, wild: bool = False, folded: bool = False) -> Compare | None:
    pattern = template(wanted, version, wild=wild)
    return lambda value, facts: pattern.matches(value, facts, TEXT, folded=folded)


def _arn(wanted: str, version: str, relation: Relation = ARN) -> Compare | None:
    if wanted.count(":") < _ARN_COLONS:
        return None
    pattern = template(wanted, version, wild=True)
    return lambda value, facts: pattern.matches(value, facts, relation)


def _parsed(
    read: Callable[[str], Any], holds: Callable[[Any, Any], bool], wanted: str, _version: str
) -> Compare | None:
    """Compare what ``read`` makes of both; ``holds`` takes the request's value first."""
    limit = _read(read, wanted)
    if limit is None:
        return None

    def compare(value: str, _facts: Facts) -> Truth:
        found = _read(read, value)
        return Unknown(text=f"{value} is of another type") if found is None else bool(holds(found, limit))

    return compare


@lru_cache(maxsize=1024)
def _read(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except (ValueError, InvalidOperation, OverflowError, binascii.Error):
        return None


def _number(text: str) -> Decimal | None:
    number = Decimal(text)
    return number if number.is_finite() else None


def _moment(text: str) -> Decimal | None:
    """Seconds since 1970, of an ISO 8601 date or of such a number; without a zone it is UTC."""
    try:
        return _number(text)
    except InvalidOperation:
        moment = datetime.fromisoformat(text)
        return Decimal(str((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()))


def _boolean(text: str) -> str | None:
    return text.lower() if text.lower() in ("true", "false") else None


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _network(text: str) -> Any:
    return ip_network(text, strict=False)


def _within(network: Any, allowed: Any) -> bool:
    return bool(network.version == allowed.version and network.subnet_of(allowed))


def _ordered(name: str, read: Callable[[str], Any]) -> dict[str, Reader]:
    tests: dict[str, Callable[[Any, Any], bool]] = {
        "equals": operator.eq,
        "lessthan": operator.lt,
        "lessthanequals": operator.le,
        "greaterthan": operator.gt,
        "greaterthanequals": operator.ge,
    }
    return {f"{name}{suffix}": partial(_parsed, read, test) for suffix, test in tests.items()}


OPERATORS: dict[str, Reader] = {
    "stringequals": _text,
    "stringequalsignorecase": partial(_text, folded=True),
    "stringlike": partial(_text, wild=True),
    "arnequals": _arn,
    "arnlike": _arn,
    "bool": partial(_parsed, _boolean, operator.eq),
    "binaryequals": partial(_parsed, _bytes, operator.eq),
    "ipaddress": partial(_parsed, _network, _within),
    **_ordered("numeric", _number),
    **_ordered("date", _moment),
}
"""By name in lower case, those that are not negations."""

NEGATIONS = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
}
