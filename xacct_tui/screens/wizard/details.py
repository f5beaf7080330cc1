"""The third step: every field of the deployment, filled in as far as it is known."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from reconcile.toml import key_path
from xacct_tui.screens.wizard.form_step import FormStep, sentence
from xacct_tui.setup.texts import text_of
from xacct_tui.widgets.form import Line

if TYPE_CHECKING:
    from reconcile.adoption import Field

_FIRST = frozenset({"pipeline", "key.alias", "key.admins", "service_role.name", "deploy_role.name"})


class DetailsScreen(FormStep):
    """The deployment's fields under the headings of their tables."""

    NUMBER = 3

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {".".join(key_path(field.key)[2:]): field for field in self.drafting.deployment_fields()}

    def lines(self) -> Iterator[Line]:
        """Table by table."""
        group = ""
        for name, field in self._fields.items():
            if field.group != group:
                group = field.group
                yield Line(group)
            default = text_of(field.default)
            yield Line(
                field.label,
                name,
                text_of(self.drafting.value(field.key)),
                f"{default} (default)" if default else "left out",
            )

    @property
    def names(self) -> list[str]:
        """Every field."""
        return list(self._fields)

    def inner(self, name: str) -> str:
        """The field within the deployment."""
        return name

    def key(self, name: str) -> str:
        """The dotted key."""
        return self._fields[name].key if name in self._fields else ""

    def field(self, name: str) -> Field | None:
        """What the models say of it."""
        return self._fields.get(name)

    def matters(self, name: str) -> bool:
        """What the article has one name, and what something is known or wrong of."""
        field = self._fields[name]
        told = self.drafting.value(field.key) or self.drafting.unknown(field.key) or self.drafting.remarks(field.key)
        return name in _FIRST or field.required or bool(told) or bool(self.problem(name))

    def why_not(self, action: str) -> str:
        """On goes who has nothing to correct."""
        if action != "next":
            return super().why_not(action)
        problem = next(iter(self.drafting.problems().values()), None)
        if problem is None:
            return ""
        return sentence(problem) + (" (two steps back)" if problem.key.startswith("accounts.") else "")

    def action_next(self) -> None:
        """Go on to what will be written."""
        from xacct_tui.screens.wizard.review import ReviewScreen

        self.app.push_screen(ReviewScreen(self.setup))
