"""A step in which fields are filled in: each is judged as it is typed, in the models' own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from reconcile.errors import ConfigProblem
from xacct_tui.render.plain import plain
from xacct_tui.screens.wizard.choose import ChooseScreen
from xacct_tui.screens.wizard.step import Step, StepLine
from xacct_tui.setup.offers import Offer, offers
from xacct_tui.setup.texts import text_of, value_of
from xacct_tui.widgets.footer import Footer
from xacct_tui.widgets.form import FieldInput, Form, Line
from xacct_tui.widgets.paint import lines, painted

if TYPE_CHECKING:
    from reconcile.adoption import Field


class FormStep(Step):
    """A form, what there is to know of the field at the cursor, and how many are to be corrected."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "choose", "List", key_display="^l", tooltip="choose from a list what to fill in"),
        Binding(
            "ctrl+t", "all_fields", "All fields", key_display="^t", tooltip="show all fields, or those that matter"
        ),
    ]
    _all = False

    def lines(self) -> Iterable[Line]:
        """What the form is made of."""
        raise NotImplementedError

    def field(self, name: str) -> Field | None:
        """What the models say of a field of the form."""
        raise NotImplementedError

    def key(self, name: str) -> str:
        """The dotted key of a field of the form."""
        raise NotImplementedError

    def inner(self, name: str) -> str:
        """What the field is called within its account or deployment."""
        raise NotImplementedError

    @property
    def names(self) -> list[str]:
        """The fields of the form that the models know."""
        raise NotImplementedError

    def matters(self, name: str) -> bool:
        """Whether a field is shown before all are asked for."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Where one is, the form, the field at the cursor, the keys."""
        yield StepLine()
        yield Form(self._shown())
        yield Static(id="hint", markup=False)
        yield Static(id="summary", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Show what is known."""
        self.show()

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    def show(self) -> None:
        """Show what is filled in, and what there is to say about it."""
        if not self.is_current or not self.query(Form):
            return
        for name in self.names:
            self._fill(name)
        self._judge()
        self.show_status()

    def typed(self, name: str, text: str) -> None:
        """Something was typed in a field."""
        field = self.field(name)
        if field:
            before = self.drafting.value(self.key(name))
            if (value := value_of(field, text, before)) != before:  # what is said of a value stays with it
                self.drafting.set(self.key(name), value)

    def problem(self, name: str) -> ConfigProblem | None:
        """What is wrong with a field."""
        key = self.key(name)
        found = self.drafting.problems()
        inside = (problem for each, problem in found.items() if each.startswith(f"{key}."))
        return found.get(key) or next(inside, None)

    def offers(self, name: str) -> tuple[Offer, ...]:
        """What can be chosen for a field."""
        field = self.field(name)
        return offers(self.setup, field, self.inner(name)) if field else ()

    def why_not(self, action: str) -> str:
        """A list is shown where there is one."""
        if action == "choose":
            return "" if self.offers(self.form.chosen) else "there is nothing to choose from here: type it"
        return ""

    def on_input_changed(self, event: Input.Changed) -> None:
        """Judge what is typed."""
        if isinstance(event.input, FieldInput):
            self.typed(event.input.field, event.value)
            self._judge()
            self.show_status()

    def on_input_submitted(self) -> None:
        """Enter goes on to the next field."""
        self.focus_next(FieldInput)

    def on_descendant_focus(self) -> None:
        """Tell of the field at the cursor, and complete what is typed there."""
        name = self.form.chosen
        if name:
            self.form.suggest(name, [offer.text for offer in self.offers(name) if offer.text])
            self._judge()
            self.show_keys()

    async def action_all_fields(self) -> None:
        """Show all fields, or those that matter."""
        self._all = not self._all
        await self.form.replace(self._shown())
        self.show()

    def action_choose(self) -> None:
        """Choose from a list."""
        name = self.form.chosen
        field = self.field(name)
        if field:
            title = f"{field.group}: {field.label}"
            self.app.push_screen(
                ChooseScreen(title, self.offers(name), text_of(self.drafting.value(self.key(name)))),
                lambda offer: self._take(name, field, offer) if offer else None,
            )

    def _take(self, name: str, field: Field, offer: Offer) -> None:
        text = offer.text
        if field.sort == "list":
            before = text_of(self.drafting.value(self.key(name))).split()
            text = " ".join([each for each in before if each != text] + [text] * (text not in before))
        self.form.type(name, text)
        for other, value in offer.beside:
            self.drafting.set(self.key(other), value)

    def _shown(self) -> list[Line]:
        """The fields that are shown now, and the headings that have any."""
        known = frozenset(self.names)
        lines = [line for line in self.lines() if self._all or line.name not in known or self.matters(line.name)]
        return [
            line for line, after in zip(lines, [*lines[1:], None], strict=True) if line.name or (after and after.name)
        ]

    def _fill(self, name: str) -> None:
        """Show a value; where what is typed means it already, what is typed stays."""
        field, value = self.field(name), self.drafting.value(self.key(name))
        text = self.form.text(name)
        if field and text is not None and value_of(field, text, value) != value:
            self.form.fill(name, text_of(value))

    def _judge(self) -> None:
        marks = {name: mark for name in self.names if (mark := self._mark(name))}
        self.form.mark(marks)
        self.query_one("#hint", Static).update(lines(self.hint(self.form.chosen)))
        words = [self._counted(marks, "!", "to correct"), self._counted(marks, "?", "not known")]
        if not self._all:
            words.append(f"{sum(map(self.matters, self.names))} of {len(self.names)} fields: ^t shows all")
        self.query_one("#summary", Static).update(Content("   ".join(filter(None, words))))

    def _mark(self, name: str) -> str:
        key = self.key(name)
        if self.problem(name):
            return "!"
        return "?" if self.drafting.unknown(key) else "i" if self.drafting.remarks(key) else ""

    def _counted(self, marks: Mapping[str, str], mark: str, words: str) -> str:
        names = [name for name, each in marks.items() if each == mark]
        field = self.field(names[0]) if names else None
        where = f" ({field.group}: {field.label}{', …' if names[1:] else ''})" if field else ""
        return f"{mark} {len(names)} {words}{where}" if names else ""

    def hint(self, name: str) -> Iterator[Content]:
        """What there is to know of a field."""
        field = self.field(name)
        if not field:
            return
        key = self.key(name)
        yield Content.assemble(Content.styled(f"{field.group}: {field.label}. ", "bold"), Content(field.description))
        if problem := self.problem(name):
            yield told(problem)
        yield from (painted("?", f"? not known: {plain(text)}") for text in self.drafting.unknown(key))
        yield from (Content(f"i {plain(text)}") for text in self.drafting.remarks(key))
        if count := len(self.offers(name)):
            yield Content.styled(f"^l lists {count} to choose from", "$text-muted")


def told(problem: ConfigProblem) -> Content:
    """What is wrong with the field at the cursor."""
    return painted("!", f"! found {plain(problem.found)}; allowed: {plain(problem.allowed)}")


def sentence(problem: ConfigProblem) -> str:
    """What is wrong, and where."""
    return f"{problem.key}: found {problem.found}; allowed: {problem.allowed}"
