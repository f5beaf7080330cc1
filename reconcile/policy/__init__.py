"""The meaning of policy documents: pure functions on plain JSON values.

Documents are what ``parse`` returns (absent ones are None) and are never changed in place. A string that
begins with ``${xacct:`` is a reference to a value that AWS has not made yet: an opaque atom. "The IAM user
guide" and "the KMS developer guide" in this package are AWS's public ones.
"""

from reconcile.policy.cover import forbidding, uncovered, wider
from reconcile.policy.edit import size, statement_of, with_statement, without_sid
from reconcile.policy.equality import diff_statements, equal
from reconcile.policy.need import Need
from reconcile.policy.normal import normal_statement, statement_name, statements
from reconcile.policy.parse import parse
from reconcile.policy.principal import (
    dead_principals,
    has_principal,
    with_principal,
    without_dead_principals,
    without_principal,
)
from reconcile.policy.public import is_public

__all__ = [
    "Need",
    "dead_principals",
    "diff_statements",
    "equal",
    "forbidding",
    "has_principal",
    "is_public",
    "normal_statement",
    "parse",
    "size",
    "statement_name",
    "statement_of",
    "statements",
    "uncovered",
    "wider",
    "with_principal",
    "with_statement",
    "without_dead_principals",
    "without_principal",
    "without_sid",
]
