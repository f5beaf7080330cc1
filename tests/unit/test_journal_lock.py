"""What a lock of the journal binds."""

from pathlib import Path

import pytest

from reconcile import Journal
from reconcile.change import Address
from reconcile.errors import Locked


def test_a_role_is_the_same_from_whatever_region_its_account_is_worked_on(tmp_path: Path) -> None:
    here, there = (
        Address("prod", region, "trust-policy", "iam:role/prods3role") for region in ("us-east-1", "eu-west-1")
    )
    path = tmp_path / "journal.db"
    with Journal(path) as one, Journal(path) as other, one.lock("222222222222", here):
        with pytest.raises(Locked, match="iam:role/prods3role is held by process"):
            other.lock("222222222222", there, patience=0).__enter__()
        with other.lock("333333333333", there, patience=0):
            pass
