"""Bucket notifications: put as a whole, and read back as they were put, EventBridge included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xacct_tui.demo.call import Call
from xacct_tui.demo.strict import state
from xacct_tui.demo.strict.world import World

_LISTS = ("TopicConfigurations", "QueueConfigurations", "LambdaFunctionConfigurations")


def put(world: World, call: Call) -> Mapping[str, Any] | None:
    """Replace the whole configuration; those without an Id get one. A missing bucket is moto's to refuse."""
    if state.bucket(call.parameters["Bucket"]) is None:
        return None
    sent = dict(call.parameters["NotificationConfiguration"])
    for kind in _LISTS:
        for number, one in enumerate(sent.get(kind, [])):
            one.setdefault("Id", f"{kind}-{number}")
    world.notifications[call.parameters["Bucket"]] = sent
    return {}


def get(world: World, call: Call) -> Mapping[str, Any] | None:
    """``{}`` where nothing is configured."""
    if state.bucket(call.parameters["Bucket"]) is None:
        return None
    return dict(world.notifications.get(call.parameters["Bucket"], {}))
