"""Values of policy elements that match a given value, or do not: patterns, and conditions with every operator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

Values = Sequence[str]


def chance(rng: Random, probability: float) -> bool:
    return rng.random() < probability


def one_or_list(rng: Random, values: list[Any]) -> Any:
    """Policies may write one value without a list."""
    return values[0] if len(values) == 1 and chance(rng, 0.6) else values


def action(rng: Random, name: str) -> str:
    """A pattern of the action; its case does not matter."""
    service, verb = name.split(":")
    cut = rng.randrange(2, len(verb))
    pattern = rng.choice([verb, verb, f"{verb[:cut]}*", "*", f"*{verb[cut:]}", f"{verb[:cut]}?{verb[cut + 1 :]}"])
    pattern = f"{service}:{pattern}" if chance(rng, 0.95) else "*"
    return rng.choice([pattern, pattern, pattern.lower(), pattern.upper()])


def near_action(rng: Random, name: str) -> str:
    """A pattern that the action does not match, though it looks like it."""
    return rng.choice(
        [f"{name}?", name[:-1], f"{name}Version", f"{name[:-2]}?", "sqs:*", f"x{name}", f"{name[:-1]}?*?"]
    )


def resource(rng: Random, arn: str) -> str:
    """A pattern of the ARN, with wildcards in the last segment, in others, or everywhere."""
    head, tail = arn[: arn.rindex(":", 0, len(arn) - len(arn.split(":", 5)[5])) + 1], arn.split(":", 5)[5]
    first = next((at for at, letter in enumerate(tail) if letter in "/:"), 0) + 1
    cut = rng.randrange(first, len(tail)) if first < len(tail) else first
    forms = [arn, arn, head + "*", head + tail[:cut] + "*", head + tail[:cut] + "?" + tail[cut + 1 :], "*"]
    if "/" in tail:
        forms += [head + tail[:first] + "*" + tail[-2:], head + tail[:cut] + "*" + tail[cut:], _loose(head) + tail]
    return rng.choice(forms)


def _loose(head: str) -> str:
    """The ARN's account and region as wildcards."""
    parts = head.split(":")
    return ":".join([*parts[:3], "*", "*", ""])


def near_resource(rng: Random, arn: str) -> str:
    """A pattern that the ARN does not match, though it looks like it."""
    forms = [arn + "/", arn[:-1], arn + "?", arn.replace("arn:aws:", "arn:aws-cn:"), arn + "x*"]
    tail = arn.split(":", 5)[5]
    if tail.swapcase() != tail:
        forms.append(arn[: -len(tail)] + tail.swapcase())
    return rng.choice(forms)


def like(rng: Random, text: str) -> str:
    """A StringLike pattern of the text."""
    cut = rng.randrange(len(text) + 1)
    return rng.choice([text, text[:cut] + "*", "*" + text[cut:], text[:cut] + "*" + text[cut:], "?" * len(text)])


def _instant(text: str) -> datetime:
    return datetime.fromtimestamp(int(text), UTC) if text.isdigit() else datetime.fromisoformat(text)


def _moved(rng: Random, text: str, days: int) -> str:
    """Another instant, mostly written in the same way."""
    moved = _instant(text) + timedelta(days=days)
    as_number = text.isdigit() is chance(rng, 0.9)
    return str(int(moved.timestamp())) if as_number else moved.strftime("%Y-%m-%dT%H:%M:%SZ")


def _plus(text: str, amount: int) -> str:
    return format(float(text) + amount, "g") if "." in text else str(int(text) + amount)


Spelling = tuple[str, Callable[[Random, str], str], Callable[[Random, str], str]]
"""An operator, a value that makes it true of a text, and one that makes it false."""

_STRINGS: list[Spelling] = [
    (
        "StringEquals",
        lambda _, text: text,
        lambda rng, text: rng.choice([text + "x", text.swapcase() + "-", text + "*"]),
    ),
    ("StringLike", like, lambda rng, text: rng.choice([text + "?", "x" + text + "*", text + "/*"])),
    ("StringEqualsIgnoreCase", lambda _, text: text.swapcase(), lambda _, text: text + "-"),
]
_ARNS: list[Spelling] = [
    (name, lambda rng, text: rng.choice([text, text[:-2] + "*", text[:-1] + "?"]), lambda _, text: text + "x")
    for name in ("ArnEquals", "ArnLike")
]
_NUMBERS: list[Spelling] = [
    ("NumericEquals", lambda rng, text: rng.choice([text, f"{float(text):.2f}"]), lambda _, text: _plus(text, 1)),
    ("NumericLessThan", lambda _, text: _plus(text, 1), lambda rng, text: rng.choice([text, _plus(text, -1)])),
    ("NumericLessThanEquals", lambda rng, text: _plus(text, rng.randrange(2)), lambda _, text: _plus(text, -1)),
    ("NumericGreaterThan", lambda _, text: _plus(text, -1), lambda rng, text: _plus(text, rng.randrange(2))),
    ("NumericGreaterThanEquals", lambda rng, text: _plus(text, -rng.randrange(2)), lambda _, text: _plus(text, 1)),
]
_DATES: list[Spelling] = [
    ("DateEquals", lambda rng, text: _moved(rng, text, 0), lambda rng, text: _moved(rng, text, 1)),
    ("DateLessThan", lambda rng, text: _moved(rng, text, 9), lambda rng, text: _moved(rng, text, -rng.randrange(3))),
    ("DateLessThanEquals", lambda rng, text: _moved(rng, text, rng.randrange(3)), lambda rng, t: _moved(rng, t, -1)),
    ("DateGreaterThan", lambda rng, text: _moved(rng, text, -9), lambda rng, text: _moved(rng, text, rng.randrange(3))),
    ("DateGreaterThanEquals", lambda rng, text: _moved(rng, text, -rng.randrange(3)), lambda rng, t: _moved(rng, t, 1)),
]
_NETWORKS = {
    "203.0.113.7": ("203.0.113.0/24", "203.0.113.7", "203.0.113.7/32", "192.0.0.0/4"),
    "198.51.100.23": ("198.51.100.0/27", "198.0.0.0/8", "0.0.0.0/0"),
    "2001:db8::17": ("2001:db8::/32", "2001:DB8:0:0::/64", "2001:db8::17/128", "::/0"),
}
SPELLINGS: dict[str, list[Spelling]] = {
    "string": _STRINGS,
    "arn": [*_ARNS, *_STRINGS[:2]],
    "bool": [("Bool", lambda _, text: text, lambda _, text: "false" if text == "true" else "true")],
    "number": _NUMBERS,
    "date": _DATES,
    "ip": [
        (
            "IpAddress",
            lambda rng, text: rng.choice(_NETWORKS[text]),
            lambda rng, _: rng.choice(["203.0.113.8/30", "198.51.100.0/28", "2001:db9::/32", "10.0.0.0/8"]),
        )
    ],
}
NEGATED = {
    "StringEquals": "StringNotEquals",
    "StringLike": "StringNotLike",
    "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
    "ArnEquals": "ArnNotEquals",
    "ArnLike": "ArnNotLike",
    "NumericEquals": "NumericNotEquals",
    "DateEquals": "DateNotEquals",
    "IpAddress": "NotIpAddress",
}
