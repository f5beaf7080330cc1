"""What decides a hop, or what a finding says, and below it what is told of the proof as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from reconcile.proof.values import DeploymentProof, Finding, Hop, Proof, Verdict
from xacct_tui.render.plain import plain
from xacct_tui.render.proof_words import (
    VERDICT_MARKS,
    excess_words,
    finding_details,
    finding_mark,
    finding_words,
    hop_ends,
    steps_of,
)
from xacct_tui.widgets.hanging import Hanging, Paragraph, labelled, whole
from xacct_tui.widgets.paint import painted

_MARKS = {"denied": "!", "lacking": "!", "unknown": "?", "allowed": "+"}
"""By label, for those that have a colour."""


class ProofDetail(VerticalScroll):
    """The pane of a proof."""

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(markup=False)

    def show(self, chosen: Hop | Finding | None, proof: Proof | None, of_deployment: DeploymentProof | None) -> None:
        """Show what the cursor is on."""
        told: Iterator[Paragraph] = iter(())
        if isinstance(chosen, Hop):
            told = _hop(chosen)
        elif isinstance(chosen, Finding):
            told = _finding(chosen)
        rest = _rest(proof, of_deployment) if proof and of_deployment else iter(())
        self.query_one(Static).update(Hanging([*told, *rest]))


def _hop(hop: Hop) -> Iterator[Paragraph]:
    yield whole(Content.styled(plain(hop.title), "bold"))
    yield whole(Content(hop_ends(hop)))
    bad_first = sorted(steps_of(hop, all_steps=True), key=lambda step: step[0] is Verdict.PASS)
    for verdict, title, details in bad_first:
        yield labelled(VERDICT_MARKS[verdict], f"{verdict.upper()} {title}")
        yield from (_labelled(label, text) for label, text in details)


def _finding(finding: Finding) -> Iterator[Paragraph]:
    yield labelled(finding_mark(finding), finding_words(finding))
    yield from (_labelled(label, text) for label, text in finding_details(finding))


def _rest(proof: Proof, of_deployment: DeploymentProof) -> Iterator[Paragraph]:
    excess = [line for each in of_deployment.excess for line in excess_words(each)]
    for heading, told in (("Granted beyond need", excess), ("Taken for granted", map(plain, proof.assumptions))):
        for number, line in enumerate(told):
            if not number:
                yield whole(Content(""))
                yield whole(Content.styled(heading, "$text-muted"))
            yield Content("- "), Content(line)


def _labelled(label: str, text: str) -> Paragraph:
    before, rest = labelled(label, text, 2)
    return (painted(_MARKS[label], before.plain), rest) if label in _MARKS else (before, rest)
