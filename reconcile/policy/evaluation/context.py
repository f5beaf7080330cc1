"""The condition keys that follow from who asks, and of what."""

from __future__ import annotations

from functools import lru_cache

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
    found = dict(_following(caller, owner))
    if request.action[:4].lower() == "kms:" and caller.account:
        found["kms:calleraccount"] = (caller.account,)
    for key, values in request.context.items():
        found[key.lower()] = tuple(each and value_of(each) for each in values) if values else None
    return found


@lru_cache(maxsize=4096)
def _following(caller: Who, owner: str) -> Facts:
    """What follows from the caller, and from the account that owns the resource, if it is known."""
    owned = {"aws:resourceaccount": (owner,), "s3:resourceaccount": (owner,)} if owner else {}
    return {**owned, **(_of_service(caller) if caller.caller.type is CallerType.SERVICE else _of_principal(caller))}


def _of_service(caller: Who) -> Facts:
    return {
        **dict.fromkeys(_ONLY_OF_PRINCIPALS),
        "aws:username": None,
        "aws:principalisawsservice": ("true",),
        "aws:principalservicename": (caller.caller.arn,),
    }


def _of_principal(caller: Who) -> Facts:
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
