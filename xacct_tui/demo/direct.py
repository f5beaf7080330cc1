"""Calls of this process to the embedded accounts, without the network: botocore is given the answer before it sends.

It is how moto itself takes botocore's calls, but only of requests to a server that is open here; all others go out.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError
from botocore.handlers import BUILTIN_HANDLERS

from xacct_tui.demo.call import Cut
from xacct_tui.demo.gateway import Gateway

GATEWAYS: dict[str, Gateway] = {}
"""What is open, by host and port. Sessions that were made before this module was there go by the network."""


def _answer(request: Any, **_: Any) -> AWSResponse | None:
    gateway = GATEWAYS.get(urlsplit(request.url).netloc)
    if gateway is None:
        return None
    try:
        response = gateway.respond(_environ(request))
    except Cut as cut:
        raise ConnectionClosedError(endpoint_url=request.url, error=cut) from cut
    body = b"" if request.method == "HEAD" else response.body
    return AWSResponse(request.url, response.status, HTTPHeaders.from_pairs(response.headers), _Raw(body))


BUILTIN_HANDLERS.append(("before-send", _answer))


class _Raw(io.BytesIO):
    """An answer's body as urllib3 has it."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        """All of it at once."""
        yield self.read()


def _environ(request: Any) -> dict[str, Any]:
    """The request as a WSGI server would hand it on."""
    parts, body = urlsplit(request.url), _body(request.body)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "REQUEST_URI": target,
        "RAW_URI": target,
        "SERVER_NAME": parts.hostname,
        "SERVER_PORT": str(parts.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": parts.hostname,
        "HTTP_HOST": parts.netloc,
        "wsgi.url_scheme": parts.scheme,
        "wsgi.errors": io.StringIO(),
        **dict(_header(name, value) for name, value in request.headers.items()),
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
    }


def _body(body: Any) -> bytes:
    read = body.read() if hasattr(body, "read") else body or b""
    return read.encode() if isinstance(read, str) else bytes(read)


def _header(name: str, value: str | bytes) -> tuple[str, str]:
    key = name.upper().replace("-", "_")
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return key if key == "CONTENT_TYPE" else f"HTTP_{key}", text
