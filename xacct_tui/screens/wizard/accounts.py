"""The first step: the two accounts, how each is reached, and whom AWS takes the user for there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from reconcile.adoption import Identity
from reconcile.errors import ConfigProblem
from reconcile.toml import dotted_key
from xacct_tui.render.plain import plain
from xacct_tui.screens.wizard.form_step import FormStep, sentence, told
from xacct_tui.setup.drafting import INNER, OUTER
from xacct_tui.setup.texts import text_of
from xacct_tui.widgets.form import Form, Line
from xacct_tui.widgets.paint import lines, painted

if TYPE_CHECKING:
    from reconcile.adoption import Field

_HEADS = {INNER: "The pipeline's account", OUTER: "The account that is deployed to"}
_WAYS_OUT = {
    INNER: "renew them and check again with ^r, or type id and region by hand",
    OUTER: "renew them and check again with ^r, type id and region, or let a pipeline tell them",
}
_ORDER = ("profile", "id", "region", "role_arn", "source_profile", "external_id", "mfa_serial")
_FIRST = frozenset({"name", "profile", "id", "region"})


class AccountsScreen(FormStep):
    """Both identities are checked beside the screen, whenever a way in was typed or chosen."""

    NUMBER = 1
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+b", "back", "Leave", key_display="esc", tooltip="leave, with nothing written"),
        Binding("ctrl+r", "look_again", "Check again", key_display="^r", tooltip="ask AWS again who you are"),
    ]

    def on_mount(self) -> None:
        """Ask at once."""
        self._look()

    def lines(self) -> Iterator[Line]:
        """Two accounts."""
        for side, head in _HEADS.items():
            yield Line(head)
            name = self.drafting.names[side]
            yield Line("Name", f"{side}/name", name)
            for field in _ORDER:
                text = text_of(self.drafting.value(self.drafting.account_key(side, field)))
                label = next(
                    each.label for each in self.drafting.account_fields(side) if each.key.endswith(f".{field}")
                )
                placeholder = "the default credential chain" if field == "profile" else ""
                yield Line(label, f"{side}/{field}", text, placeholder)

    @property
    def names(self) -> list[str]:
        """Every line."""
        return [f"{side}/{field}" for side in _HEADS for field in ("name", *_ORDER)]

    def inner(self, name: str) -> str:
        """The field within its account."""
        return name.partition("/")[2]

    def key(self, name: str) -> str:
        """The dotted key."""
        side, _, field = name.partition("/")
        return self.drafting.account_key(side, field)

    def problem(self, name: str) -> ConfigProblem | None:
        """What is wrong with a field; a name is that of the whole table."""
        side, _, field = name.partition("/")
        if field != "name":
            return None if self._wait(name) and not self.drafting.value(self.key(name)) else super().problem(name)
        key = dotted_key("accounts", self.drafting.names[side])
        typed = self.form.text(name)
        if typed is not None and typed.strip() != self.drafting.names[side]:
            return ConfigProblem(self.drafting.path, 0, key, f'"{typed.strip()}"', "a name that no other account has")
        return self.drafting.problems().get(key)

    def field(self, name: str) -> Field | None:
        """What the models say of it."""
        side, _, _ = name.partition("/")
        known = self.drafting.account_fields(side) if side in _HEADS else ()
        return next((each for each in known if each.key == self.key(name)), None)

    def matters(self, name: str) -> bool:
        """The ways in by a role are asked for seldom."""
        return self.inner(name) in _FIRST or bool(self.drafting.value(self.key(name)))

    def typed(self, name: str, text: str) -> None:
        """A name moves all that is filled in; everything else is a field."""
        side, _, field = name.partition("/")
        if field != "name":
            super().typed(name, text)
        else:
            self.setup.rename(side, text.strip())

    def show_status(self) -> None:
        """Show what AWS says of the accounts, or that it is being asked."""
        super().show_status()
        for side, head in _HEADS.items() if self.query(Form) else ():
            parts = [Content.styled(f"{head} ({plain(self.drafting.names[side])})", "bold"), *self._seen(side)]
            self.form.head(head, lines(parts))

    def hint(self, name: str) -> Iterator[Content]:
        """What there is to know of a field."""
        if name.endswith("/name"):
            known = self.drafting.names[name.partition("/")[0]] in self.drafting.accounts_of_file
            more = " It is renamed in every deployment of the file, too." if known else ""
            yield Content(f"The name that the account has in the file, and on the screens.{more}")
            if known:
                yield Content("What was applied under the old name can be rolled back under the old name only.")
            if problem := self.problem(name):
                yield told(problem)
        yield from super().hint(name)

    def why_not(self, action: str) -> str:
        """On goes who has described the accounts; of the other one, the pipeline may tell the rest."""
        if action != "next":
            return super().why_not(action)
        if (wait := self._wait(f"{INNER}/id")) and self.drafting.account(INNER) is None:
            return wait
        for name in self.names:
            problem, value = self.problem(name), self.drafting.value(self.key(name))
            if problem and (value or name.startswith(INNER) or name.endswith("/name")):
                return sentence(problem)
        return self._same()

    def on_descendant_blur(self) -> None:
        """A way in may have been typed."""
        self._look()

    def action_look_again(self) -> None:
        """Credentials may have been renewed."""
        for side in _HEADS:
            self.setup.look(side, again=True)

    def action_next(self) -> None:
        """Go on to what to begin with."""
        from xacct_tui.screens.wizard.start import StartScreen

        self._look()
        self.app.push_screen(StartScreen(self.setup))

    def _look(self) -> None:
        for side in _HEADS:
            self.setup.look(side)
            self.setup.list(side)

    def _wait(self, name: str) -> str:
        side = name.partition("/")[0]
        return f"wait: {doing}" if (doing := self.setup.beside.doing.get(f"who {side}")) else ""

    def _same(self) -> str:
        one, other = (self.drafting.value(self.drafting.account_key(side, "id")) for side in _HEADS)
        return f"both are account {one}: the other one needs another way in" if one and one == other else ""

    def _seen(self, side: str) -> Iterator[Content]:
        identity = self.setup.seen[side].identity
        number = self.drafting.value(self.drafting.account_key(side, "id"))
        if profile := self.setup.profile(side):
            yield Content(f"  this run uses the profile {plain(profile)} (--profile), whatever is filled in here")
        if doing := self.setup.beside.doing.get(f"who {side}"):
            yield painted("…", f"  … {plain(doing)}")
        elif isinstance(identity, Identity):
            yield painted("✓", f"  ✓ {plain(identity.arn)}")
            if number != identity.account_id:
                yield painted("!", f"  ! but that is account {plain(identity.account_id)}")
        elif identity is not None:
            yield painted("!", f"  ! {plain(str(identity))}")
            if not number:
                yield Content(f"  {_WAYS_OUT[side]}")
        else:
            yield Content("  not looked at yet: choose a profile, or type the id")
        if side == OUTER and (same := self._same()):
            yield painted("!", f"  ! {same}")
