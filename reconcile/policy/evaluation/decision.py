"""The decision: an explicit Deny anywhere, then what has to allow on each side.

IAM user guide, reference_policies_evaluation-logic and access_policies_boundaries; KMS developer guide, key-policies;
Organizations user guide, orgs_manage_policies_scps and orgs_manage_policies_rcps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from reconcile.policy.evaluation.context import facts_of
from reconcile.policy.evaluation.hearing import NO_LIMIT, Hearing, Outcome, either, every
from reconcile.policy.evaluation.principal import Grade, who
from reconcile.policy.evaluation.resource_control import UNDER_RCPS
from reconcile.policy.evaluation.statement import Ask, Form
from reconcile.policy.evaluation.template import beginning, value_of
from reconcile.policy.request import (
    Answer,
    CallerType,
    Decision,
    Effect,
    HeldPolicy,
    Policies,
    Reason,
    Request,
    Side,
)

_TRUST_ACTIONS = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity", "sts:setcontext")
# The actions on no key at all; those on an alias are asked by its ARN.
_KEYLESS = frozenset({"kms:createkey", "kms:listkeys", "kms:listaliases", "kms:generaterandom"})


def evaluate(request: Request, policies: Policies) -> Decision:
    """Decide the request as AWS does, with the reasons; UNKNOWN wherever what is not known could change the answer.

    A document that is no policy, a statement with an unknown element, an unknown operator or value never allows.
    """
    decision = _decide(request, policies)
    service = request.action.partition(":")[0].lower()
    if not policies.rcps or service in UNDER_RCPS:
        return decision
    without = _decide(request, replace(policies, rcps=()))
    return without if without.answer is decision.answer else _in_question(service, decision)


def _in_question(service: str, under_rcps: Decision) -> Decision:
    """The answer hangs on whether RCPs limit requests to a service."""
    told = f"it is not known whether resource control policies limit requests to {service}"
    reasons = (replace(each, effect=Effect.UNKNOWN, text=told) for each in under_rcps.reasons if each.side is Side.RCP)
    return _decided(Answer.UNKNOWN, tuple(reasons))


def _decide(request: Request, policies: Policies) -> Decision:
    case = _Case.of(request, policies)
    denials = [hearing.denies() for hearing in case.hearings()]
    if certain := tuple(reason for each in denials if each.truth for reason in each.reasons):
        return _decided(Answer.DENIED, certain)
    allowed = case.allowed()
    if allowed.truth is False:
        return _decided(Answer.DENIED, allowed.reasons)
    answer = every(allowed, *(Outcome(None, each.reasons) for each in denials if each.truth is None))
    return _decided(Answer.ALLOWED if answer.truth else Answer.UNKNOWN, answer.reasons)


def _decided(answer: Answer, reasons: tuple[Reason, ...]) -> Decision:
    """Each reason once, though it counts in several places."""
    return Decision(answer, tuple(dict.fromkeys(reasons)))


class _Case(NamedTuple):
    """A request with every side's hearing; a side that has no say is None, and no level limits."""

    type: CallerType
    account: str
    owner: str
    mandatory: bool
    """Whether the resource's own policy must let it in also within its account: keys, and roles as their trust."""
    resource: Hearing
    identity: Hearing
    boundary: Hearing | None
    session: Hearing | None
    scps: tuple[Hearing, ...]
    rcps: tuple[Hearing, ...]

    @staticmethod
    def of(request: Request, policies: Policies) -> _Case:
        caller, form, owner = who(request.caller), _form(request), request.owner or _owner(request.resource)
        role_or_user = request.caller.type in (CallerType.ROLE, CallerType.USER)
        bounded = role_or_user and _is_there(policies.boundary)
        facts = facts_of(request, caller, owner)
        resource = value_of(request.resource)
        ask = Ask(caller, request.action.lower(), resource, beginning(resource), facts, bounded)

        def hear(side: Side, held: tuple[HeldPolicy, ...], form: Form = Form.IDENTITY) -> Hearing:
            account = owner if side in (Side.RESOURCE, Side.RCP) else caller.account
            return Hearing.of(side, held, ask, account, form)

        own = policies.identity if role_or_user else ()
        session = tuple(filter(_is_there, policies.session)) if request.caller.type is CallerType.ROLE else ()
        scps = policies.scps if request.caller.type is not CallerType.SERVICE else ()
        return _Case(
            request.caller.type,
            caller.account,
            owner,
            form is not Form.RESOURCE,
            hear(Side.RESOURCE, (policies.resource,) if policies.resource else (), form),
            hear(Side.IDENTITY, own),
            hear(Side.BOUNDARY, (policies.boundary,)) if bounded and policies.boundary else None,
            hear(Side.SESSION, session) if session else None,
            tuple(hear(Side.SCP, level) for level in scps),
            tuple(hear(Side.RCP, level, Form.RESOURCE) for level in policies.rcps),
        )

    def hearings(self) -> Iterator[Hearing]:
        """Every side that has a say."""
        yield from (self.identity, self.resource, *self.scps, *self.rcps)
        yield from (each for each in (self.boundary, self.session) if each)

    def allowed(self) -> Outcome:
        """Whether every side that has to allows it, explicit denials aside."""
        levels = [level.allows() for level in (*self.scps, *self.rcps)]
        return every(self._granted(), *levels)

    def _granted(self) -> Outcome:
        if self.type is CallerType.SERVICE:
            return self.resource.allows()
        if self.owner and self.account:
            return self._within() if self.owner == self.account else self._across()
        within, across = self._within(), self._across()
        if within.truth is across.truth is not None:
            return across
        told = Reason(
            Effect.UNKNOWN, Side.RESOURCE, "", "", text="whether caller and resource are of one account is not known"
        )
        return Outcome(None, (told, *(r for each in (within, across) if each.truth is None for r in each.reasons)))

    def _across(self) -> Outcome:
        return every(self._own(), self._capped(), self.resource.allows())

    def _within(self) -> Outcome:
        """A grant to a user, a session or everyone is limited by no implicit denial; one to a role by the boundary's.

        IAM user guide, reference_policies_elements_principal (role principals), says it of everyone whom
        aws:PrincipalArn narrows down.
        """
        entrance = self.resource.allows() if self.mandatory else NO_LIMIT
        if entrance.truth is False:
            return entrance
        direct, role = self.resource.allows((Grade.DIRECT,)), self.resource.allows((Grade.ROLE,))
        own = self._delegated() if self.mandatory else self._own()
        return every(entrance, either(direct, every(either(role, own), self._capped())))

    def _delegated(self) -> Outcome:
        """What the caller's own policies say, where a policy that has to let it in leaves it to them."""
        own = self._own()
        if own.truth is not False:
            return own
        left = f"{self.resource.policies[0].name} leaves it to the account's policies, and could name the caller itself"
        return Outcome(False, tuple(replace(reason, text=left) for reason in own.reasons))

    def _own(self) -> Outcome:
        """What the caller's own policies say; a root user may all that nothing denies."""
        if self.type is CallerType.ROOT:
            told = "the root user of the account needs no policy of its own"
            return Outcome(True, (Reason(Effect.ALLOWS, Side.IDENTITY, self.account, "", text=told),))
        return self.identity.allows()

    def _capped(self) -> Outcome:
        return every(*(each.allows() for each in (self.boundary, self.session) if each))


def _is_there(held: HeldPolicy | None) -> bool:
    return held is not None and (held.document is not None or bool(held.unreadable))


def _owner(resource: str) -> str:
    """The account that an ARN names; empty where it names none."""
    account = [*resource.split(":", 5), "", "", "", "", ""][4]
    return account if account.isdigit() else ""


def _form(request: Request) -> Form:
    action = request.action.lower()
    if action.startswith(_TRUST_ACTIONS):
        return Form.TRUST
    if action.startswith("kms:") and action not in _KEYLESS and ":alias/" not in request.resource:
        return Form.KEY
    return Form.RESOURCE
