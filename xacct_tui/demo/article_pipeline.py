"""The article's pipeline as the console makes it, before the edit by hand."""

from __future__ import annotations

from typing import Any

from xacct_tui.demo.article_documents import ARTIFACTS, INPUT, OBJECT_KEY, OUTPUT, PIPELINE, REGION, SERVICE_ROLE_ARN


def declaration(key_arn: str) -> dict[str, Any]:
    """The declaration; some of it (variables, retries, time-out) is nobody's but the owner's."""
    return {
        "name": PIPELINE,
        "roleArn": SERVICE_ROLE_ARN,
        "artifactStore": {
            "type": "S3",
            "location": ARTIFACTS,
            "encryptionKey": {"id": key_arn, "type": "KMS"},
        },
        "stages": [_SOURCE_STAGE, _DEPLOY_STAGE],
        "executionMode": "SUPERSEDED",
        "pipelineType": "V2",
        "variables": [{"name": "release", "defaultValue": "latest", "description": "Shown on the status page"}],
    }


_SOURCE_STAGE = {
    "name": "Source",
    "actions": [
        {
            "name": "Source",
            "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"},
            "runOrder": 1,
            "configuration": {"PollForSourceChanges": "false", "S3Bucket": INPUT, "S3ObjectKey": OBJECT_KEY},
            "outputArtifacts": [{"name": "SourceArtifact"}],
            "inputArtifacts": [],
            "region": REGION,
            "namespace": "SourceVariables",
        }
    ],
}

_DEPLOY_STAGE = {
    "name": "Deploy",
    "actions": [
        {
            "name": "Deploy",
            "actionTypeId": {"category": "Deploy", "owner": "AWS", "provider": "S3", "version": "1"},
            "runOrder": 1,
            "configuration": {"BucketName": OUTPUT, "Extract": "true"},
            "outputArtifacts": [],
            "inputArtifacts": [{"name": "SourceArtifact"}],
            "region": REGION,
            "namespace": "DeployVariables",
            "timeoutInMinutes": 20,
        }
    ],
    "onFailure": {"result": "RETRY", "retryConfiguration": {"retryMode": "FAILED_ACTIONS"}},
}
