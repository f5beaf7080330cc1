"""What the functional tests ask for."""

from functional.command_line import desk, empty_desk
from functional.complete_setup import article, complete, connected
from functional.done_documents import assuming, done
from functional.drafted import reached
from functional.presets import connections, work
from functional.processes import facts, forker, forking

__all__ = [
    "article",
    "assuming",
    "complete",
    "connected",
    "connections",
    "desk",
    "done",
    "empty_desk",
    "facts",
    "forker",
    "forking",
    "reached",
    "work",
]
