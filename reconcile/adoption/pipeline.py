"""What a live pipeline's declaration tells of a deployment. Pure but for :func:`deploy_actions`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconcile import declaration
from reconcile.adoption.draft import Sheet
from reconcile.clients import Clients
from reconcile.desired import Account
from reconcile.errors import Refused

_READ = {
    "ObjectKey": "output.object_key",
    "CannedACL": "output.canned_acl",
    "CacheControl": "output.cache_control",
}


@dataclass(frozen=True, slots=True)
class DeployAction:
    """An S3 deploy action of a live pipeline."""

    stage: str
    name: str
    bucket: str
    role_arn: str
    """Empty where the action uses the pipeline's own role."""
    role_is_set: bool = True
    """False: the role is not the action's, but what the service role may assume."""

    @property
    def account_id(self) -> str:
        """The account of the action's role, which is the one to find a profile for; empty where it has none."""
        return self.role_arn.split(":")[4] if self.role_arn else ""


def deploy_actions(clients: Clients, account: str, pipeline: str) -> tuple[DeployAction, ...]:
    """The S3 deploy actions of a pipeline, those with a role of their own first; raises AwsError."""
    clients.open([(account, clients.accounts[account].region, "codepipeline")])
    live = clients.call(account, "codepipeline", "get_pipeline", name=pipeline)["pipeline"]
    return deploy_actions_of(live)


def deploy_actions_of(live: declaration.Declaration) -> tuple[DeployAction, ...]:
    """The same of a declaration that was read."""
    found = [
        DeployAction(stage, one["name"], one.get("configuration", {}).get("BucketName", ""), one.get("roleArn", ""))
        for stage, one in declaration.deploy_actions(live)
    ]
    return tuple(sorted(found, key=lambda each: not each.role_arn))


def chosen(live: declaration.Declaration, action: str) -> DeployAction:
    """The action called ``action`` (``Stage/Action``), or the first; raises Refused where there is none."""
    actions = deploy_actions_of(live)
    found = next((each for each in actions if action in ("", f"{each.stage}/{each.name}")), None)
    if found is None:
        names = ", ".join(f"{each.stage}/{each.name}" for each in actions) or "none"
        raise Refused(f"pipeline {live['name']} has no S3 deploy action {action} (it has: {names})".replace("  ", " "))
    return found


def describe_pipeline(sheet: Sheet, live: declaration.Declaration, deploy: DeployAction, account: Account) -> None:
    """All that the declaration tells; ``account`` is the pipeline's."""
    sheet.set("pipeline", live["name"])
    name, path = _role(live["roleArn"])
    sheet.set("service_role.name", name)
    sheet.set("service_role.path", path)
    sheet.set("artifacts.bucket", declaration.artifact_store(live, account.region).get("location", ""))
    _describe_source(sheet, live)
    _describe_output(sheet, live, deploy, account)
    _describe_deploy_role(sheet, deploy)


def _describe_source(sheet: Sheet, live: declaration.Declaration) -> None:
    actions = declaration.source_actions(live)
    if not actions:
        sheet.say("source", "the pipeline has no S3 source, so what starts it is left alone")
        return
    configuration = actions[0].get("configuration", {})
    sheet.set("source.bucket", configuration.get("S3Bucket", ""))
    sheet.set("source.object_key", configuration.get("S3ObjectKey", ""))
    if len(actions) > 1:
        others = ", ".join(each["name"] for each in actions[1:])
        sheet.say("source", f"the first of several S3 sources; left alone: {others}")


def _describe_output(sheet: Sheet, live: declaration.Declaration, deploy: DeployAction, account: Account) -> None:
    action = declaration.deploy_action(live, deploy.stage, deploy.name)
    configuration = action.get("configuration", {})
    sheet.set("output.bucket", deploy.bucket)
    sheet.set("output.stage", deploy.stage)
    sheet.set("output.action", deploy.name)
    sheet.set("output.extract", str(configuration.get("Extract", "true")).lower() != "false")
    sheet.set("output.region", action.get("region") or account.region)
    for key, field in _READ.items():
        if configuration.get(key):
            sheet.set(field, configuration[key])
    others = [f"{each.stage}/{each.name}" for each in deploy_actions_of(live)]
    others.remove(f"{deploy.stage}/{deploy.name}")
    if others:
        sheet.say(
            "output.action", f"the pipeline has other S3 deploy actions, which are left alone: {', '.join(others)}"
        )
    _tell_foreign_settings(sheet, configuration)


def _tell_foreign_settings(sheet: Sheet, configuration: Mapping[str, Any]) -> None:
    foreign = sorted(configuration.keys() - _READ.keys() - {"BucketName", "Extract"})
    if foreign:
        sheet.say("output.bucket", f"settings of the deploy action that are left alone: {', '.join(foreign)}")


def _describe_deploy_role(sheet: Sheet, deploy: DeployAction) -> None:
    if not deploy.role_arn:
        sheet.leave("deploy_role.name", "the deploy action names no role yet; the article's name is taken")
        return
    name, path = _role(deploy.role_arn)
    guessed = "" if deploy.role_is_set else "the deploy action names no role yet; the service role may assume this one"
    sheet.set("deploy_role.name", name, guessed)
    sheet.set("deploy_role.path", path)


def _role(arn: str) -> tuple[str, str]:
    """Name and path: ``("R", "/service-role/")`` of ``arn:aws:iam::…:role/service-role/R``."""
    path, _, name = arn.partition(":role")[2].rpartition("/")
    return name, f"{path}/"
