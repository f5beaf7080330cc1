"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from reconcile.errors import Refused

_NEW = 0o666
"""Before the user's umask."""


def save(path: Path, text: str, *, mode: int | None = None) -> None:
    """Write a file whole or not at all; ``mode`` None leaves it to the user's umask. A link stays a link.

    Raises Refused for what is there and is no regular file: a device would be replaced by one.
    """
    path = Path(os.path.realpath(path))
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(path.stat().st_mode):
            raise Refused(f"{path} is not a regular file")
    beside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _NEW if mode is None else mode)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error  # whose name says something
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
