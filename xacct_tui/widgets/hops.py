"""The chain as a list that a cursor goes through: a picture of lanes and arrows, a line for each hop and finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual.binding import Binding
from textual.content import Content
from textual.widgets.option_list import Option

from reconcile.proof.values import DeploymentProof, Finding, Hop, Verdict, worst
from xacct_tui.render.lanes import lanes
from xacct_tui.render.plain import plain
from xacct_tui.render.proof_words import VERDICT_MARKS, finding_mark, findings_together, together_words, verdict_words
from xacct_tui.widgets.options import Options
from xacct_tui.widgets.paint import painted

Chosen = Hop | tuple[Finding, ...]
"""A hop, a finding, or those together that could not be ruled out for the same reason."""


class HopList(Options):
    """Hops and findings of one deployment."""

    BINDINGS = [  # noqa: RUF012  as Textual declares it
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  as all widgets call it
        super().__init__(id=id, markup=False)
        self._shown: Mapping[str, Chosen] = {}

    @property
    def chosen(self) -> Chosen | None:
        """What the cursor is on."""
        option = self.highlighted_option
        return self._shown.get(option.id or "") if option else None

    def show(self, now: DeploymentProof, then: DeploymentProof | None, accounts: Sequence[str]) -> None:
        """Show a proof, beside each hop what it will be ``then``; the cursor stays where it was."""
        chosen = self.highlighted_option.id if self.highlighted_option else None
        findings = list(findings_together(now))
        self._shown = {f"hop {hop.id}": hop for hop in now.hops}
        self._shown |= {f"finding {number}": together for number, together in enumerate(findings)}
        self.set_options([*_chain(now, then, accounts), *_findings(findings)])
        ids = [option.id for option in self.options]
        worst_of_all = worst(hop.verdict for hop in now.hops)
        first = next((f"hop {hop.id}" for hop in now.hops if hop.verdict is worst_of_all), "")
        wanted = next((each for each in (chosen, first, *self._shown) if each in self._shown), None)
        self.highlighted = ids.index(wanted) if wanted else None

    def go_to_bad(self, step: int) -> bool:
        """Put the cursor on the next, or with -1 the previous, that is not well; whether there is another."""
        rows = [(number, self._shown.get(option.id or "")) for number, option in enumerate(self.options)]
        bad = [number for number, shown in rows if shown and _verdict(shown) is not Verdict.PASS]
        here = -1 if self.highlighted is None else self.highlighted
        later = [number for number in bad if number > here] + [number for number in bad if number < here]
        if later:
            self.highlighted = later[0] if step > 0 else later[-1]
        return bool(later)


def _chain(now: DeploymentProof, then: DeploymentProof | None, accounts: Sequence[str]) -> Iterator[Option]:
    later = {hop.id: hop.verdict for hop in then.hops} if then else {}
    words = [_words(hop.verdict, later.get(hop.id, hop.verdict)) for hop in now.hops]
    width = max((len(each.plain) for each in words), default=0)
    picture = lanes(now.hops, accounts)
    yield Option(Content.styled(f"  {picture.heading}", "bold $text-primary"), disabled=True)
    for hop, drawn, verdict in zip(now.hops, picture.drawn, words, strict=True):
        rest = f"{' ' * (width - len(verdict.plain))}  {plain(hop.title)}"
        yield Option(Content.assemble(f"  {drawn}", verdict, rest), id=f"hop {hop.id}")


def _words(now: Verdict, then: Verdict) -> Content:
    """What a hop is, and what it will be if that is something else."""
    told = painted(VERDICT_MARKS[now], verdict_words(now))
    return told if now is then else Content.assemble(told, " > ", painted(VERDICT_MARKS[then], verdict_words(then)))


def _verdict(shown: Chosen) -> Verdict:
    return shown.verdict if isinstance(shown, Hop) else worst(finding.verdict for finding in shown)


def _findings(findings: Sequence[tuple[Finding, ...]]) -> Iterator[Option]:
    for number, together in enumerate(findings):
        mark = finding_mark(together[0])
        yield Option(painted(mark, f"  {mark} {together_words(together)}"), id=f"finding {number}")
