"""From HTTP to calls and back, for the protocols of the services used: query, JSON and S3's XML."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request as MotoRequest
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from xacct_tui.demo.call import Call, Refusal, Response

_SCOPE = re.compile(r"Credential=(?P<key>[^/]+)/[^/]+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")

QUERY = frozenset({"iam", "sts"})
REQUEST_ID = "3fd2e8a4-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Request:
    """What a request says before anybody is asked: who signs, for which service and region, and what."""

    access_key: str
    token: str
    region: str
    service: str
    operation: str
    parameters: Mapping[str, Any]


def read(environ: dict[str, Any]) -> Request:
    """The request in ``environ``, whose body stays readable. Refusal where it is unsigned or of no known operation."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if scope is None:
        raise Refusal("AccessDenied", "Access Denied", 403)
    _buffer(environ)
    operation, parameters = _parse(scope["service"], environ)
    token = environ.get("HTTP_X_AMZ_SECURITY_TOKEN", "")
    return Request(scope["key"], token, scope["region"], scope["service"], operation, parameters)


def write_body(environ: dict[str, Any], call: Call) -> None:
    """Put a JSON call's parameters back as the request's body."""
    body = json.dumps(dict(call.parameters)).encode()
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))


def answer(call: Call, document: Mapping[str, Any]) -> Response:
    """``document`` as the service would send it."""
    if _is_json(call.service):
        body = json.dumps(document).encode()
        return Response(200, (("Content-Type", "application/x-amz-json-1.1"),), body)
    protocol = "query" if call.service in QUERY else "rest-xml"
    model = get_service_model(call.service).operation_model(call.operation)
    sent = get_serializer_class(call.service, protocol)(operation_model=model).serialize(dict(document))
    text = sent["body"]
    body = text.encode() if isinstance(text, str) else text
    return Response(sent["status_code"], tuple(sent["headers"].items()), body)


def refusal(service: str, method: str, problem: Refusal) -> Response:
    """The refusal as the service would send it."""
    headers = tuple(problem.headers.items())
    if service == "s3":
        body = "" if method == "HEAD" else _S3_ERROR.format(code=problem.code, message=escape(problem.message))
        return Response(problem.status, (("Content-Type", "application/xml"), *headers), body.encode())
    if service in QUERY:
        body = _QUERY_ERROR.format(code=problem.code, message=escape(problem.message))
        return Response(problem.status, (("Content-Type", "text/xml"), *headers), body.encode())
    document = {"__type": problem.code, "message": problem.message}
    sent = (("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", problem.code), *headers)
    return Response(problem.status, sent, json.dumps(document).encode())


_S3_ERROR = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message>'
    f"<RequestId>{REQUEST_ID}</RequestId></Error>"
)
_QUERY_ERROR = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    f"<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
)


def _is_json(service: str) -> bool:
    return service not in QUERY and service != "s3"


def _buffer(environ: dict[str, Any]) -> None:
    length = environ.get("CONTENT_LENGTH")
    stream = environ["wsgi.input"]
    body = stream.read(int(length)) if length else stream.read() if environ.get("wsgi.input_terminated") else b""
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def _parse(service: str, environ: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if _is_json(service):
        return environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2], _json(environ["wsgi.input"].getvalue())
    request = MotoRequest(dict(environ))
    try:
        return _parse_query(service, request) if service in QUERY else _parse_s3(request)
    finally:
        environ["wsgi.input"].seek(0)


def _json(body: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(body or b"{}"))
    except (ValueError, TypeError) as error:
        raise Refusal("SerializationException", "The body is not a JSON object") from error


def _parse_query(service: str, request: Any) -> tuple[str, dict[str, Any]]:
    operation = request.values.get("Action", "")
    model = get_service_model(service).operation_model(operation)
    return operation, _parsed("query", model, request, {})


def _parse_s3(request: Any) -> tuple[str, dict[str, Any]]:
    try:
        model, labels = get_service_router("s3").match(request)
    except NotFound as error:
        raise Refusal(
            "NotImplemented", "A header you provided implies functionality that is not implemented", 501
        ) from error
    return model.name, _parsed("rest-xml", model, request, labels)


def _parsed(protocol: str, model: Any, request: Any, labels: dict[str, Any]) -> dict[str, Any]:
    return dict(
        PROTOCOL_PARSERS[protocol](model).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": labels,
            }
        )
    )
