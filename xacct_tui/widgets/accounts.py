"""The line of each account: name, id, region, what it is for, and who is calling. Always visible."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from reconcile.change import AccountSeen
from xacct_tui.board import Board
from xacct_tui.render.plain import plain
from xacct_tui.widgets.paint import lines, painted


class AccountBar(Static):
    """One line for each account; the one that is deployed to looks different, in word and colour."""

    def __init__(self) -> None:
        super().__init__(markup=False)

    def show(self, board: Board) -> None:
        """Show the accounts of a board."""
        width = max((len(plain(seen.name)) for seen in board.accounts), default=0)
        self.update(lines(_line(seen, board, width) for seen in board.accounts))


def _line(seen: AccountSeen, board: Board, width: int) -> Content:
    side = board.sides.get(seen.name, "")
    style = "bold $text-error" if "TARGET" in side else "bold $text-primary"
    who = f"{plain(seen.name).ljust(width)}  {plain(seen.id)}  {plain(seen.region)}  {side}  "
    if seen.problem:
        return Content.styled(f"{who}{board.counts(seen.name)}  ", style) + painted("!", f"! {plain(seen.problem)}")
    user, role = _caller(seen, is_read=board.is_whole)
    return Content.assemble(
        Content.styled(who, style),
        f"{plain(user)}  ",
        Content.styled(f"{board.counts(seen.name)}  ", style),
        Content.styled(plain(role), "$text-muted"),
    )


def _caller(seen: AccountSeen, *, is_read: bool) -> tuple[str, str]:
    """Give who is calling, and the role that this is a session of: eighty columns seldom have room for both."""
    if not seen.caller:
        return "caller unknown" if is_read else "…", ""
    _, _, name = seen.caller.partition(f"::{seen.id}:")
    kind, _, path = name.partition("/")
    role, _, session = path.rpartition("/")
    if kind == "assumed-role":
        return f"as {session}", f"role {role}"
    return f"as {path if kind == 'user' else name or seen.caller}", ""
