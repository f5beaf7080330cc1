"""A deployment as a live pipeline has it: what was made by hand, written down so that nothing has to change.

The pipeline tells most of it. The rest is seen in the documents that a plan would be made from, which are read for
a provisional configuration: the names of the policies by what they grant, the trigger by what starts the pipeline,
the key's administrators by what the key's policy lets them do. Which ``grants`` is written is decided by planning
with either.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import ValidationError

from reconcile.adoption.draft import Draft, Sheet
from reconcile.adoption.live import assumable_roles, describe_live
from reconcile.adoption.pipeline import DeployAction, chosen, describe_pipeline
from reconcile.clients import Clients
from reconcile.declaration import Declaration, key_id
from reconcile.desired import Account, Config, Key
from reconcile.engine import read
from reconcile.errors import AwsError, Refused
from reconcile.identity_policies import identity_policies
from reconcile.reads import Reads
from reconcile.toml import dotted_key, nested

_NOBODY = "000000000000"
"""Stands in for an account that is not known yet: nothing of it is read."""
_AWS_OWN = "alias/aws/"


def draft_from_pipeline(
    clients: Clients,
    pipeline: str,
    *,
    name: str = "website",
    account: str = "dev",
    target: str = "prod",
    action: str = "",
) -> Draft:
    """Look at a pipeline, and at all around it, and describe it; nothing is written.

    ``clients`` reach ``account`` and, if they can, ``target``: what of the target cannot be read, or not be reached
    at all, is listed as unknown. ``action`` (``Stage/Action``) says which S3 deploy action is meant, where there are
    several. Raises AwsError where the pipeline itself cannot be read, and Refused where it has no such action, or
    deploys to another account than ``target`` is.
    """
    region = clients.accounts[account].region
    clients.open([(account, region, service) for service in ("codepipeline", "kms", "iam")])
    reads = Reads(clients)
    live = reads(account, "codepipeline", "get_pipeline", name=pipeline)["pipeline"]
    deploy = _with_role(chosen(live, action), live, reads, (account, target))
    sheet = Sheet(name, account, target)
    sheet.accounts(clients.accounts)
    _describe_target(sheet, clients, deploy)
    describe_pipeline(sheet, live, deploy, clients.accounts[account])
    _describe_key(sheet, reads, live)
    config = _provisional(sheet, clients.accounts[account])
    if config is None:
        sheet.say("pipeline", "the accounts were not looked at any further: correct what is wrong first")
    else:
        describe_live(sheet, config, read(config, clients))
    return sheet.draft()


def _with_role(deploy: DeployAction, live: Declaration, reads: Reads, accounts: tuple[str, str]) -> DeployAction:
    """The console drops the action's role at every edit: then the service role's policies still tell which it was."""
    if deploy.role_arn:
        return deploy
    account, target = (reads.clients.accounts.get(name) for name in accounts)
    try:
        policies = identity_policies(reads, accounts[0], live["roleArn"].rpartition("/")[2])
    except AwsError:
        return deploy
    owners = {arn: arn.split(":")[4] for arn in assumable_roles(policies or {})}
    likely = [
        arn
        for arn, owner in owners.items()
        if (owner == target.id if target else account is not None and owner != account.id)
    ]
    return replace(deploy, role_arn=likely[0], role_is_set=False) if len(likely) == 1 else deploy


def _describe_target(sheet: Sheet, clients: Clients, deploy: DeployAction) -> None:
    known = clients.accounts.get(sheet.target)
    if known is not None and deploy.account_id not in ("", known.id):
        raise Refused(
            f"{deploy.stage}/{deploy.name} deploys with a role of account {deploy.account_id} ({deploy.role_arn}), "
            f"but {sheet.target} is account {known.id}: choose a profile of account {deploy.account_id}"
        )
    if known is not None:
        return
    if deploy.account_id:
        sheet.values[dotted_key("accounts", sheet.target, "id")] = deploy.account_id
    else:
        sheet.leave("target_account", "the deploy action names no role yet, and no profile of the account was given")
    sheet.values[dotted_key("accounts", sheet.target, "region")] = clients.accounts[sheet.account].region


def _describe_key(sheet: Sheet, reads: Reads, live: Declaration) -> None:
    """The key by its alias, which people know it by and which survives the key; by its ARN where it has none."""
    account = reads.clients.accounts[sheet.account]
    key = key_id(live, account.region)
    if key is None:
        sheet.leave("key.alias", "the pipeline names no key yet; the article's alias is taken")
    elif key.startswith(("alias/", f"{_prefix(account)}:alias/")):
        sheet.set("key.alias", "alias/" + key.partition("alias/")[2])
    else:
        _describe_key_by_arn(sheet, reads, key if ":" in key else f"{_prefix(account)}:key/{key}")
    if str(sheet.values.get(sheet.key("key.alias"), "")).startswith(_AWS_OWN):
        del sheet.values[sheet.key("key.alias")]
        sheet.leave(
            "key.alias", "the pipeline uses a key of AWS's, which cannot be shared; the article's alias is taken"
        )


def _describe_key_by_arn(sheet: Sheet, reads: Reads, arn: str) -> None:
    try:
        listed = reads(sheet.account, "kms", "list_aliases", KeyId=arn)["Aliases"]
        why = "the key has no alias"
    except AwsError as error:
        listed, why = [], ""
        sheet.leave("key.alias", f"whether the key has an alias could not be seen: {error}")
    default = Key.model_fields["alias"].default
    names = sorted((each["AliasName"] for each in listed), key=lambda name: (name != default, name))
    if not names:
        sheet.set("key.alias", "")
        sheet.set("key.arn", arn, why)
        return
    others = f"the key has other aliases too: {', '.join(names[1:])}" if names[1:] else ""
    sheet.set("key.alias", names[0], others)


def _prefix(account: Account) -> str:
    return f"arn:{account.partition}:kms:{account.region}:{account.id}"


def _provisional(sheet: Sheet, account: Account) -> Config | None:
    """The configuration so far; None where it is not sound."""
    raw = nested(sheet.values)
    raw["accounts"].setdefault(sheet.target, {"id": _NOBODY, "region": account.region}).setdefault("id", _NOBODY)
    try:
        return Config.model_validate(raw)
    except ValidationError:
        return None
