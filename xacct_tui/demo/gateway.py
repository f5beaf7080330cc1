"""The front of the embedded AWS: each request is identified, recorded, checked as AWS would, and passed to moto."""

from __future__ import annotations

import functools
import socket
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from moto.core import errors, responses
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import run_wsgi_app

from xacct_tui.demo import wire
from xacct_tui.demo.call import Call, Cut, Recorded, Refusal, Response
from xacct_tui.demo.faults import Faults
from xacct_tui.demo.strict import RULES
from xacct_tui.demo.strict.world import World


def _remember(module: Any, name: str) -> None:
    setattr(module, name, functools.cache(getattr(module, name)))


# moto works these out anew for each request or refusal: which methods a class has, which errors a service knows
_remember(responses, "method_names_from_class")
_remember(errors, "ErrorLookupFactory")


def _backend(service: Any) -> Any:
    """Moto's application for a service, without its aids for developers, which cost more than many an answer."""
    app = create_backend_app(service)
    app.debug, app.config["PROPAGATE_EXCEPTIONS"] = False, True
    app.after_request_funcs.clear()  # who may call from which web page
    return app


class Gateway:
    """A WSGI application. Calls are made one at a time, because moto is not thread-safe; faults are not."""

    def __init__(self, world: World, faults: Faults, calls: list[Recorded]) -> None:
        self.world, self.faults, self.calls = world, faults, calls
        self.lock = threading.RLock()
        self._moto = DomainDispatcherApplication(_backend)
        # moto lists its own directory twice for each request, which is half of the time it takes
        self._moto.get_backend_for_host = functools.cache(  # type: ignore[method-assign]
            self._moto.get_backend_for_host
        )

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request, or cut its connection."""
        try:
            response = self.respond(environ)
        except Cut:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError("cut by a fault that was set") from None
        phrase = HTTPStatus(response.status).phrase
        start_response(f"{response.status} {phrase}", list(response.headers))
        return [response.body]

    def respond(self, environ: dict[str, Any]) -> Response:
        """The answer to one request; raises Cut where there is none."""
        service = ""
        try:
            request = wire.read(environ)
            service = request.service
            call = self._identified(request)
            return self._made(call, environ)
        except Refusal as problem:
            return wire.refusal(service, environ["REQUEST_METHOD"], problem)
        except Cut:
            raise
        except Exception as error:  # noqa: BLE001  like any server, answer for a defect of one's own
            defect = Refusal("InternalFailure", f"{type(error).__name__}: {error}", 500)
            return wire.refusal(service, environ["REQUEST_METHOD"], defect)

    def _identified(self, request: wire.Request) -> Call:
        caller = self.world.caller(request.access_key, request.token)
        if caller is None:
            raise _unknown_token(request.service)
        call = Call(caller, caller.account, request.region, request.service, request.operation, request.parameters)
        self.calls.append(Recorded(self.world.name(caller.account), call.service, call.operation, call.parameters))
        return call

    def _made(self, call: Call, environ: dict[str, Any]) -> Response:
        account = self.world.name(call.caller.account)
        self.faults.strike(call, account, "before")
        with self.lock:
            response = self._consistent(call, environ)
        self.faults.strike(call, account, "after")
        return response

    def _consistent(self, call: Call, environ: dict[str, Any]) -> Response:
        stale = self.world.staleness.stale(call)
        if stale is not None:
            return stale
        try:
            response = self._judged(call, environ)
        except Refusal as problem:
            response = wire.refusal(call.service, environ["REQUEST_METHOD"], problem)
        self.world.staleness.note(call, response, self.world.lag)
        return response

    def _judged(self, call: Call, environ: dict[str, Any]) -> Response:
        """The rules' own answer, or moto's as the rules correct it. Raises Refusal."""
        rules = RULES.get(call.service)
        if rules is None:
            return self._forward(call, environ)
        for rule in rules.of(call.operation):
            outcome = rule(self.world, call)
            if isinstance(outcome, Call):
                call = outcome
            elif outcome is not None:
                return wire.answer(call, outcome)
        response = self._forward(call, environ)
        after = rules.after.get(call.operation)
        made = response.status < HTTPStatus.MULTIPLE_CHOICES
        return after(self.world, call, response) if after and made else response

    def _forward(self, call: Call, environ: dict[str, Any]) -> Response:
        passed = {**environ, "HTTP_X_MOTO_ACCOUNT_ID": call.account}
        if call.service not in wire.QUERY and call.service != "s3":
            wire.write_body(passed, call)
        try:
            body, status, headers = run_wsgi_app(self._moto, passed, buffered=True)
        except NotImplementedError as error:
            raise Refusal("NotImplemented", f"{call.name} is not part of the embedded accounts", 501) from error
        return Response(int(status.split()[0]), tuple(headers), b"".join(body))


def _unknown_token(service: str) -> Refusal:
    text = "The security token included in the request is invalid."
    if service == "s3":
        return Refusal("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403)
    return (
        Refusal("InvalidClientTokenId", text, 403)
        if service in wire.QUERY
        else Refusal("UnrecognizedClientException", text)
    )
