"""What a proof finds in the embedded accounts, which changes repair it, and that nothing is left after them."""

from __future__ import annotations

import pytest

import reconcile
from functional.presets import AtWork, Opened
from reconcile.proof.looking import for_proof
from reconcile.proof.proving import prove
from reconcile.proof.values import Finding, Severity
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.scenarios import SCENARIOS

ASSUME = '[proof]\nassume = ["scp", "rcp"]\n'
FOUND = {
    "done": {},
    "half-done": {
        ("K7", "dev"): ["key-users"],
        ("R1", "dev"): ["deploy-action-role"],
        ("R3", "dev"): ["assume-policy"],
        ("R21", "prod"): ["deploy-role", "trust-policy", "output-access", "artifact-access"],
        ("B1", "dev"): ["artifact-statements"],
    },
    "drifted": {
        ("R1", "dev"): ["deploy-action-role"],
        ("R6", "prod"): ["trust-policy"],
        ("R6", "dev"): ["key-users"],
        ("B1", "dev"): ["artifact-statements"],
        ("S1", "dev"): ["input-versioning"],
        ("S3", "dev"): ["trigger"],
    },
    "empty": {
        ("R3", "dev"): ["service-role"],
        ("R21", "prod"): ["deploy-role", "trust-policy", "output-access", "artifact-access"],
        ("B1", "dev"): ["artifact-statements"],
        ("S3", "dev"): ["trigger"],
    },
}


def troubles(at_work: AtWork) -> list[Finding]:
    """What is found, but for mere information."""
    live = reconcile.read(at_work.config, at_work.clients, further=for_proof)
    found = [each for one in prove(at_work.config, live).deployments for each in one.findings]
    return [each for each in found if each.severity is not Severity.INFO]


@pytest.mark.parametrize("scenario", FOUND)
def test_what_is_found_names_the_changes_that_repair_it(
    work: Opened, accounts: EmbeddedAccounts, scenario: str
) -> None:
    SCENARIOS[scenario](accounts)
    at_work = work("article", ASSUME)
    found = {(each.id, each.account): [*each.changes] for each in troubles(at_work)}
    assert found == {key: [f"website/{slug}" for slug in slugs] for key, slugs in FOUND[scenario].items()}

    at_work.apply()
    assert troubles(at_work) == []


def test_the_least_privilege_is_no_trouble(work: Opened) -> None:
    at_work = work("least-privilege", ASSUME)
    at_work.apply()
    assert troubles(at_work) == []
