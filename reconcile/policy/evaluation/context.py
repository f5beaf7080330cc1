"""The condition keys that follow from who asks, and of what."""

from __future__ import annotations

from reconcile.policy.evaluation.principal import Who
from reconcile.policy.evaluation.template import Facts, value_of
from reconcile.policy.request import CallerType, Request

# IAM user guide, reference_policies_condition-keys: only requests by services themselves have these.
_ONLY_OF_SERVICES = (
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
)
_ONLY_OF_PRINCIPALS = ("aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths")
_TYPES = {CallerType.ROLE: "AssumedRole", CallerType.USER: "User", CallerType.ROOT: "Account"}


def facts_of(request: Request, caller: Who, owner: str) -> Facts:
    """Every known condition key with its values, encoded: what the request says goes before what follows from it."""
    service = request.action.partition(":")[0].lower()
    found: dict[str, tuple[str, ...] | None] = {}
    if owner:
        found |= {"aws:resourceaccount": (owner,), "s3:resourceaccount": (owner,)}
    found |= _of_service(request) if caller.caller.type is CallerType.SERVICE else _of_principal(caller)
    if service == "kms" and caller.account:
        found["kms:calleraccount"] = (caller.account,)
    for key, values in request.context.items():
        found[key.lower()] = tuple(map(value_of, values)) if values else None
    return found


def _of_service(request: Request) -> dict[str, tuple[str, ...] | None]:
    return {
        **dict.fromkeys(_ONLY_OF_PRINCIPALS),
        "aws:username": None,
        "aws:principalisawsservice": ("true",),
        "aws:principalservicename": (request.caller.arn,),
    }


def _of_principal(caller: Who) -> dict[str, tuple[str, ...] | None]:
    """``aws:userid`` of a role is its unique id, a colon, and the session's name: either may be unknown."""
    own = caller.caller
    identity = own.unique_id or "*"
    userids = {CallerType.ROLE: f"{identity}:{own.session or '*'}", CallerType.ROOT: caller.account}
    return {
        **dict.fromkeys(_ONLY_OF_SERVICES),
        "aws:principalarn": (value_of(own.arn),),
        "aws:principalaccount": (caller.account,) if caller.account else ("*",),
        "aws:principaltype": (_TYPES[own.type],),
        "aws:principalisawsservice": ("false",),
        "aws:userid": (userids.get(own.type, identity),),
        "aws:username": (caller.name,) if own.type is CallerType.USER else None,
    }
