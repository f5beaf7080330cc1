"""The scene of each kind."""

from __future__ import annotations

from laws import keys, pipelines, plain, resource_policies, roles
from laws.scene import Scene

SCENES: dict[str, Scene] = {
    "bucket": plain.BUCKET,
    "bucket-policy": resource_policies.BUCKET_POLICY,
    "bucket-versioning": plain.BUCKET_VERSIONING,
    "key": plain.KEY,
    "key-alias": plain.KEY_ALIAS,
    "key-policy": keys.KEY_POLICY,
    "pipeline": pipelines.PIPELINE,
    "role": roles.ROLE,
    "role-policy": roles.ROLE_POLICY,
    "trigger": plain.TRIGGER,
    "trust-policy": resource_policies.TRUST_POLICY,
}
