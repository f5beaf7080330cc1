"""Whether a deployment will work: its chain as a picture, what decides each hop, and what will be after the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from reconcile.change import Plan
from reconcile.proof.values import DeploymentProof, Hop, Proof
from xacct_tui.desk import Desk
from xacct_tui.render.plain import plain
from xacct_tui.render.proof_words import VERDICT_MARKS, state_words, verdict_words
from xacct_tui.screens.guarded import Guarded
from xacct_tui.widgets.accounts import AccountBar
from xacct_tui.widgets.footer import Footer
from xacct_tui.widgets.hops import HopList
from xacct_tui.widgets.paint import painted
from xacct_tui.widgets.proof_detail import ProofDetail
from xacct_tui.widgets.status import StatusLine

if TYPE_CHECKING:
    from xacct_tui.readings import Checked


class ProofScreen(Guarded[None]):
    """The proof of one deployment, with a pane for one hop or finding."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "repair", "Go to repair", tooltip="go to the change that repairs this, on the plan"),
        Binding("p", "planned", "Planned", tooltip="tell the state after the plan, or the one that is now"),
        Binding("n", "next_bad(1)", "Next bad", tooltip="go to the next hop or finding that is not well"),
        Binding("N", "next_bad(-1)", "Previous bad", show=False, tooltip="go to the previous one"),
        Binding("R", "prove", "Prove again", show=False, tooltip="read everything again and prove it"),
        Binding("escape,P", "back", "Plan", key_display="esc", tooltip="back to the plan"),
    ]

    def __init__(self, desk: Desk, deployment: str) -> None:
        super().__init__()
        self._desk, self._deployment = desk, deployment
        self._planned = False
        self._proven_for: Plan | None = None
        """The plan for which a proof was asked for by itself: once, or a failing one would be asked for forever."""

    def compose(self) -> ComposeResult:
        """The verdict, the picture, and the pane."""
        yield StatusLine()
        yield AccountBar()
        yield Static(id="verdict", markup=False)
        with Container(id="body"):
            yield HopList(id="changes")
            yield ProofDetail(id="detail")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show what is known."""
        self.query_one(HopList).focus()
        self.show()

    def show(self) -> None:
        """Show the proof as it is now; one that is out of date is made anew as soon as nothing else runs."""
        self.query_one(AccountBar).show(self._desk.board)
        shown, other = self._proof(planned=self._planned), self._proof(planned=not self._planned)
        listed = self.query_one(HopList)
        listed.display = shown is not None
        if shown:
            listed.show(shown, None if self._planned else other, self._accounts)
        self._show_told()
        self.show_status()

    def show_status(self) -> None:
        """Show what runs beside the screens now."""
        self.query_one(StatusLine).show(self.app.config_name, self._desk)
        self.show_keys()
        desk = self._desk
        known = self._checked or (desk.checked and desk.checked.plan is desk.board.plan)
        if not known and not desk.busy and desk.board.is_whole and self._proven_for is not desk.board.plan:
            self._proven_for = desk.board.plan
            desk.prove(self._deployment)
        self._show_verdict()

    def why_not(self, action: str) -> str:
        """Why an action makes no sense for what is at the cursor, or at this moment."""
        name = action.partition("(")[0]
        if name == "prove":
            return f"wait: {self._desk.busy}" if self._desk.busy else ""
        if name in {"planned", "next_bad", "repair"} and self._checked is None:
            return f"wait: {self._desk.busy or 'nothing is proven yet'}"
        if name == "repair" and self._repair is None:
            return "no change of the plan repairs it"
        return ""

    def on_option_list_option_highlighted(self) -> None:
        """Something else is at the cursor."""
        self._show_told()
        self.show_keys()

    def on_option_list_option_selected(self) -> None:
        """Enter: go to the pane, to scroll it."""
        self.query_one("#detail").focus()

    def action_repair(self) -> None:
        """Go to the first change that repairs what is at the cursor."""
        if change := self._repair:
            self.dismiss()
            self.app.go_to(change)

    def action_planned(self) -> None:
        """Tell the other state."""
        self._planned = not self._planned
        self.show()

    def action_next_bad(self, step: int) -> None:
        """Go to the next of what is not well, round the end."""
        listed = self.query_one(HopList)
        if not listed.go_to_bad(step):
            self.app.tell("everything else is well")

    def action_prove(self) -> None:
        """Read and prove again."""
        self._desk.prove(self._deployment)

    def action_back(self) -> None:
        """Back to the plan."""
        self.dismiss()

    @property
    def _accounts(self) -> list[str]:
        return [seen.name for seen in self._checked.proof.accounts] if self._checked else []

    @property
    def _checked(self) -> Checked | None:
        """What was proven, if this deployment was."""
        found = self._desk.checked
        proven = found.proof.deployments if found else ()
        return found if any(each.deployment == self._deployment for each in proven) else None

    @property
    def _repair(self) -> str | None:
        """The pending change that repairs what is at the cursor."""
        chosen = self.query_one(HopList).chosen
        if isinstance(chosen, Hop):
            now = self._proof(planned=False)
            hops = now.hops if now else ()
            ids = [each for hop in hops if hop.id == chosen.id for step in hop.steps for each in step.repairs]
        else:
            ids = [each for finding in chosen or () for each in finding.changes]
        return next((each for each in ids if self._desk.board.get(each)), None)

    def _proof(self, *, planned: bool) -> DeploymentProof | None:
        everything = self._whole(planned=planned)
        found = everything.deployments if everything else ()
        return next((each for each in found if each.deployment == self._deployment), None)

    def _whole(self, *, planned: bool) -> Proof | None:
        checked = self._checked
        return None if checked is None else checked.planned if planned else checked.proof

    def _show_verdict(self) -> None:
        everything = self._whole(planned=self._planned)
        shown, other = self._proof(planned=self._planned), self._proof(planned=not self._planned)
        if everything is None:
            told = "proving, as soon as everything is read …" if self._desk.busy else "not proven; R tries again"
            text = Content(f" {plain(self._deployment)}: {told}")
        elif shown is None:
            text = Content(f" {plain(self._deployment)} was not proven")
        else:
            words = f" {plain(self._deployment)}, {state_words(everything)}: {verdict_words(shown.verdict)}"
            text = painted(VERDICT_MARKS[shown.verdict], words)
            if other and other.verdict is not shown.verdict:
                told = "as it is now" if self._planned else "after the plan"
                text += Content(f"   {told}: ") + painted(VERDICT_MARKS[other.verdict], verdict_words(other.verdict))
        self.query_one("#verdict", Static).update(text)

    def _show_told(self) -> None:
        whole, proof = self._whole(planned=self._planned), self._proof(planned=self._planned)
        self.query_one(ProofDetail).show(self.query_one(HopList).chosen, whole, proof)
