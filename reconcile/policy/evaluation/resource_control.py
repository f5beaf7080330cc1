"""The services whose requests resource control policies limit.

AWS Organizations user guide, orgs_manage_policies_rcps, "List of AWS services that support RCPs", as it was on
2026-09-26: docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html. Services are added all
the time, so whether RCPs limit one that is not named here is not known.
"""

from __future__ import annotations

_NAMED = """
aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch
cloudtrail-data codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp comprehend
comprehendmedical compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public events firehose fis fms
gamelift health inspector-scan kendra kinesisvideo kms logs memorydb networkmonitor notifications opensearch
pca-connector-ad personalize polly pricing resource-groups rolesanywhere s3 secretsmanager servicediscovery signin
sqs sts support swf textract timestream-influxdb transcribe transfer translate wafv2 workspaces xray
"""
UNDER_RCPS = frozenset(_NAMED.split())
