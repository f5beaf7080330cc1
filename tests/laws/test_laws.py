"""The three laws of a lens (see ``reconcile.kinds.protocol``) for every kind, on documents as accounts have them.

A kind without a scene fails here: to add one, say in ``scenes.py`` which documents there are of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from laws.configs import SHAPES, parts_by_document
from laws.scene import Document, Example, Limit
from laws.scenes import SCENES
from reconcile.errors import Blocked
from reconcile.kinds import kinds

LAW = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
NAMES = sorted(kinds())
LIMITS = [(name, limit) for name in sorted(SCENES) for limit in SCENES[name].limits]


@st.composite
def examples(draw: st.DrawFn, name: str) -> Example:
    documents = {at: wants for at, wants in parts_by_document(draw(st.sampled_from(SHAPES))).items() if at.kind == name}
    assume(documents)
    wants = documents[draw(st.sampled_from(sorted(documents)))]
    live, earlier = draw(SCENES[name].documents(wants)), draw(SCENES[name].documents(wants))
    want = draw(st.sampled_from(wants))
    values = list(_values(name, want, live, earlier))
    return Example(live, want.part, draw(st.sampled_from(values)), tuple(each.part for each in wants))


def _values(name: str, want: Any, live: Document, earlier: Document) -> Iterator[Any]:
    kind = kinds()[name]
    with suppress(Blocked):
        yield kind.aim(live, want)
    yield kind.get(live, want.part)
    if earlier is not None or want.creates:
        yield kind.get(earlier, want.part)
    yield from SCENES[name].values(want)


def put(name: str, example: Example) -> Document:
    """The document after the put; an example that has to be refused ends here, once it was."""
    refusal = SCENES[name].refuses(example)
    try:
        after = kinds()[name].put(example.document, example.part, example.value)
    except Blocked:
        assert refusal
        reject()
    assert not refusal
    return after


def what_is_put_is_what_is_got(name: str, example: Example) -> None:
    assert kinds()[name].get(put(name, example), example.part) == example.value
    assert json.loads(json.dumps(example.value)) == example.value


def all_else_stays_as_it_is(name: str, example: Example) -> None:
    kind, scene, untouched = kinds()[name], SCENES[name], deepcopy(example.document)

    after = put(name, example)

    assert example.document == untouched
    assert scene.rest(after, example.part) == scene.rest(example.document, example.part)
    for other in (each for each in example.parts if scene.apart(example.part, each)):
        assert kind.get(after, other) == kind.get(example.document, other)


def the_old_value_gives_the_old_document(name: str, example: Example) -> None:
    assert is_restored(name, example) or any(limit.applies(example) for limit in SCENES[name].limits)


def is_restored(name: str, example: Example) -> bool:
    before = kinds()[name].get(example.document, example.part)
    restored = kinds()[name].put(put(name, example), example.part, before)
    return SCENES[name].meaning(restored) == SCENES[name].meaning(example.document)


def test_every_kind_has_a_scene() -> None:
    assert sorted(SCENES) == NAMES


@pytest.mark.parametrize("name", NAMES)
@LAW
@given(data=st.data())
def test_the_laws_hold(name: str, data: st.DataObject) -> None:
    """All three on each example, since finding examples takes longer than judging them."""
    example = data.draw(examples(name))

    what_is_put_is_what_is_got(name, example)
    all_else_stays_as_it_is(name, example)
    the_old_value_gives_the_old_document(name, example)


@pytest.mark.parametrize(("name", "limit"), LIMITS)
def test_a_limit_is_there_and_told(name: str, limit: Limit) -> None:
    assert limit.applies(limit.witness)
    assert not is_restored(name, limit.witness)
    assert limit.reason in " ".join((kinds()[name].__doc__ or "").split())
