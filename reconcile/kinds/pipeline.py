"""The pipeline: that it exists, that its artifacts use the key, that its deploy action does as the TOML says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from reconcile import addresses, declaration
from reconcile.change import Address, Part, Value, Want
from reconcile.desired import Config, Deployment
from reconcile.errors import AwsError, Blocked
from reconcile.kinds.protocol import Assessment, Document, Kind
from reconcile.ownership import creation_tags, refuse_foreign, tag_list
from reconcile.propagation import Writes
from reconcile.reads import Reads, found

_MISSING = ("PipelineNotFoundException",)
_PIPELINE = Part("pipeline")
_KEY = Part("key")


class PipelineKind(Kind):
    """``{"pipeline", "running", "region"}``: the declaration as AWS returns it, and the executions in progress.

    ``running`` is None where the executions may not be listed. The part ``pipeline`` is the whole declaration, in
    which the other two lie: whoever makes the pipeline makes them too.
    """

    name = "pipeline"
    services = ("codepipeline",)

    def wants(self, config: Config, deployment: Deployment) -> Iterable[Want]:
        """The pipeline, its key, and the role of its deploy action."""
        address = addresses.dev(config, deployment, self.name, f"codepipeline:pipeline/{deployment.pipeline}")
        yield Want(
            deployment=deployment.name,
            slug="pipeline",
            address=address,
            part=_PIPELINE,
            value=declaration.wanted(config, deployment),
            title=f"pipeline {deployment.pipeline}",
            creates=True,
            requires=("service-role", "assume-policy", "trust-policy", "artifact-bucket", "key-users"),
            tags=deployment.tags,
            create_missing=deployment.missing == "create" and deployment.source is not None,
        )
        yield Want(
            deployment=deployment.name,
            slug="pipeline-key",
            address=address,
            part=_KEY,
            value=addresses.key_arn(config, deployment),
            title=f"artifacts of {deployment.pipeline} are encrypted with the key",
            requires=("key-users",),
        )
        yield Want(
            deployment=deployment.name,
            slug="deploy-action-role",
            address=address,
            part=Part("deploy-action", (deployment.output.stage, deployment.output.action)),
            value={
                "roleArn": addresses.deploy_role(config, deployment, "arn"),
                "region": deployment.output.region,
                "configuration": declaration.wanted_settings(deployment.output),
            },
            title=f"the deploy action of {deployment.pipeline} acts as {deployment.deploy_role.name}, as set in output",
            requires=("assume-policy", "trust-policy"),
        )

    def read(self, reads: Reads, address: Address) -> Document | None:
        """GetPipeline, and at the same time ListPipelineExecutions: an update stops what is in progress."""
        asked = reads.start(address.account, "codepipeline", "get_pipeline", region=address.region, name=address.name)
        listed = reads.start(
            address.account,
            "codepipeline",
            "list_pipeline_executions",
            region=address.region,
            pipelineName=address.name,
            maxResults=100,
        )
        answer = found(asked, *_MISSING)
        if answer is None:
            return None
        try:
            summaries = (found(listed, *_MISSING) or {}).get("pipelineExecutionSummaries", [])
        except AwsError:
            return {"pipeline": answer["pipeline"], "running": None, "region": address.region}
        running = [each["pipelineExecutionId"] for each in summaries if each["status"] in ("InProgress", "Stopping")]
        return {"pipeline": answer["pipeline"], "running": running, "region": address.region}

    def aim(self, document: Document | None, want: Want) -> Value:
        """A pipeline that exists is edited in these two places only; Blocked where it is another one than wanted."""
        if document is None:
            return want.value
        live = document["pipeline"]
        if want.part == _PIPELINE:
            _refuse_another(live, want)
            return self.get(document, want.part)
        if want.part.name == "deploy-action" and self.get(document, want.part) != want.value:
            declaration.refuse_masked(declaration.deploy_action(live, *want.part.of))
        return want.value

    def assess(self, document: Document | None, part: Part, after: Value) -> Assessment:
        """Creating starts an execution; updating stops one that is in progress."""
        if after == self.get(document, part):
            return Assessment()
        if document is None:
            return Assessment(effects=("starts an execution: AWS runs a pipeline when it is created",))
        if after is None and part == _PIPELINE:
            return Assessment(notes=("the history of its executions goes with it",))
        if document["running"] is None:
            return Assessment(effects=("stops an execution, if one is in progress (they may not be listed)",))
        return Assessment(
            effects=tuple(f"stops execution {each}, which is in progress" for each in document["running"])
        )

    def get(self, document: Document | None, part: Part) -> Value:
        """The declaration in normal form; the key's id; or role, region and settings of the deploy action."""
        if document is None:
            return None
        live = document["pipeline"]
        if part == _PIPELINE:
            return declaration.normal(live)
        if part == _KEY:
            return declaration.key_id(live, _region(document))
        action = declaration.deploy_action(live, *part.of)
        return {
            "roleArn": action.get("roleArn"),
            "region": action.get("region") or _region(document),
            "configuration": declaration.settings(action),
        }

    def put(self, document: Document | None, part: Part, value: Value) -> Document | None:
        """The declaration with the one place changed; all else in it stays, known to us or not."""
        if part == _PIPELINE:
            return _replaced(document, value)
        if document is None:
            raise Blocked("there is no pipeline to edit")
        after = deepcopy(document)
        if part == _KEY:
            declaration.set_key(after["pipeline"], _region(document), value)
            return after
        action = declaration.deploy_action(after["pipeline"], *part.of)
        declaration.set_or_drop(action, "roleArn", value["roleArn"])
        if value["region"] != (action.get("region") or _region(document)):
            action["region"] = value["region"]
        declaration.set_settings(action, value["configuration"])
        return after

    def write(
        self,
        writes: Writes,
        address: Address,
        before: Document | None,
        after: Document | None,
        tags: Mapping[str, str],
    ) -> str:
        """CreatePipeline, DeletePipeline, or UpdatePipeline with the whole declaration."""
        if after is None:
            _delete(writes, address)
            return ""
        call = {"account": address.account, "service": "codepipeline", "region": address.region}
        if before is None:
            marked = tag_list(creation_tags(address.resource, tags), "key", "value")
            writes(**call, operation="create_pipeline", pipeline=after["pipeline"], tags=marked)
            return ""
        answer = writes(**call, operation="update_pipeline", pipeline=after["pipeline"])
        return _overwritten(before["pipeline"]["version"], answer["pipeline"]["version"], address)


