"""What decides a hop, or what a finding says, and below it what is told of the proof as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from reconcile.policy.request import Reason
from reconcile.proof.values import DeploymentProof, Finding, Hop, Proof
from xacct_tui.render.plain import plain
from xacct_tui.render.proof_words import (
    VERDICT_MARKS,
    excess_words,
    finding_details,
    finding_mark,
    finding_words,
    hop_ends,
    steps_of,
    together_words,
    unread,
    unread_words,
)
from xacct_tui.widgets.hanging import Hanging, Paragraph, labelled, whole
from xacct_tui.widgets.hops import Chosen
from xacct_tui.widgets.paint import painted

_MARKS = {"denied": "!", "lacking": "!", "unknown": "?", "allowed": "+"}
"""By label, for those that have a colour."""


class ProofDetail(VerticalScroll):
    """The pane of a proof."""

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(markup=False)

    def show(self, chosen: Chosen | None, proof: Proof | None, of_deployment: DeploymentProof | None) -> None:
        """Show what the cursor is on."""
        told: Iterator[Paragraph] = iter(())
        if isinstance(chosen, Hop):
            told = _hop(chosen, unread(of_deployment.hops) if of_deployment else ())
        elif chosen:
            told = _finding(chosen[0]) if len(chosen) == 1 else _together(chosen)
        rest = _rest(proof, of_deployment) if proof and of_deployment else iter(())
        self.query_one(Static).update(Hanging([*told, *rest]))


def _hop(hop: Hop, shared: Collection[Reason]) -> Iterator[Paragraph]:
    """What is not known for the same reason as other hops is told before all steps."""
    yield whole(Content.styled(plain(hop.title), "bold"))
    yield whole(Content(hop_ends(hop)))
    own = {reason for step in hop.steps for reason in step.reasons}
    for line in unread_words(reason for reason in shared if reason in own):
        yield _labelled("unknown", line)
    for verdict, title, details in steps_of(hop, shared, all_steps=True):
        yield labelled(VERDICT_MARKS[verdict], f"{verdict.upper()} {title}")
        yield from (_labelled(label, text) for label, text in details)


def _finding(finding: Finding) -> Iterator[Paragraph]:
    yield labelled(finding_mark(finding), finding_words(finding))
    yield from (_labelled(label, text) for label, text in finding_details(finding))


def _together(findings: Sequence[Finding]) -> Iterator[Paragraph]:
    """Why these could not be ruled out, and what each of them is."""
    yield labelled(finding_mark(findings[0]), together_words(findings))
    yield from (_labelled("seen", plain(line)) for line in findings[0].evidence)
    yield from (labelled(plain(finding.id), plain(finding.sentence), 2) for finding in findings)


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
