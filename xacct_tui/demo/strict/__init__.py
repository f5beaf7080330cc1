"""Where moto accepts what AWS refuses, or answers as AWS does not: one module per service."""

from __future__ import annotations

from xacct_tui.demo.strict import cloudtrail, codepipeline, events, iam, kms, s3, sts
from xacct_tui.demo.strict.rule import Rules

RULES: dict[str, Rules] = {
    "cloudtrail": cloudtrail.RULES,
    "codepipeline": codepipeline.RULES,
    "events": events.RULES,
    "iam": iam.RULES,
    "kms": kms.RULES,
    "s3": s3.RULES,
    "sts": sts.RULES,
}
