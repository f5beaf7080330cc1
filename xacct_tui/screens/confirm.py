"""Asking before anything is written. The cursor starts on No; Enter alone never goes ahead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from reconcile.change import Change
from xacct_tui.render.details import LEGEND, Proven, details, mark
from xacct_tui.render.plain import plain
from xacct_tui.screens.guarded import Dialog
from xacct_tui.widgets.footer import Footer
from xacct_tui.widgets.hanging import Hanging, Paragraph, labelled, whole
from xacct_tui.widgets.paint import painted

_TOLD_ABOVE = frozenset({"BREAKS", "because", "effect", "undo"})
"""Why a change is wanted was to be read before it was asked for; the others are warned of first of all."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a verb, the changes it is about, and what else is to be said about it.

    ``asks`` is the question itself, where verb and count do not make one. ``writes`` says whether AWS is written to.
    """

    verb: str
    changes: Sequence[Change]
    sides: Mapping[str, str]
    remark: str = ""
    asks: str = ""
    writes: bool = True
    proven: Proven = field(default_factory=dict)

    @property
    def typed(self) -> tuple[str, ...]:
        """The accounts whose names have to be typed: something there cannot be undone."""
        final = {change.address.account for change in self.changes if not change.reversible}
        return tuple(sorted(final)) if self.writes else ()

    @property
    def title(self) -> str:
        """``Apply 2 changes?``."""
        count = len(self.changes)
        return self.asks or f"{self.verb.capitalize()} {count} change{'' if count == 1 else 's'}?"

    def told(self) -> Iterator[Paragraph]:
        """What is grave; account by account, what will be done; and of each change, what it writes and grants."""
        if self.remark:
            yield whole(Content(plain(self.remark)))
        for change in self.changes:
            yield from _warnings(change)
        for account, changes in groupby(self.changes, key=lambda change: (change.address.account, change.account_id)):
            side = self.sides.get(account[0], "")
            style = "bold $text-error" if "TARGET" in side else "bold $text-primary"
            yield whole(Content.styled(plain(f"in {account[0]} ({account[1]}), {side}"), style))
            yield from map(_change, changes)
        for change in self.changes:
            if len(self.changes) > 1:
                yield whole(Content.styled(plain(change.id), "bold"))
            told = ((label, text) for label, text in details(change, {}, self.proven) if label not in _TOLD_ABOVE)
            yield from (labelled(label, text, 2) for label, text in told)


class ConfirmScreen(Dialog[bool]):
    """Gives True only after ``y``, or after Yes was chosen; with names to type, only once they are typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", "Yes", tooltip="go ahead"),
        Binding("n,escape,q", "no", "No", key_display="n", tooltip="go back; nothing is changed"),
        Binding("tab", "go_on", "Move", show=False),
        Binding("left,right", "app.focus_next", "Move", show=False),
        Binding("down,j", "scroll(1)", "Scroll", key_display="↓↑", tooltip="scroll what will be done"),
        Binding("up,k", "scroll(-1)", "Scroll up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
    ]

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Title, what will be done, the names to type, two buttons."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._question.title), classes="dialog-title")
            with VerticalScroll(classes="dialog-text", can_focus=False):
                yield Static(Hanging(self._question.told()))
            with Vertical(classes="dialog-foot"):
                if self._question.typed:
                    yield Static(Content(f"{self._wanted} (tab goes there)"), classes="dialog-typed")
                    yield Input(placeholder=plain(" ".join(self._question.typed)), id="typed", compact=True)
                with Horizontal(classes="dialog-buttons"):
                    yield Button("No", id="no", variant="primary")
                    yield Button("Yes (y)", id="yes")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Start on No."""
        self.query_one("#no").focus()

    def why_not(self, action: str) -> str:
        """Yes waits for the names."""
        return self._wanted if action == "yes" and not self._is_typed else ""

    def on_input_changed(self) -> None:
        """A name was typed: Yes may be free now."""
        self.show_keys()

    def on_input_submitted(self) -> None:
        """Enter after the names is what was asked for."""
        if self._is_typed:
            self.action_yes()
        else:
            self.app.tell(self._wanted, severity="warning")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A button was chosen."""
        if event.button.id == "no":
            self.action_no()
        elif reason := self.why_not("yes"):
            self.app.tell(reason, severity="warning")
        else:
            self.action_yes()

    def action_yes(self) -> None:
        """Go ahead."""
        self.dismiss(result=True)

    def action_go_on(self) -> None:
        """Go to the names that are still to be typed, else to what comes next."""
        if self._is_typed or self.query_one("#typed").has_focus:
            self.focus_next()
        else:
            self.query_one("#typed").focus()

    def action_scroll(self, lines: int) -> None:
        """Scroll what will be done."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by what is in sight."""
        self.action_scroll(pages * self.query_one(VerticalScroll).size.height)

    def action_no(self) -> None:
        """Go back."""
        self.dismiss(result=False)

    @property
    def _is_typed(self) -> bool:
        if not self._question.typed:
            return True
        return bool(self.query("#typed")) and self.query_one("#typed", Input).value.split() == [*self._question.typed]

    @property
    def _wanted(self) -> str:
        return plain(f"this cannot be undone: type {' '.join(self._question.typed)} to go ahead")


def _change(change: Change) -> Paragraph:
    sign = mark(change)
    what = painted(sign, f"{LEGEND[sign]} {plain(change.id)}") + Content(f"  {plain(change.title)}")
    return painted(sign, f"  {sign} "), what


def _warnings(change: Change) -> Iterator[Paragraph]:
    yield from (labelled("!", f"{plain(change.id)}: effect: {plain(effect)}") for effect in change.effects)
    if change.irreversible_reason:
        yield labelled("!", f"{plain(change.id)} cannot be undone: {plain(change.irreversible_reason)}")
