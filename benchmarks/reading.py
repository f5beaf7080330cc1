"""How the screens answer while a thousand deployments are read: the time from a key to its painted row, and memory.

The accounts are embedded in a process of their own, and empty; every answer takes a tenth of a second. The figures
are ratios to those of one deployment, once it is read.
"""

import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from deployments import ACCOUNTS, DEPLOYMENT
from textual.events import Key

import reconcile
from xacct_tui.app import XacctApp
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.interactive import Opener
from xacct_tui.session import Scope
from xacct_tui.widgets.changes import ChangeList

KEYS = 100
ROWS = 5
"""What is to be there before the first key."""
PAUSE = 0.1
Figures = tuple[list[float], float]
"""Seconds from each key to its row, and MiB."""


def serve(pipe: Any, folder: str) -> None:
    """Be the accounts until something is sent."""
    with EmbeddedAccounts() as embedded:
        embedded.faults.latency(100)
        pipe.send({**embedded.environment(os.environ), "XDG_STATE_HOME": folder})
        pipe.recv()


@contextmanager
def accounts(folder: str) -> Iterator[Mapping[str, str]]:
    """Embedded accounts in a process of their own, as the environment that leads there."""
    ours, its_side = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=serve, args=(its_side, folder))
    process.start()
    yield ours.recv()
    ours.send(None)
    process.join()


async def answered(app: XacctApp, key: str) -> float:
    """Press a key, and wait until the cursor is painted elsewhere."""
    listed, painted = app.screen.query_one(ChangeList), asyncio.Event()
    before, began = listed.chosen, time.perf_counter()
    app.post_message(Key(key, key))
    while listed.chosen == before:  # noqa: ASYNC110  there is no event of it
        await asyncio.sleep(0.001)
    app.screen.call_after_refresh(painted.set)
    await painted.wait()
    return time.perf_counter() - began


async def lived(config: Path, environment: Mapping[str, str], *, is_read: bool) -> Figures:
    """Press keys while the accounts are read, or once they are."""
    os.environ.update(environment)
    with ExitStack() as stack:
        app = XacctApp(Opener(Scope(str(config)), None, lambda: reconcile, stack), config.name)  # type: ignore[arg-type,return-value]
        async with app.run_test(size=(120, 40)):
            while len(list(app.desk.board.rows())) < ROWS or (is_read and not app.desk.board.is_whole):  # noqa: ASYNC110
                await asyncio.sleep(PAUSE)
            times = []
            for number in range(KEYS):
                times.append(await answered(app, "jjk"[number % 3]))
                await asyncio.sleep(PAUSE)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"  {app.desk.busy or 'all is read'}", file=sys.stderr)
    return times, memory


def figures(count: int, folder: str, environment: Mapping[str, str], is_read: bool) -> Figures:
    """The figures of a process of its own, which does not wait for what is still being read."""
    config = Path(folder, f"{count}.toml")
    config.write_text(ACCOUNTS + "".join(DEPLOYMENT.format(number) for number in range(count)))
    return asyncio.run(lived(config, environment, is_read=is_read))


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder, accounts(folder) as environment:
        least: Figures | None = None
        for count, is_read in ((1, True), (1000, False)):
            with get_context("spawn").Pool(1) as process:
                times, memory = process.apply(figures, (count, folder, environment, is_read))
            times = sorted(times)
            least = least or (times, memory)
            print(f"{count:5} deployments, {'read' if is_read else 'being read'}", end="")
            for name, place in (("median", len(times) // 2), ("9 of 10", len(times) * 9 // 10), ("longest", -1)):
                print(f"  {name} {times[place] * 1000:.0f} ms ({times[place] / least[0][place]:.1f})", end="")
            print(f"  memory {memory:.0f} MiB ({memory / least[1]:.1f})")


if __name__ == "__main__":
    main()
