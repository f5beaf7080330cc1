"""The verbs that prove: will the deployment work, and what would the plan make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconcile.proof.values import Severity
from xacct_tui import messages
from xacct_tui.exit_codes import check_code, proof_code
from xacct_tui.render.json_text import json_text
from xacct_tui.render.proof_json import check_to_json, proof_to_json
from xacct_tui.render.proof_text import proof_text
from xacct_tui.render.text import plan_text

if TYPE_CHECKING:
    from xacct_tui.verbs import Run


def prove(run: Run) -> int:
    """Print the proof of the live state, or of the state after the plan."""
    proof = run.session.prove(planned=run.options.planned)
    if run.options.format == "json":
        run.print(json_text(proof_to_json(proof, run.version)))
    else:
        run.print(proof_text(proof, colour=run.terminal.colour, width=run.terminal.width))
    code = proof_code(proof)
    if code and run.terminal.is_read and not run.options.planned:
        run.tell(messages.PROVE_NEXT)
    return code


def check(run: Run) -> int:
    """Print plan and proof, read in one pass."""
    plan, proof, proven, _ = run.session.check()
    if run.options.format == "json":
        run.print(json_text(check_to_json(plan, proof, run.version, proven)))
    else:
        colour, width = run.terminal.colour, run.terminal.width
        planned = plan_text(plan, colour=colour, width=width, proven=proven)
        run.print(f"{planned}\n{proof_text(proof, colour=colour, width=width, accounts=False)}")
    return check_code(plan, proof, Severity(run.options.fail_on or Severity.ERROR))
