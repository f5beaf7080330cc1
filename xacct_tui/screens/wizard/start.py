"""The second step: what the deployment begins with. A live pipeline, the article's values, or what the file says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from reconcile.adoption import DeployAction, Identity, Inventory
from reconcile.desired.forms import NAME, PIPELINE
from reconcile.errors import XacctError
from xacct_tui.render.plain import plain
from xacct_tui.screens.wizard.step import Step, StepLine
from xacct_tui.setup.drafting import INNER, OUTER, Start
from xacct_tui.setup.setup import ADOPTING
from xacct_tui.widgets.footer import Footer
from xacct_tui.widgets.form import FieldInput, Form, Line
from xacct_tui.widgets.paint import lines, painted

_NEW_PIPELINE = "crossaccountdeploy"


class StartScreen(Step):
    """A list of what there is to begin with, and the name of the deployment."""

    NUMBER = 2
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "list_again", "List again", key_display="^r", tooltip="list again what there is"),
    ]
    _failed: XacctError | None = None
    _rows: tuple[Start, ...] = ()

    def compose(self) -> ComposeResult:
        """The list, and two names."""
        yield StepLine()
        yield OptionList(id="changes")
        yield Form(
            [
                Line("What it is called"),
                Line("Deployment", "name", self._free_name()),
                Line("New pipeline", "pipeline", self._chosen_pipeline()),
            ]
        )
        yield Static(id="hint", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Begin in the list."""
        self.setup.list(INNER)
        self.setup.list(OUTER)
        self.show()
        self.query_one(OptionList).focus()

    @property
    def chosen(self) -> Start | None:
        """What is at the cursor, with the names as they are typed."""
        index = self.query_one(OptionList).highlighted if self.query(OptionList) else None
        if index is None or index >= len(self._rows):
            return None
        row = self._rows[index]
        if row.way == "edit":
            return row
        pipeline = self._typed("pipeline") if row.way == "new" else row.pipeline
        return Start(row.way, self._typed("name"), pipeline, row.action)

    def show(self) -> None:
        """Show what there is by now; the cursor stays where it is."""
        if not self.is_current or not self.query(Form):
            return
        listed, old = self.query_one(OptionList), self.chosen
        options = list(self._options())
        self._rows = tuple(start for start, _ in options)
        listed.set_options(Option(text, disabled=start.way == "adopt" and not start.action) for start, text in options)
        at = next((index for index, row in enumerate(self._rows) if old and _alike(row, old)), self._at_first())
        listed.highlighted = at if self._rows else None
        self._hint()
        self.show_status()

    def why_not(self, action: str) -> str:
        """On goes who has chosen something, under a name that is free."""
        if action != "next":
            return ""
        if doing := self.setup.beside.doing.get(ADOPTING):
            return f"wait: {doing}"
        start = self.chosen
        if start is None:
            return "choose what to begin with"
        return "" if start.way == "edit" else self._why_not_named(start)

    def _why_not_named(self, start: Start) -> str:
        if not NAME.fits(start.name):
            return f"the deployment wants {NAME.words}"
        if start.name in self.drafting.deployments:
            return f"the file has a deployment {start.name} already: choose another name, or edit that one"
        if start.way == "adopt":
            return ""
        if not PIPELINE.fits(start.pipeline):
            return f"the pipeline wants a name of {PIPELINE.words}"
        lacking = [name for name in self.drafting.names.values() if name not in self.drafting.accounts]
        return f"{lacking[0]} has no sound id and region yet: go back and type them" if lacking else ""

    def on_option_list_option_highlighted(self, _: OptionList.OptionHighlighted) -> None:
        """Another row."""
        self._hint()
        self.show_keys()

    def on_option_list_option_selected(self, _: OptionList.OptionSelected) -> None:
        """Enter on a row is what goes on."""
        self._go_on()

    def on_input_changed(self, _: Input.Changed) -> None:
        """A name was typed."""
        self._failed = None
        self._hint()
        self.show_keys()

    def on_input_submitted(self) -> None:
        """Enter after a name goes on to the next field."""
        self.focus_next()

    def action_list_again(self) -> None:
        """Somebody may have made something, or been allowed to list it."""
        for side in (INNER, OUTER):
            if isinstance(self.setup.seen[side].identity, Identity):
                self.setup.list(side, again=True)
            else:
                self.setup.look(side, again=True)

    def action_next(self) -> None:
        """Fill in the deployment, and go on to it."""
        if start := self.chosen:
            self._failed = None
            self.setup.begin(start, self._begun)

    def action_back(self) -> None:
        """Back; what is being looked at is not wanted any more."""
        self.setup.beside.drop(ADOPTING)
        super().action_back()

    def _go_on(self) -> None:
        if reason := self.why_not("next"):
            self.app.tell(reason, severity="warning")
        else:
            self.action_next()

    def _begun(self, failure: XacctError | None) -> None:
        from xacct_tui.screens.wizard.details import DetailsScreen

        self._failed = failure
        self._hint()
        if failure is None:
            self.app.push_screen(DetailsScreen(self.setup))

    def _options(self) -> Iterator[tuple[Start, Content]]:
        for name in self.drafting.deployments:
            yield Start("edit", name), Content(f"edit   {plain(name)}, as the file has it")
        yield Start("new", ""), Content("new    the article's values, under names of your own")
        seen = self.setup.seen[INNER]
        for pipeline in seen.inventory.pipelines if isinstance(seen.inventory, Inventory) else ():
            found = seen.actions.get(pipeline)
            if not isinstance(found, tuple) or not found:
                why = "…" if found is None else "no S3 deploy action" if isinstance(found, tuple) else str(found)
                yield Start("adopt", "", pipeline), Content(f"adopt  {plain(pipeline)}: {plain(why)}")
            else:
                yield from (_adoptable(pipeline, each) for each in found)

    def _at_first(self) -> int:
        """What was chosen before; else the first row."""
        start = self.drafting.start
        return next((index for index, row in enumerate(self._rows) if start and _alike(row, start)), 0)

    def _hint(self) -> None:
        told = [Content.styled(self._about(), "bold")]
        for side in (INNER, OUTER):
            told += [painted("!", f"! {plain(str(error))}") for error in self._refusals(side)]
            name = self.drafting.names[side]
            if doing := self.setup.beside.doing.get(f"list {side}"):
                told.append(painted("…", f"… {plain(doing)}"))
            elif not isinstance(self.setup.seen[side].identity, Identity):
                told.append(Content(f"{plain(name)} is not read: type what is wanted there by hand"))
        if self._failed:
            told.insert(1, painted("!", f"! {plain(str(self._failed))}"))
        self.query_one("#hint", Static).update(lines(told))

    def _about(self) -> str:
        start = self.chosen
        if start is None:
            return ""
        if start.way == "edit":
            return f"The deployment {plain(start.name)} and its accounts are edited; comments and the rest stay."
        if start.way == "new":
            return "Everything is to be made, but for what exists under these names already."
        return (
            f"Stage/action {plain(start.action)} of pipeline {plain(start.pipeline)}, and all around it, is written "
            "down as it is; what cannot be seen is listed."
        )

    def _refusals(self, side: str) -> Iterator[XacctError]:
        seen = self.setup.seen[side]
        if isinstance(seen.identity, XacctError):
            yield seen.identity
        if isinstance(seen.inventory, XacctError):
            yield seen.inventory
        elif seen.inventory:
            yield from seen.inventory.unreadable

    def _typed(self, name: str) -> str:
        return next(box.value.strip() for box in self.query(FieldInput) if box.field == name)

    def _free_name(self) -> str:
        if self.drafting.start and self.drafting.start.way != "edit":
            return self.drafting.start.name
        names = ("website", *(f"website-{number}" for number in range(2, len(self.drafting.deployments) + 3)))
        return next(name for name in names if name not in self.drafting.deployments)

    def _chosen_pipeline(self) -> str:
        start = self.drafting.start
        return start.pipeline if start and start.way == "new" else _NEW_PIPELINE


def _alike(row: Start, start: Start) -> bool:
    """Whether both are the same row, whatever is typed below."""
    if row.way != start.way:
        return False
    if row.way == "adopt":
        return (row.pipeline, row.action or start.action) == (start.pipeline, start.action or row.action)
    return row.way == "new" or row.name == start.name


def _adoptable(pipeline: str, action: DeployAction) -> tuple[Start, Content]:
    name = f"{action.stage}/{action.name}"
    told = f"adopt  {plain(pipeline)} → {plain(action.bucket)} ({plain(name)}; {plain(_role(action))})"
    return Start("adopt", "", pipeline, name), Content(told)


def _role(action: DeployAction) -> str:
    return f"as {action.role_arn.rpartition('/')[2]} of {action.account_id}" if action.role_arn else "no role yet"
