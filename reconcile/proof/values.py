"""What a proof says: for each deployment the chain of hops with their requests, and findings from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from reconcile.change import AccountSeen, Grant
from reconcile.policy.request import Reason, Request


class Verdict(StrEnum):
    """Whether something will work."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    UNKNOWN = "unknown"


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """FAIL if any fails, else UNKNOWN if any is not known, else PASS."""
    found = set(verdicts)
    return next((each for each in (Verdict.FAIL, Verdict.UNKNOWN) if each in found), Verdict.PASS)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a hop needs: a request that policies must allow, or (``request`` None) a setting."""

    title: str
    """What has to be possible, as in ``read the artifact``."""
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    request: Request | None = None
    told: str = ""
    """For a setting: what was found, in one sentence without a full stop."""
    repairs: tuple[str, ...] = ()
    """Ids of the changes that would make it pass; empty where it passes, or no change of a plan can."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One arrow of the chain, from one account to another or the same."""

    id: str
    """Stable, as in ``assume-deploy-role``."""
    title: str
    source: str
    """Who acts: ``service role AWSCodePipelineServiceRole-…``."""
    target: str
    """On what: ``role prods3role``."""
    source_account: str
    target_account: str
    """Names in the TOML; an id for an account it does not name."""
    steps: tuple[Step, ...]

    @property
    def verdict(self) -> Verdict:
        """That of its worst step."""
        return worst(step.verdict for step in self.steps)


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """The deployment fails, or will."""
    WARNING = "warning"
    """It works, but is open wider than it should be or will break by an ordinary event."""
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause of failure that was seen, or (``verdict`` UNKNOWN) could not be ruled out."""

    id: str
    """Of the catalogue, as in ``K1``."""
    severity: Severity
    verdict: Verdict
    """FAIL where it was seen, UNKNOWN where what it is seen by could not be read."""
    deployment: str
    account: str
    sentence: str
    evidence: tuple[str, ...]
    """What was found where: one line each."""
    fix: str
    symptom: str
    """What the user would see, in AWS's words where they are known."""
    changes: tuple[str, ...] = ()
    """Ids of the changes that repair it, where a plan can hold them."""


@dataclass(frozen=True, slots=True)
class Excess:
    """Access that a live policy gives the deployment's principals beyond its need."""

    account: str
    policy: str
    statement: int
    sid: str
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class ProvenChange:
    """What a pending change does to the proof, made with all that it requires. Hops are ``<deployment>/<hop>``."""

    change: str
    """Its id."""
    mends: tuple[str, ...] = ()
    """The hops that fail now and pass with it."""
    breaks: tuple[str, ...] = ()
    """The hops that pass without it, with what it requires in place, and fail with it."""
    excess: tuple[Excess, ...] = ()
    """What it newly grants the deployment's principals beyond need."""


@dataclass(frozen=True, slots=True)
class DeploymentProof:
    """The proof of one deployment."""

    deployment: str
    hops: tuple[Hop, ...]
    findings: tuple[Finding, ...] = ()
    excess: tuple[Excess, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """That of its worst hop or error."""
        errors = (each.verdict for each in self.findings if each.severity is Severity.ERROR)
        return worst([*(hop.verdict for hop in self.hops), *errors])


@dataclass(frozen=True, slots=True)
class Proof:
    """The proof of every selected deployment. ``planned`` says that it is of the state after the plan."""

    created: str
    planned: bool
    accounts: tuple[AccountSeen, ...]
    assumptions: tuple[str, ...]
    """What was taken for granted, one sentence each."""
    deployments: tuple[DeploymentProof, ...]

    @property
    def verdict(self) -> Verdict:
        """That of its worst deployment."""
        return worst(each.verdict for each in self.deployments)
