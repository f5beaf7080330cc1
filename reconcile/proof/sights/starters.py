"""By which roles rules start a pipeline."""

from __future__ import annotations

from reconcile.change import Address
from reconcile.proof.sights.protocol import Document, Sight
from reconcile.reads import Reads


def _rule_roles(reads: Reads, address: Address) -> Document | None:
    """ListRuleNamesByTarget and ListTargetsByRule: ``{rule: [role ARN]}``, of targets that are the pipeline."""
    account, region = address.account, address.region
    arn = reads.clients.accounts[account].pipeline_arn(address.name)
    names = reads(account, "events", "list_rule_names_by_target", region=region, TargetArn=arn)["RuleNames"]
    asked = {name: reads.start(account, "events", "list_targets_by_rule", region=region, Rule=name) for name in names}
    return {
        name: [each["RoleArn"] for each in answer.result()["Targets"] if each["Arn"] == arn and each.get("RoleArn")]
        for name, answer in asked.items()
    }


SIGHTS = (Sight("rule-roles", ("events",), _rule_roles),)
