"""Deviations of the key, its alias and its policy."""

from __future__ import annotations

from typing import Any

from cases.deviations.deviation import deviation
from cases.deviations.editing import Statements, key_id, key_policy, named, pipeline
from cases.deviations.foreign import PROD_ROOT, REPORT
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts

USE, GRANTS = "Allow use of the key", "Allow attachment of persistent resources"


def _stores_by_region(accounts: EmbeddedAccounts) -> None:
    """As the console writes a pipeline that once had an action in another region."""
    pipeline(accounts, lambda declared: declared.update(artifactStores={"us-east-1": declared.pop("artifactStore")}))


def _without(principal: str, *sids: str) -> Any:
    def edit(statements: Statements) -> None:
        for sid in sids:
            named(statements, sid)["Principal"]["AWS"].remove(principal)

    return edit


@deviation("key")
def key_disabled(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "kms").disable_key(KeyId=key_id(accounts))


@deviation("key-alias")
def alias_deleted(accounts: EmbeddedAccounts) -> None:
    accounts.client("dev", "kms").delete_alias(AliasName=doc.KEY_ALIAS)


@deviation("key-alias", given=_stores_by_region)
def alias_deleted_beside_stores_by_region(accounts: EmbeddedAccounts) -> None:
    alias_deleted(accounts)


@deviation("key-users")
def service_role_no_key_user(accounts: EmbeddedAccounts) -> None:
    key_policy(accounts, _without(doc.SERVICE_ROLE_ARN, USE, GRANTS))


@deviation("key-users", keeps=("Report Allow AWS AROA",), loses=("NightlyReport",), forgets=("AROA",))
def service_role_no_key_user_beside_a_dead_one(accounts: EmbeddedAccounts) -> None:
    """KMS saves no policy with the id of a deleted role: the write drops it. The bucket's policy is not written."""
    service_role_no_key_user(accounts)
    accounts.client("dev", "iam").delete_role(RoleName=doc.REPORT_ROLE)


@deviation("key-users")
def service_role_may_use_but_not_grant(accounts: EmbeddedAccounts) -> None:
    key_policy(accounts, _without(doc.SERVICE_ROLE_ARN, GRANTS))


@deviation("key-sharing")
def key_not_shared(accounts: EmbeddedAccounts) -> None:
    key_policy(accounts, _without(PROD_ROOT, USE, GRANTS))


@deviation("key-admins")
def key_without_administrators(accounts: EmbeddedAccounts) -> None:
    key_policy(accounts, lambda all_: all_.remove(named(all_, "Key Administrators")))


@deviation("key-admins", keeps=("Administrators Allow AWS arn:aws:iam::111111111111:role/NightlyReport",))
def another_administrator(accounts: EmbeddedAccounts) -> None:
    key_policy(accounts, lambda all_: named(all_, "Key Administrators").update(Principal={"AWS": REPORT}))


@deviation("key-sharing", "key-users", loses=("NightlyReport to kms:DescribeKey",))
def key_use_lacks_a_verb(accounts: EmbeddedAccounts) -> None:
    """Whoever took it out of the console's statement did so for all: only what is ours gets it back, beside."""
    key_policy(accounts, lambda all_: named(all_, USE)["Action"].remove("kms:DescribeKey"))


@deviation("key-sharing", "key-users", loses=("NightlyReport",))
def console_statements_deleted(accounts: EmbeddedAccounts) -> None:
    key_policy(accounts, lambda all_: [all_.remove(named(all_, sid)) for sid in (USE, GRANTS)])


def alias_moved(accounts: EmbeddedAccounts) -> None:
    """The alias is another key's, which nobody shares yet: a pipeline that went on to use it would fail."""
    kms = accounts.client("dev", "kms")
    kms.update_alias(AliasName=doc.KEY_ALIAS, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
