"""What can be made to go wrong in the embedded AWS, call by call."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from xacct_tui.demo.call import Call, Cut, Refusal

Moment = Literal["before", "after"]
_QUERY = ("iam", "sts")


@dataclass(slots=True)
class _Fault:
    call: str
    account: str | None
    left: int | None
    moment: Moment
    act: Callable[[Call], None]

    def meets(self, call: Call, account: str, moment: Moment) -> bool:
        return (
            self.moment == moment
            and self.call in (call.name, "*")
            and self.account in (None, account)
            and self.left != 0
        )


class Faults:
    """The faults that are set, in the order they were; ``call`` is ``service:Operation``, or ``*`` for every call.

    ``account`` is a name, and None means every account; ``times`` None means always. A call that meets a fault
    before is not made; after, it was made. Nothing is set at first.
    """

    def __init__(self) -> None:
        self._faults: list[_Fault] = []
        self._seconds = 0.0

    def clear(self) -> None:
        """Nothing goes wrong from here on."""
        self._faults.clear()
        self._seconds = 0.0

    def deny(self, call: str, account: str | None = None, times: int | None = None) -> None:
        """Refuse with the service's own AccessDenied."""
        self._add(call, account, times, "before", _denied)

    def throttle(self, call: str, times: int = 1, account: str | None = None) -> None:
        """Refuse with the service's own throttling code, which botocore retries."""
        self._add(call, account, times, "before", _throttled)

    def expire(self, account: str, at: str = "", moment: Moment = "before") -> None:
        """Refuse every call of the account: its token has expired; or expires ``at`` the next call of that name."""
        if not at:
            self._add("*", account, None, "before", _expired)
            return

        def begin(call: Call) -> None:
            self.expire(account)
            if moment == "before":
                _expired(call)

        self._add(at, account, 1, moment, begin)

    def abort(self, call: str, times: int = 1, account: str | None = None) -> None:
        """Refuse as when two writes meet (S3 OperationAborted, IAM ConcurrentModification)."""
        self._add(call, account, times, "before", _aborted)

    def drop_before(self, call: str, times: int = 1, account: str | None = None) -> None:
        """Cut the connection; the call is not made."""
        self._add(call, account, times, "before", _cut)

    def drop_after(self, call: str, times: int = 1, account: str | None = None) -> None:
        """Make the call, then cut the connection: the answer is lost."""
        self._add(call, account, times, "after", _cut)

    def hook(
        self,
        call: str,
        function: Callable[[Call], None],
        moment: Moment = "before",
        times: int | None = 1,
        account: str | None = None,
    ) -> None:
        """Run ``function`` in the server just before or after the call; it may make calls itself."""
        self._add(call, account, times, moment, function)

    def latency(self, milliseconds: float) -> None:
        """Let every answer take at least so long; calls wait beside each other."""
        self._seconds = milliseconds / 1000

    def strike(self, call: Call, account: str, moment: Moment) -> None:
        """Do what is set for this call; raises Refusal or Cut."""
        if moment == "before" and self._seconds:
            time.sleep(self._seconds)
        for fault in [fault for fault in self._faults if fault.meets(call, account, moment)]:
            if fault.left is not None:
                fault.left -= 1
            fault.act(call)

    def _add(
        self, call: str, account: str | None, times: int | None, moment: Moment, act: Callable[[Call], None]
    ) -> None:
        self._faults.append(_Fault(call, account, times, moment, act))


def denial(call: Call) -> Refusal:
    """The service's own AccessDenied for this call."""
    text = f"User: {call.caller.arn} is not authorized to perform: {call.name}"
    if call.service == "s3":
        return Refusal("AccessDenied", "Access Denied", 403)
    if call.service in _QUERY:
        return Refusal("AccessDenied", text, 403)
    return Refusal("AccessDeniedException", text)


def _denied(call: Call) -> None:
    raise denial(call)


def _throttled(call: Call) -> None:
    if call.service == "s3":
        raise Refusal("SlowDown", "Please reduce your request rate.", 503)
    raise Refusal("Throttling" if call.service in _QUERY else "ThrottlingException", "Rate exceeded")


def _expired(call: Call) -> None:
    if call.service == "s3":
        raise Refusal("ExpiredToken", "The provided token has expired.")
    text = "The security token included in the request is expired"
    if call.service in _QUERY:
        raise Refusal("ExpiredToken", text, 403)
    raise Refusal("ExpiredTokenException", text)


def _aborted(call: Call) -> None:
    if call.service == "s3":
        text = "A conflicting conditional operation is currently in progress against this resource. Please try again."
        raise Refusal("OperationAborted", text, 409)
    code = "ConcurrentModification" if call.service in _QUERY else "ConcurrentModificationException"
    raise Refusal(code, "Multiple requests to change this object were submitted simultaneously.", 409)


def _cut(_: Call) -> None:
    raise Cut
