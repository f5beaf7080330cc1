"""EventBridge: how many targets a rule has, and what a pipeline as a target needs."""

from __future__ import annotations

from xacct_tui.demo.call import Call, Refusal
from xacct_tui.demo.strict import state
from xacct_tui.demo.strict.rule import Rules
from xacct_tui.demo.strict.world import World

MAX_TARGETS = 5


def _put_targets(_: World, call: Call) -> None:
    new = {target["Id"]: target for target in call.parameters["Targets"]}
    for target in new.values():
        if ":codepipeline:" in target["Arn"] and not target.get("RoleArn"):
            raise Refusal("ValidationException", f"RoleArn is required for target {target['Arn']}.")
    if len(new.keys() | state.target_ids(call.account, call.region, call.parameters["Rule"])) > MAX_TARGETS:
        text = "The requested resource exceeds the maximum number allowed."
        raise Refusal("LimitExceededException", text)


RULES = Rules(before={"PutTargets": _put_targets})
