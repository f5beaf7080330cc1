"""Reads cases as JSON lines, writes one letter each: what reach-security, which must be importable, decides.

A allowed, D denied, - not decided.
"""

import json
import re
import sys
from typing import Any

from reach.engine import Environment, Principal, ResourcePolicy
from reach.policy import parse_policy
from reach.reference import evaluate

NOTHING: dict[str, Any] = {"Version": "2012-10-17", "Statement": []}


def letter(case: dict[str, Any]) -> str:
    """What it decides of one case; it knows no AWS services as principals."""
    request, policies = case["request"], case["policies"]
    caller = request["caller"]
    if caller["type"] == "service":
        return "-"
    boundary = policies["boundary"]
    found = evaluate(
        Principal(caller["arn"], _read(policies["identity"]), _read([boundary])[0] if boundary else None),
        request["action"],
        request["resource"],
        _context(request["context"], case["many"]),
        Environment(
            [(str(index), _read(level)) for index, level in enumerate(policies["scps"])],
            _read(policies["session"]),
            rcps=[each for level in policies["rcps"] for each in _read(level)],
        ),
        _resource_policy(request, policies["resource"]),
    )
    return "-" if found is None else "A" if found else "D"


def _resource_policy(request: dict[str, Any], held: dict[str, Any] | None) -> ResourcePolicy:
    """The policy on the resource; it asks about any session of a role, so that other sessions are written as nobody."""
    caller = request["caller"]
    text = json.dumps(held["document"] if held else NOTHING)
    name = re.escape(caller["arn"].rsplit("/", 1)[-1])
    others = rf'assumed-role/{name}/(?!{re.escape(caller["session"])}")[^"]*'
    document = json.loads(re.sub(others, "assumed-role/nobody/x", text) if caller["session"] else text)
    required = request["action"].startswith(("kms:", "sts:"))
    return ResourcePolicy(parse_policy(document, "resource"), request["owner"], required)


def _read(held: list[dict[str, Any]]) -> list[Any]:
    return [parse_policy(each["document"], each["name"]) for each in held]


def _context(found: dict[str, Any], many: list[str]) -> dict[str, Any]:
    return {key: values if values is None or key in many else values[0] for key, values in found.items()}


for line in sys.stdin:
    sys.stdout.write(letter(json.loads(line)) + "\n")
