"""How the screens bear many changes: ratios to twenty rows, measured in one run; and how fast the first one is there.

The first frame is that of the whole program, on a terminal of its own.
"""

import asyncio
import fcntl
import os
import pty
import resource
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

from deployments import plan_of

from xacct_tui.app import XacctApp

RUNS = 7
KEYS = 20
COMMANDS = {
    "python -c 'import textual.app'": ("-c", "import textual.app"),
    "xacct-tui": ("-m", "xacct_tui", "--config", "xacct.toml"),
}
FRAME = b"Quit"
"""The last word of the first frame."""


class Nothing:
    """Opens no session: the board is fed directly."""

    def config(self) -> str:
        """Give no file."""
        return ""

    def __call__(self, **_: object) -> object:
        """Never called."""
        raise NotImplementedError


def seconds(work: Callable[[], object]) -> float:
    """The median of some runs."""
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def until_frame(arguments: tuple[str, ...], folder: str) -> None:
    """Run a program on a terminal until its first frame, or its end."""
    ours, its_side = pty.openpty()
    fcntl.ioctl(its_side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), its_side)
    process = subprocess.Popen([sys.executable, *arguments], cwd=folder, **streams)
    os.close(its_side)
    painted = b""
    while FRAME not in painted:
        try:
            painted += os.read(ours, 65536)
        except OSError:
            break
    process.kill()
    process.wait()
    os.close(ours)


def first_frame() -> None:
    """Print how long the first frame takes, beside the import of the toolkit alone."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "xacct.toml").write_text("[accounts]\n[deployments]\n")
        times = {name: seconds(lambda each=each: until_frame(each, folder)) for name, each in COMMANDS.items()}
    least, ours = times.values()
    print(f"first frame {ours:.3f} s, {ours / least:.2f} times the {least:.3f} s of {next(iter(COMMANDS))}")


async def lived(deployments: int) -> dict[str, float]:
    """Show so many deployments, and press keys."""
    plan = await asyncio.to_thread(plan_of, deployments)
    app = XacctApp(Nothing(), "xacct.toml")  # type: ignore[arg-type]
    app.desk.open = lambda: None  # type: ignore[method-assign]
    times = {"changes": float(len(plan.changes))}
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        began = time.perf_counter()
        app.desk.board.take(plan)
        app.changed()
        await pilot.pause()
        times["shown"] = time.perf_counter() - began
        began = time.perf_counter()
        for _ in range(100):
            app.moved_on()
        await pilot.pause()
        times["an event"] = (time.perf_counter() - began) / 100
        for key in ("j", "space", "i"):
            began = time.perf_counter()
            await pilot.press(*[key] * KEYS)
            times[key] = (time.perf_counter() - began) / KEYS
    times["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return times


def figures(deployments: int) -> dict[str, float]:
    """The figures of a process of its own."""
    return asyncio.run(lived(deployments))


def main() -> None:
    """Print the figures."""
    first_frame()
    least: dict[str, float] = {}
    for deployments in (1, 50, 1000):
        with get_context("spawn").Pool(1) as process:
            now = process.apply(figures, (deployments,))
        least = least or now
        print(f"{now.pop('changes'):6.0f} changes", end="")
        for name, figure in now.items():
            unit = "MiB" if name == "memory" else "ms"
            print(f"  {name} {figure if name == 'memory' else figure * 1000:.1f} {unit}", end="")
            print(f" ({figure / least[name]:.1f})", end="")
        print()


if __name__ == "__main__":
    main()