def _region(document: Document) -> str:
    return str(document["region"])


def _replaced(document: Document | None, value: Value) -> Document | None:
    if value is None or document is None:
        return None if value is None else {"pipeline": value, "running": [], "region": ""}
    if declaration.normal(document["pipeline"]) == value:
        return document
    return {**document, "pipeline": value}


def _refuse_another(live: dict[str, Any], want: Want) -> None:
    if difference := declaration.mismatch(live, want.value):
        raise Blocked(f"pipeline {want.address.name} {difference}: correct the TOML, or change the pipeline by hand")


def _delete(writes: Writes, address: Address) -> None:
    call = {"account": address.account, "service": "codepipeline", "region": address.region}
    arn = writes.read(**call, operation="get_pipeline", name=address.name)["metadata"]["pipelineArn"]
    listed = writes.read(**call, operation="list_tags_for_resource", resourceArn=arn)
    refuse_foreign(address.resource, listed["tags"], "key", "value")
    writes(**call, operation="delete_pipeline", name=address.name)


def _overwritten(before: int, now: int, address: Address) -> str:
    """UpdatePipeline takes no precondition; its answer's version tells whether somebody wrote in between."""
    if now == before + 1:
        return ""
    return (
        f"somebody else updated the pipeline at the same moment: compare with "
        f"aws codepipeline get-pipeline --name {address.name} --pipeline-version {now - 1}"
    )


KIND = PipelineKind()
