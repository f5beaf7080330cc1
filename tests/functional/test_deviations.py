"""From the article's complete set-up, one deviation at a time: seen as one change, repaired, and restored."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import reconcile
from reconcile import Action, Result
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.scenarios import SCENARIOS

CONFIG = Path(__file__).parents[2] / "config" / "article.toml"
PIPELINE = "crossaccountdeploy"
SERVICE_ROLE = "AWSCodePipelineServiceRole-us-east-1-crossaccountdeploy"
INPUT, ARTIFACTS = "codepipeline-input-bucket", "codepipeline-us-east-1-0123456789"
ROOT = "arn:aws:iam::222222222222:policy/"


def _pipeline(accounts: EmbeddedAccounts, edit: Callable[[dict[str, Any]], object]) -> None:
    client = accounts.client("dev", "codepipeline")
    declaration = client.get_pipeline(name=PIPELINE)["pipeline"]
    edit(declaration)
    client.update_pipeline(pipeline=declaration)


def _key(accounts: EmbeddedAccounts) -> str:
    return str(accounts.client("dev", "kms").describe_key(KeyId="alias/s3deploykey")["KeyMetadata"]["KeyId"])


def _store(declaration: dict[str, Any]) -> dict[str, Any]:
    store: dict[str, Any] = declaration["artifactStore"]
    return store


def no_key(accounts: EmbeddedAccounts) -> None:
    _pipeline(accounts, lambda declared: _store(declared).pop("encryptionKey"))


def bare_key_id(accounts: EmbeddedAccounts) -> None:
    key = _key(accounts)
    _pipeline(accounts, lambda declared: _store(declared).update(encryptionKey={"id": key, "type": "KMS"}))


def alias_in_pipeline(accounts: EmbeddedAccounts) -> None:
    alias = "arn:aws:kms:us-east-1:111111111111:alias/s3deploykey"
    _pipeline(accounts, lambda declared: _store(declared).update(encryptionKey={"id": alias, "type": "KMS"}))


def no_action_role(accounts: EmbeddedAccounts) -> None:
    _pipeline(accounts, lambda declared: declared["stages"][-1]["actions"][0].pop("roleArn"))


def versioning_suspended(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "s3").put_bucket_versioning(Bucket=INPUT, VersioningConfiguration={"Status": "Suspended"})


def no_alias(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "kms").delete_alias(AliasName="alias/s3deploykey")


def key_disabled(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "kms").disable_key(KeyId=_key(accounts))


def no_bucket_policy(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "s3").delete_bucket_policy(Bucket=ARTIFACTS)


def assume_detached(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "iam").detach_role_policy(
        RoleName=SERVICE_ROLE, PolicyArn="arn:aws:iam::111111111111:policy/assumeprods3role"
    )


def output_detached(accounts: EmbeddedAccounts) -> None:
    accounts.client("prod", "iam").detach_role_policy(
        RoleName="prods3role", PolicyArn=ROOT + "outputbucketdeployaccess"
    )


def artifact_detached(accounts: EmbeddedAccounts) -> None:
    accounts.client("prod", "iam").detach_role_policy(RoleName="prods3role", PolicyArn=ROOT + "devkmss3access")


def output_verb_missing(accounts: EmbeddedAccounts) -> None:
    document = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", '
        '"Resource": "arn:aws:s3:::codepipeline-output-bucket"}]}'
    )
    accounts.client("prod", "iam").create_policy_version(
        PolicyArn=ROOT + "outputbucketdeployaccess", PolicyDocument=document, SetAsDefault=True
    )


def trusts_another(accounts: EmbeddedAccounts) -> None:
    document = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": '
        '{"AWS": "arn:aws:iam::111111111111:role/Admin"}, "Action": "sts:AssumeRole"}]}'
    )
    accounts.client("prod", "iam").update_assume_role_policy(RoleName="prods3role", PolicyDocument=document)


def no_trigger(accounts: EmbeddedAccounts) -> None:
    events = accounts.client("dev", "events")
    for rule in events.list_rules()["Rules"]:
        events.disable_rule(Name=rule["Name"])


CASES = {
    no_key: "pipeline-key",
    bare_key_id: "pipeline-key",
    alias_in_pipeline: "pipeline-key",
    no_action_role: "deploy-action-role",
    versioning_suspended: "input-versioning",
    no_alias: "key-alias",
    key_disabled: "key",
    no_bucket_policy: "artifact-statements",
    assume_detached: "assume-policy",
    output_detached: "output-access",
    artifact_detached: "artifact-access",
    output_verb_missing: "output-access",
    trusts_another: "trust-policy",
    no_trigger: "trigger",
}


@pytest.fixture
def library(accounts: EmbeddedAccounts) -> Iterator[tuple[Any, ...]]:
    SCENARIOS["done"](accounts)
    config = reconcile.load(CONFIG)
    with reconcile.connect(config) as clients, reconcile.open_journal(config) as journal:
        yield accounts, config, clients, journal


@pytest.mark.parametrize("deviate", CASES, ids=lambda deviate: deviate.__name__)
def test_one_deviation_is_one_change(library: tuple[Any, ...], deviate: Callable[[EmbeddedAccounts], None]) -> None:
    accounts, config, clients, journal = library
    deviate(accounts)

    plan = reconcile.plan(config, reconcile.read(config, clients))
    assert _pending(plan) == {f"website/{CASES[deviate]}": plan.pending[0].before}

    applied = reconcile.apply(plan.pending, plan, clients, journal, pause=lambda _: None)
    assert [outcome.result for outcome in applied] == [Result.APPLIED]
    assert _pending(reconcile.plan(config, reconcile.read(config, clients))) == {}

    undone = reconcile.rollback(journal.entries(), clients, journal, pause=lambda _: None)
    assert [outcome.result for outcome in undone] == [Result.APPLIED]
    assert _pending(reconcile.plan(config, reconcile.read(config, clients))) == _pending(plan)


def _pending(plan: reconcile.Plan) -> dict[str, Any]:
    return {change.id: change.before for change in plan.changes if change.action is not Action.NONE}
