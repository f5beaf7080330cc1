"""Whatever AWS, a journal or a configuration holds is shown as it is: nothing of it is obeyed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.content import Content
from textual.widgets import OptionList, Static

import made_up_proof
from reconcile import Action, Outcome, Result
from reconcile.change import AccountSeen, Address, Grant, Part
from reconcile.errors import AwsError, Stale
from reconcile.proof.values import ProvenChange
from screens.conftest import Started
from screens.driver import Driver
from screens.made_up import Made, change, entry

HOSTILE = {
    "tags, live actions and styles": "x[/x]y [/ z [@click=app.quit]press[/] [red]red[/red] [$primary]",
    "what a terminal obeys": "\x1b[2J\x1b]0\x07 \u202edb\u2066x\u2069 p\u200bp\u2060\ufeff a\nb\r\nc\u2028\x85 \ud800",
    "shapes": "出力 e\u0301\u0327\u0332 👩‍👩‍👧‍👦 ${xacct:dev/kms:key/k#arn} " + "long-" * 200,
}
SEEN = {
    "what a terminal obeys": r"\x1b[2J\x1b]0\x07 \u202edb\u2066x\u2069 p\u200bp\u2060\ufeff a\nb\r\nc\u2028\x85 \ud800",
    "shapes": "(known after apply: arn of kms:key/k in dev) long-",
}
"""How they are shown, where that is not letter by letter."""
_OBEYED = "\x1b\x07\x85\r\u2028\u202e\u2066\u2069\u200b\u2060\ufeff\ud800"
"""What must never reach a terminal."""


def everywhere(text: str) -> Made:
    """A set-up in which every text is this one."""
    account = AccountSeen("prod", "222222222222", text, text, text)
    given = {
        "title": text,
        "reason": text,
        "deployment": text,
        "address": Address("prod", "us-east-1", "role", f"iam:role/{text}"),
        "part": Part("role"),
        "notes": (text,),
        "effects": (text,),
        "grants": (Grant(text, (text,), text),),
        "irreversible_reason": text,
        "before": {text: text, "Statement": {"Effect": text, "Action": [text], "Resource": text}},
        "after": {text: [text, {text: text}], "name": text},
    }
    error = AwsError("prod", text, text, text)
    changes = [
        change(f"{number}{text}", "prod", action, **given)
        for number, action in enumerate([Action.UPDATE, Action.CREATE, Action.BLOCKED, Action.UNREADABLE])
    ]
    stale = Outcome(changes[1], Result.REFUSED, text, Stale(text, text, {text: text}, [text]))
    failed = Outcome(changes[0], Result.FAILED, text, error)
    entries = [
        entry(1, changes[0], "done", run=text, caller=text, detail=text),
        entry(2, changes[1], "in-doubt", run=text, caller=text, detail=text, began=text, ended=text),
    ]
    proof, planned = (made_up_proof.spoilt(each, text) for each in (made_up_proof.PROOF, made_up_proof.PLANNED))
    proven = [ProvenChange(each.id, (text,), (text,)) for each in changes]
    return Made(
        changes, [account], entries, [failed, stale], failure=error, proof=proof, planned=planned, proven=proven
    )


def check(screen: Driver) -> None:
    """Nothing is painted that a terminal obeys, and nothing can be clicked that came from outside."""
    assert not set(_OBEYED) & set(screen.text), screen.text
    for strip in screen._strips:
        for segment in strip:
            assert not (segment.style and segment.style.meta.get("@click")), segment
    for widget in screen.app.screen.query(Static):
        if isinstance(widget.content, Content):
            assert not any("@click" in str(span.style) for span in widget.content.spans)


@pytest.mark.parametrize("name", HOSTILE)
async def test_no_text_from_outside_is_obeyed(show: Started, name: str) -> None:
    text, seen = HOSTILE[name], SEEN.get(name, HOSTILE[name])
    made = everywhere(text)
    async with show(made, size=(160, 50), name=text) as screen:
        assert seen in screen.status
        check(screen)
        for opening in ("question_mark", "v", "a", "z", "P", "colon"):
            await screen.press(opening)
            assert screen.screen != "PlanScreen"
            if opening == "colon":
                await screen.type("go to")
                await screen.until(lambda: screen.app.screen.query_one(OptionList).option_count > 3)
            check(screen)
            await screen.press("escape")
        screen.app.desk.board.doing[made.changes[0].id] = text
        screen.app.changed()
        await screen.resize(80, 24)
        check(screen)
        await screen.resize(160, 50)
        screen.app.desk.apply(made.changes[:2])
        await screen.idle()
        check(screen)
        screen.app._home._filter(replace(screen.app.desk.board.filter, text=text.lower()))
        await screen.press("h", "d")
        check(screen)
        await screen.press("escape")
        assert seen in screen.status
        check(screen)
        screen.app.tell(text)
        await screen.pilot.pause()
        check(screen)
        assert not screen.has_ended
