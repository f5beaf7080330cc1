"""A process that has the program and its AWS clients loaded, and forks it on demand.

So a start of the program costs a fork, not an interpreter, and each is a process of its own, to be killed for good.
Jobs come as JSON, one a line, and are answered likewise: ``{"argv", "config", "state", "output"}`` starts the
program and gives its pid, ``{"wait": pid}`` gives how it ended, as os.waitpid tells. More of a job:

    die     ["begin" or "end", n]: kill itself just after the n-th begin or just before the n-th end in the journal
    meet    a folder with the named pipes ready and go: wait there before the first write
"""

from __future__ import annotations

import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import reconcile
from reconcile.clients import READERS
from reconcile.proof import comparison, looking
from xacct_tui import cli, verbs
from xacct_tui.terminal import Terminal

LATE = (comparison, looking, verbs)
"""What the program imports late, loaded before the fork."""


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        answer = os.waitpid(job["wait"], 0)[1] if "wait" in job else fork(job)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def fork(job: dict) -> int:
    clients_of(job["config"])
    pid = os.fork()
    if not pid:
        os._exit(run(job))
    return pid


@cache
def clients_of(path: str) -> reconcile.Clients:
    """Clients that have read everything once, so that the children need not load it all again.

    They are as if new: without an answer, a connection or a thread, which no fork could take along.
    """
    config = reconcile.load(path)
    clients = reconcile.connect(config)
    reconcile.plan(config, reconcile.read(config, clients))
    clients.pool.shutdown(wait=True)
    clients.pool = ThreadPoolExecutor(READERS)
    clients._callers.clear()
    for client in clients._clients.values():
        client.close()
    return clients


def run(job: dict) -> int:
    os.environ["XDG_STATE_HOME"] = job["state"]
    with Path(job["output"]).open("w") as output, Path(os.devnull).open() as nobody:
        argv = ["--config", job["config"], *job["argv"]]
        return cli.run(argv, Terminal(nobody, output, output, os.environ), library_for(job))


def library_for(job: dict) -> SimpleNamespace:
    """The library, in no need of pauses, with the job's accident built in."""
    quick = {name: partial(getattr(reconcile, name), pause=lambda _: None) for name in ("apply", "rollback", "recover")}

    def apply(*arguments, **options):
        if job.get("meet"):
            meet(Path(job["meet"]))
        return quick["apply"](*arguments, **options)

    return SimpleNamespace(
        **{name: getattr(reconcile, name) for name in ("load", "plan", "proven_changes", "read", "reversals")},
        **{**quick, "apply": apply},
        connect=lambda *_, **__: clients_of(job["config"]),
        open_journal=partial(open_journal, die=job.get("die")),
    )


def open_journal(config: reconcile.Config, die: list | None) -> reconcile.Journal:
    journal = reconcile.open_journal(config)
    if die:
        moment, number = die
        act, seen = getattr(journal, moment), count(1)

        def dying(*arguments, **options):
            last = next(seen) == number
            if last and moment == "end":
                os.kill(os.getpid(), signal.SIGKILL)
            answer = act(*arguments, **options)
            if last:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        setattr(journal, moment, dying)
    return journal


def meet(folder: Path) -> None:
    with (folder / "ready").open("w") as ready:
        ready.write("x")
        ready.flush()
        (folder / "go").open().close()  # opens once the other side is open too


if __name__ == "__main__":
    main()
