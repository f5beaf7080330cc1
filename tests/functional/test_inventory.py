"""What there is in an account, as far as it may be listed."""

from pathlib import Path

import pytest

import reconcile
from checkpoint import SCENARIOS
from functional.acme import DEV, PIPELINE, PROD, acme
from functional.drafted import deployment, known, left, planned
from library import connect
from reconcile import adoption
from reconcile.errors import AccessProblem
from xacct_tui.demo.accounts import EmbeddedAccounts


def test_an_inventory_holds_what_a_deployment_is_made_of(
    accounts: EmbeddedAccounts, reached: reconcile.Clients
) -> None:
    SCENARIOS["done"](accounts)
    accounts.client("prod", "s3", "eu-west-1").create_bucket(
        Bucket="far-away", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )

    dev, prod = (adoption.inventory(reached, name) for name in ("dev", "prod"))

    assert dev.pipelines == (PIPELINE,)
    assert [(key.aliases, key.description, key.state) for key in dev.keys] == [
        (("alias/s3deploykey",), "Artifacts of crossaccountdeploy", "Enabled")
    ]
    assert "codepipeline-input-bucket" in dev.buckets
    assert prod.buckets == {"codepipeline-output-bucket": "us-east-1", "far-away": "eu-west-1"}
    assert [(role.name, role.path) for role in prod.roles] == [("Admin", "/"), ("prods3role", "/")]
    assert dev.unreadable == prod.unreadable == ()


LISTINGS = {
    "codepipeline:ListPipelines": "pipelines",
    "kms:ListAliases": "aliases",
    "kms:ListKeys": "",
    "kms:DescribeKey": "descriptions",
    "s3:ListBuckets": "buckets",
    "iam:ListRoles": "roles",
}


@pytest.mark.parametrize(("call", "missing"), LISTINGS.items(), ids=LISTINGS)
def test_a_listing_that_is_refused_leaves_the_others(
    accounts: EmbeddedAccounts, reached: reconcile.Clients, call: str, missing: str
) -> None:
    SCENARIOS["done"](accounts)
    accounts.faults.deny(call, account="dev")

    seen = adoption.inventory(reached, "dev")

    assert [error.call for error in seen.unreadable] == [call]
    assert "AccessDenied" in seen.unreadable[0].code
    parts = {
        "pipelines": seen.pipelines,
        "aliases": [key.aliases for key in seen.keys if key.aliases],
        "descriptions": [key.description for key in seen.keys if key.description],
        "buckets": seen.buckets,
        "roles": seen.roles,
    }
    assert [name for name, part in parts.items() if not part] == [missing] * bool(missing)
    assert any(key.arn.startswith(f"arn:aws:kms:us-east-1:{DEV}:key/") for key in seen.keys)


def test_an_account_that_cannot_be_used_is_listed_as_such(
    accounts: EmbeddedAccounts, reached: reconcile.Clients
) -> None:
    SCENARIOS["done"](accounts)
    accounts.faults.expire("prod")

    seen = adoption.inventory(reached, "prod")

    assert [*seen.pipelines, *seen.keys, *seen.buckets, *seen.roles] == []
    assert all(isinstance(error, AccessProblem) for error in seen.unreadable)
    assert "aws sts get-caller-identity --profile prod" in str(seen.unreadable[0])
    assert adoption.inventory(reached, "dev").pipelines == (PIPELINE,)


def test_nothing_is_written_while_looking(accounts: EmbeddedAccounts, reached: reconcile.Clients) -> None:
    acme(accounts)
    accounts.calls.clear()

    adoption.inventory(reached, "dev")
    adoption.draft_from_pipeline(reached, "acme.site")

    assert {call.operation for call in accounts.calls if not call.operation.startswith(("Get", "List", "Describe",
                                                                                        "Head"))} == set()  # fmt: skip


def test_a_new_set_up_is_built_and_in_sync(accounts: EmbeddedAccounts, tmp_path: Path) -> None:
    draft = adoption.draft_new(known("dev", "prod"), pipeline="Acme.Site", admins=(f"arn:aws:iam::{DEV}:role/Admin",))
    assert deployment(draft)["output"]["bucket"] == f"acme-site-output-{PROD}"
    text = adoption.write_toml(draft.having({"journal.url": str(tmp_path / "journal.db")}))
    config = adoption.config_of(text)
    with connect(config) as clients, reconcile.open_journal(config) as journal:
        plan = reconcile.plan(config, reconcile.read(config, clients))
        reconcile.apply(plan.pending, plan, clients, journal, pause=lambda _: None)
    assert accounts.calls
    assert left(planned(text)) == {}
