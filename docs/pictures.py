"""Makes the pictures of the README: what the program shows on the embedded accounts."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import cast

from textual.pilot import Pilot

import reconcile
from xacct_tui.app import XacctApp
from xacct_tui.interactive import Opener
from xacct_tui.library import Library
from xacct_tui.session import Scope

FOLDER = Path(__file__).with_name("pictures")
SCENARIO = "half-done"


Shows = Callable[[str], Awaitable[None]]
"""Waits until the screen shows these words."""


async def plan(app: XacctApp, _pilot: Pilot[int], shows: Shows) -> None:
    """A change that two accounts have to agree on."""
    await shows("Plan: ")
    app.go_to("website/trust-policy")


async def proof(_app: XacctApp, pilot: Pilot[int], shows: Shows) -> None:
    """The hop between the accounts, and why it fails."""
    await shows("Plan: ")
    await pilot.press("P")
    await shows("after the plan: ")
    await pilot.press("n")


async def wizard(_app: XacctApp, pilot: Pilot[int], shows: Shows) -> None:
    """A pipeline that is there is taken over as it is."""
    await shows("222222222222")
    await pilot.press("ctrl+n")
    await shows("codepipeline-output-bucket")
    await pilot.press("down", "ctrl+n")
    await shows("codepipeline-input-bucket")


PICTURES: dict[str, tuple[bool, Callable[[XacctApp, Pilot[int], Shows], Awaitable[None]]]] = {
    "plan.svg": (False, plan),
    "proof.svg": (False, proof),
    "wizard.svg": (True, wizard),
}
"""By file: whether it begins in the wizard, and what is done before the picture is taken."""


async def taken(set_up: bool, steps: Callable[[XacctApp, Pilot[int], Shows], Awaitable[None]]) -> str:
    """A picture, without what Textual's export fetches from the network: its font."""
    with ExitStack() as stack:
        opener = Opener(Scope(), SCENARIO, lambda: cast("Library", reconcile), stack, set_up=set_up)
        app = XacctApp(opener, f"embedded accounts ({SCENARIO})", set_up=set_up)
        async with app.run_test(size=(140, 34)) as pilot:

            async def shows(words: str) -> None:
                while words not in app.export_screenshot(simplify=True).replace("&#160;", " "):
                    await pilot.pause(0.05)

            await steps(app, pilot, shows)
            await pilot.pause()
            picture = app.export_screenshot(title="xacct-tui --demo", simplify=True)
    return re.sub(r"<!--.*?-->\s*|@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)


def main() -> None:
    """Write every picture."""
    os.environ.pop("NO_COLOR", None)
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    for name, (set_up, steps) in PICTURES.items():
        FOLDER.joinpath(name).write_text(asyncio.run(taken(set_up, steps)) + "\n", encoding="utf-8")


main()
