"""Makes the pictures of the README: what the program shows on the embedded accounts."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import reconcile
from xacct_tui.app import XacctApp
from xacct_tui.interactive import Opener
from xacct_tui.session import Library, Scope

FOLDER = Path(__file__).with_name("pictures")
SCENARIO = "half-done"


async def plan(app: XacctApp) -> None:
    """A change that two accounts have to agree on."""
    app.go_to("website/trust-policy")


PICTURES: dict[str, Callable[[XacctApp], Awaitable[None]]] = {"plan.svg": plan}
"""By file: what is done on the plan screen before the picture is taken."""


async def taken(steps: Callable[[XacctApp], Awaitable[None]]) -> str:
    """A picture, without what Textual's export fetches from the network: its font."""
    with ExitStack() as stack:
        opener = Opener(Scope(), SCENARIO, lambda: cast("Library", reconcile), stack)
        app = XacctApp(opener, f"embedded accounts ({SCENARIO})")
        async with app.run_test(size=(140, 34)) as pilot:
            while app.desk.busy or not app.desk.board.is_whole:
                await pilot.pause(0.05)
            await steps(app)
            await pilot.pause()
            picture = app.export_screenshot(title="xacct-tui --demo", simplify=True)
    return re.sub(r"<!--.*?-->\s*|@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)


def main() -> None:
    """Write every picture."""
    os.environ.pop("NO_COLOR", None)
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    for name, steps in PICTURES.items():
        FOLDER.joinpath(name).write_text(asyncio.run(taken(steps)) + "\n", encoding="utf-8")


main()
