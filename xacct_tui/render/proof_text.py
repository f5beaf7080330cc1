"""The proof as text for people: the chain drawn, what does not pass with its reasons, findings, assumptions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from xacct_tui.render.colour import Painter
from xacct_tui.render.details import Detail
from xacct_tui.render.lanes import lanes
from xacct_tui.render.plain import plain, wrapped
from xacct_tui.render.proof_words import (
    VERDICT_LEGEND,
    VERDICT_MARKS,
    excess_words,
    finding_details,
    finding_mark,
    findings_together,
    hop_ends,
    marks_used,
    proof_summary,
    state_words,
    steps_of,
    together_words,
    unread,
    unread_words,
    unseen_details,
    verdict_words,
)
from xacct_tui.render.text import account_lines

if TYPE_CHECKING:
    from reconcile.policy.request import Reason
    from reconcile.proof.values import DeploymentProof, Finding, Hop, Proof

_LABEL = 9
_WORD = len("? UNKNOWN")
_STYLES = {"denied": "!", "lacking": "!", "unknown": "?", "repair": "bold"}


def proof_text(proof: Proof, *, colour: bool, width: int, accounts: bool = True) -> str:
    """Give the whole proof; without ``accounts`` where they were told before."""
    page = _Page(proof, Painter(colour=colour), width)
    blocks = [
        list(account_lines(proof.accounts, {}, page.paint, width)) if accounts else [],
        *(block for deployment in proof.deployments for block in page.deployment(deployment)),
        list(page.excess()),
        list(page.listed("Taken for granted", map(plain, proof.assumptions))),
        ["   ".join(f"{sign} {word}" for sign, word in VERDICT_LEGEND.items() if sign in marks_used(proof))],
        [page.paint("bold", line) for line in wrapped("", proof_summary(proof), width)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if any(block)) + "\n"


class _Page:
    """A proof, and what it is laid out by."""

    def __init__(self, proof: Proof, paint: Painter, width: int) -> None:
        self._proof, self.paint, self._width = proof, paint, width

    def deployment(self, proof: DeploymentProof) -> Iterator[list[str]]:
        """Give the chain, then a block for each hop that does not pass, then the findings."""
        shared = unread(proof.hops)
        yield list(self._chain(proof))
        yield list(self._unread(shared))
        for hop in proof.hops:
            if block := list(self._hop(hop, shared)):
                yield block
        yield from (list(self._findings(together)) for together in findings_together(proof, shared))

    def listed(self, heading: str, items: Iterable[str]) -> Iterator[str]:
        """Give a heading and a list, or nothing."""
        for number, item in enumerate(items):
            if not number:
                yield self.paint("bold", heading)
            yield from wrapped("  - ", item, self._width)

    def excess(self) -> Iterator[str]:
        """Give what is granted beyond need."""
        told = (line for each in self._proof.deployments for excess in each.excess for line in excess_words(excess))
        return self.listed("Granted beyond need", dict.fromkeys(told))

    def _chain(self, proof: DeploymentProof) -> Iterator[str]:
        verdict = proof.verdict
        head = f"{plain(proof.deployment)}, {state_words(self._proof)}: {verdict_words(verdict)}"
        yield self.paint(VERDICT_MARKS[verdict], head)
        if not proof.hops:
            return
        picture = lanes(proof.hops, [seen.name for seen in self._proof.accounts])
        if picture.heading.strip():
            yield f"  {picture.heading.rstrip()}"
        for hop, drawn in zip(proof.hops, picture.drawn, strict=True):
            word = verdict_words(hop.verdict).ljust(_WORD)
            first, *rest = wrapped(f"  {drawn}{word}  ", plain(hop.title), self._width)
            begin = len(drawn) + 2
            yield f"{first[:begin]}{self.paint(word[0], word)}{first[begin + _WORD :]}"
            yield from rest

    def _unread(self, shared: Mapping[Reason, Sequence[str]]) -> Iterator[str]:
        hops = {each for ids in shared.values() for each in ids}
        for number, line in enumerate(unread_words(shared)):
            if not number:
                yield self.paint("bold", f"  {len(hops)} hops depend on what could not be read")
            yield from (self.paint("?", each) for each in wrapped("    ? ", line, self._width))

    def _hop(self, hop: Hop, told: Collection[Reason]) -> Iterator[str]:
        for number, (verdict, title, details) in enumerate(steps_of(hop, told)):
            if not number:
                yield self.paint("bold", f"  {plain(hop.title)}")
                yield from wrapped("    ", hop_ends(hop), self._width)
            mark = VERDICT_MARKS[verdict]
            yield from (self.paint(mark, line) for line in wrapped(f"    {mark} ", title, self._width))
            yield from self._details(details)

    def _findings(self, together: Sequence[Finding]) -> Iterator[str]:
        first, *more = together
        mark = finding_mark(first)
        yield from (self.paint(mark, line) for line in wrapped(f"  {mark} ", together_words(together), self._width))
        yield from self._details(unseen_details(together) if more else finding_details(first))

    def _details(self, details: Iterable[Detail]) -> Iterator[str]:
        for label, text in details:
            lines = wrapped(f"      {label.ljust(_LABEL)}", text, self._width)
            yield from (self.paint(_STYLES.get(label, ""), line) for line in lines)
