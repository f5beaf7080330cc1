"""What time it is, as plans, proofs and the journal write it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """Now, in UTC, as ISO 8601 with a ``Z``: ``2026-11-25T09:00:00Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
