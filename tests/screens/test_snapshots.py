"""The screens as they are painted, at a small and at a large terminal, to be read by whoever changes them."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileAmberSnapshotExtension

from screens.conftest import Started
from screens.made_up import CHANGES, Made, entry

SCREENS = {
    "plan": [],
    "confirmation": ["space", "n", "n", "space", "A"],
    "history": ["h"],
    "proof": ["P"],
    "help": ["question_mark"],
}
ENTRIES = [
    entry(1, CHANGES[0], undone=True),
    entry(2, CHANGES[7], "failed", detail="iam: AccessDenied: not authorized to perform iam:CreatePolicy"),
    entry(3, CHANGES[0], undoes=1, run="20261125T100000Z-2", began="2026-11-25T10:00:00Z"),
    entry(4, CHANGES[3], "in-doubt", run="20261125T110000Z-3", began="2026-11-25T11:00:00Z", ended=None),
]


@pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=["80x24", "160x50"])
@pytest.mark.parametrize("name", SCREENS)
async def test_painted(show: Started, snapshot: SnapshotAssertion, name: str, size: tuple[int, int]) -> None:
    async with show(Made(entries=ENTRIES), size=size) as screen:
        for key in SCREENS[name]:
            await screen.press(key)
        assert "\n" + screen.text == snapshot(extension_class=SingleFileAmberSnapshotExtension)
