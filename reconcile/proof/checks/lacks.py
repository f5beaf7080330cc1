"""What the chain's requests lack: which side of which request keeps it from being allowed, and where that stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from reconcile.policy.request import Effect, Reason, Request, Side
from reconcile.proof.checks.check import Evidence
from reconcile.proof.checks.statements import Written, written
from reconcile.proof.checks.subject import Subject
from reconcile.proof.values import Verdict


@dataclass(frozen=True, slots=True)
class Lack:
    """One request that is not allowed, and one of the reasons; UNKNOWN where it may yet be."""

    request: Request
    reason: Reason

    @property
    def verdict(self) -> Verdict:
        """Whether it certainly is not allowed by this."""
        return Verdict.UNKNOWN if self.reason.effect is Effect.UNKNOWN else Verdict.FAIL

    @property
    def about(self) -> str:
        """Whose documents lack it: the resource, or the caller."""
        resource = self.request.resource
        if not self.on_resource:
            return self.request.caller.arn
        return resource.partition("/")[0] if ":s3:" in resource else resource

    @property
    def on_resource(self) -> bool:
        """Whether it is the resource's: also what a key's policy would have given to a role of its own account."""
        request = self.request
        own_key = request.action.startswith("kms:") and f"::{request.owner}:" in request.caller.arn
        return self.reason.side in (Side.RESOURCE, Side.RCP) or (own_key and self.reason.side is Side.IDENTITY)


Wanted = Callable[[Lack], bool]

POLICIES = (Side.IDENTITY, Side.RESOURCE)
"""What the two accounts write themselves, and nobody sets a limit to."""


def lacks(subject: Subject, wanted: Wanted) -> Iterator[Lack]:
    """Those of the chain's lacks that are wanted, each once."""
    seen = set()
    for request, reason in subject.lacking:
        key = (request.caller, request.action, request.resource, reason)
        lack = Lack(request, reason)
        if key not in seen and wanted(lack):
            seen.add(key)
            yield lack


def about(subject: Subject, wanted: Wanted) -> frozenset[str]:
    """Whose documents lack what is wanted."""
    return frozenset(lack.about for lack in lacks(subject, wanted))


def told(subject: Subject, found: Iterable[Lack], **more: object) -> Iterator[Evidence]:
    """The lacks as evidence: requests that differ in their action alone are one line."""
    grouped: dict[tuple[str, ...], list[Lack]] = {}
    for lack in found:
        key = (lack.request.caller.arn, lack.request.resource, *map(str, place(lack.reason)))
        grouped.setdefault(key, []).append(lack)
    for group in grouped.values():
        first = group[0]
        account = subject.world.account(first.reason.account)
        evidence = Evidence(account, _line(group), first.about, verdict=first.verdict)
        yield replace(evidence, **more)  # type: ignore[arg-type]


def place(reason: Reason) -> tuple[object, ...]:
    """What two reasons have in common that are about the same words of the same policy."""
    return (reason.effect, reason.side, reason.account, reason.policy, reason.statement, reason.keys, reason.text)


def where(reason: Reason) -> str:
    """The policy, and the statement if there is one."""
    named = reason.policy or f"the {reason.side} policies"
    return named if reason.statement is None else f"{named}, {reason.sid or f'Statement[{reason.statement}]'}"


def who(request: Request) -> str:
    """The name of the role or service that asks."""
    return request.caller.arn.rpartition("/")[2]


def _line(group: list[Lack]) -> str:
    request, reason = group[0].request, group[0].reason
    what = f"{', '.join(dict.fromkeys(lack.request.action for lack in group))} on {request.resource}"
    may = "allows" if reason.statement is None else "applies to"  # the statement may be a Deny
    line = {
        Effect.DENIES: f"{where(reason)}: denies {who(request)} {what}",
        Effect.MISSING: f"{where(reason)}: no statement allows {who(request)} {what}",
    }.get(reason.effect, f"{where(reason)}: not known whether it {may} {who(request)} {what}")
    if reason.effect is Effect.MISSING and reason.side is Side.IDENTITY:
        if group[0].on_resource:
            return f"neither the key's policy nor one of {who(request)} allows {what}"
        line = f"no policy of {who(request)} allows {what}"
    if reason.keys:
        line += f", which depends on {', '.join(reason.keys)}"
    return f"{line}: {reason.text}" if reason.text else line


def statement_of(lack: Lack, among: Iterable[Written]) -> Written | None:
    """The statement that the reason names."""
    reason = lack.reason
    return next((each for each in among if (each.policy.name, each.index) == (reason.policy, reason.statement)), None)


def beside(subject: Subject, lack: Lack) -> Iterator[Written]:
    """The statements of the policies that lack it: the caller's own, or the bucket's."""
    if lack.reason.side is Side.IDENTITY:
        return written(*subject.identity(lack.request.caller.arn))
    return written(*subject.bucket_policy(lack.request.resource.rpartition(":")[2].partition("/")[0]))
