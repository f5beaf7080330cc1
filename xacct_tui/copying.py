"""What is copied of a change: the commands of the AWS CLI that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconcile.change import Change
    from xacct_tui.session import Session


def commands(session: Session, change: Change, needs: Sequence[Change]) -> str:
    """Write the commands of a change down, and name what has to be made first; calls AWS."""
    from xacct_tui.render.aws_commands import change_text  # it takes long to load

    drafts = {draft.change.id: draft for draft in session.drafts([each.id for each in needs])}
    first = [each for each in drafts if each != change.id]
    return change_text(change.id, drafts, first, session.config, profiles=session.scope.profiles)
