"""JSON as it is printed and saved."""

from __future__ import annotations

import json
from typing import Any


def json_text(document: dict[str, Any], *, sort_keys: bool = False) -> str:
    """Give one document, indented, in ASCII."""
    return json.dumps(document, indent=2, sort_keys=sort_keys) + "\n"
