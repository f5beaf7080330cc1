"""MFA devices: the code of the moment, as an authenticator shows it (RFC 6238), and who may use which device."""

from __future__ import annotations

import base64
import hmac
import struct
import time

from xacct_tui.demo.call import Caller
from xacct_tui.demo.strict import state

_STEP = 30
"""Seconds that a code is shown for."""


def code(seed: str, at: float) -> str:
    """The six digits that a device with this seed shows at a time."""
    digest = hmac.digest(base64.b32decode(seed), struct.pack(">Q", int(at) // _STEP), "sha1")
    (number,) = struct.unpack_from(">I", digest, digest[-1] & 0xF)
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


def fits(caller: Caller, serial: str, typed: str) -> bool:
    """Whether the device is the calling user's own, and the code is its code, or was a moment ago."""
    user, device = state.user_at(caller.role_arn), state.mfa_device(caller.account, serial)
    if user is None or device is None or serial not in user.mfa_devices:
        return False
    now = time.time()
    return typed in {code(device.base32_string_seed, at) for at in (now, now - _STEP)}
