"""Light themes, and terminals without colour: what matters is seen there too."""

from __future__ import annotations

import pytest

from screens.conftest import Started
from screens.driver import Driver


def is_marked(screen: Driver, words: str, beside: str = "") -> bool:
    """Whether these words look different without any colour; their line is known by what stands ``beside`` them."""
    beside = beside or words
    start = screen.line(beside).index(words)
    painted = "".join(
        str(int(segment.style.reverse or False)) * len(segment.text) for segment in screen.segments(beside)
    )
    return "0" not in painted[start : start + len(words)]


@pytest.fixture(params=["no colour", "textual-light"])
def look(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "no colour":
        monkeypatch.setenv("NO_COLOR", "1")
    return request.param


@pytest.mark.usefixtures("look")
async def test_cursor_state_and_target_are_seen_without_colour(show: Started, look: str) -> None:
    async with show() as screen:
        if look != "no colour":
            screen.app.theme = look
        assert screen.app.has_class("-no-color") == (look == "no colour")
        await screen.go_to("website/pipeline")
        assert [line for line in screen.lines if line.startswith(">")] == [screen.line("pipeline             what")]
        for word in ("+ create     key ", "~ update     pipeline", "! blocked    key-users", "? unreadable trigger"):
            assert word in screen.text
        assert "TARGET side" in screen.line("website in prod")
        await screen.press("a")
        assert is_marked(screen, " No ", "Yes (y)")
        assert not is_marked(screen, "Yes (y)")
