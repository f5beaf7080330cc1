"""What the documents of both accounts tell of a deployment; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from reconcile import grants, policy
from reconcile.adoption.draft import Sheet
from reconcile.change import Action, Want
from reconcile.desired import Config, Deployment
from reconcile.desired.forms import PRINCIPAL_ARN, ROLE_ARN
from reconcile.engine import Live, plan
from reconcile.engine.wants import Wants, known_texts, wants_of
from reconcile.errors import PolicyMalformed, XacctError
from reconcile.event_rules import Starter, starts_on_upload
from reconcile.kinds import kinds
from reconcile.kinds.protocol import Document

_DIFFERING = frozenset({Action.CREATE, Action.UPDATE, Action.BLOCKED})
_POLICIES = {
    "assume-policy": ("service-role", "service_role.assume_policy"),
    "output-access": ("deploy-role", "deploy_role.output_policy"),
    "artifact-access": ("deploy-role", "deploy_role.artifact_policy"),
}
"""Of each change about a policy: the change about the role that holds it, and the field with its name."""


def describe_live(sheet: Sheet, config: Config, live: Live) -> None:
    """Fill in what only the documents tell, and say what none of them told."""
    sufficient = _with_grants(config, "sufficient")
    least = wants_of(sufficient)
    seen = _Seen(config, live, sheet)
    seen.key_administrators()
    seen.trigger()
    for slug, (holder, field) in _POLICIES.items():
        seen.policy_name(_known(_want(least, slug), config, live), holder, field)
    _decide_grants(sheet, config, live, (sufficient, least))


def assumable_roles(policies: Mapping[str, Any]) -> set[str]:
    """The roles that identity policies name to be assumed."""
    documents = [*(each["document"] for each in policies.get("attached", {}).values() if each)]
    documents += policies.get("inline", {}).values()
    return {
        resource
        for document in documents
        for need in _granted(document)
        if "sts:assumerole" in {action.lower() for action in need.actions}
        for resource in need.resources
        if ROLE_ARN.fits(resource)
    }


class _Seen:
    """The documents of one deployment, by the changes that are about them."""

    def __init__(self, config: Config, live: Live, sheet: Sheet) -> None:
        self.config, self.live, self.sheet = config, live, sheet
        self.deployment: Deployment = config.deployments[sheet.name]

    def _document(self, slug: str, field: str) -> Document | None:
        """The document; where it could not be read, that is said of the field."""
        seen = self.live.documents[_want(self.live.wants, slug).address]
        if isinstance(seen, XacctError):
            self.sheet.leave(field, f"could not be seen: {seen}")
            return None
        return seen

    def key_administrators(self) -> None:
        """Whoever may administer the key by its policy, other than the account itself."""
        document = self._document("key-users", "key.admins")
        live = (document or {}).get("policy")
        admins = [
            name
            for name in dict.fromkeys(_principals(live))
            if PRINCIPAL_ARN.fits(name)
            and not policy.uncovered(live, policy.Need(("AWS", name), grants.KEY_ADMINISTRATION, ("*",)))
        ]
        if admins:
            self.sheet.set("key.admins", admins)

    def trigger(self) -> None:
        """How an upload starts the pipeline, as far as anything does."""
        source = self.deployment.source
        if source is None:
            return
        document = self._document("trigger", "source.trigger")
        if document is None:
            return
        region = self.config.pipeline_account(self.deployment).region
        bucket, key, trails = source.bucket, source.object_key, tuple(document["trails"])
        starter = Starter(region, bucket, key, document["notifications"], trails)
        sort, why = _trigger(document, lambda rule: starts_on_upload(rule, starter))
        self.sheet.set("source.trigger", sort, why)

    def policy_name(self, want: Want, holder: str, field: str) -> None:
        """The policy of one's own account that grants most of what is wanted."""
        document = self._document(holder, field)
        if document is None:
            return
        owner = f"::{self.config.accounts[want.address.account].id}:policy/"
        wanted = _pairs(want)
        attached = {arn: wanted - _lacks(each["document"], want) for arn, each in document["attached"].items()}
        own = {arn: got for arn, got in attached.items() if got and owner in arn}
        if own:
            best = min(own, key=lambda arn: (-len(own[arn]), not arn.endswith(f"/{want.address.name}"), arn))
            self.sheet.set(field, best.rpartition("/")[2])
            return
        beside = [arn.rpartition("/")[2] for arn, got in attached.items() if got]
        beside += [name for name, text in document["inline"].items() if wanted - _lacks(text, want)]
        if beside:
            told = f"granted by {', '.join(beside)}, inline or of AWS's; this name is used if something has to be added"
            self.sheet.say(field, told)


def _trigger(document: Document, starts: Callable[[Mapping[str, Any]], bool]) -> tuple[str, str]:
    """The trigger's sort, and why it is that one where it is not plain."""
    of_s3 = {name: rule for name, rule in document["rules"].items() if "aws.s3" in rule["pattern"].get("source", [])}
    working = [rule for rule in of_s3.values() if starts(rule)]
    if any("Object Created" in rule["pattern"].get("detail-type", ["Object Created"]) for rule in working):
        return "eventbridge", ""
    if working:
        return "cloudtrail", 'found so; if it breaks, only a trigger "eventbridge" can be made in its place'
    if document["poll"]:
        return "poll", ""
    if of_s3:
        return (
            "eventbridge",
            f"meant to start the pipeline, but an upload does not: {', '.join(_rule(each) for each in of_s3.values())}",
        )
    return "none", "nothing was found that starts the pipeline on an upload"


def _rule(rule: Mapping[str, Any]) -> str:
    return f"rule {rule['name']}" + (f" ({rule['hindrance']['told']})" if rule["hindrance"] else "")


def _principals(document: Mapping[str, Any] | None) -> Iterator[str]:
    for statement in policy.statements(document):
        named = statement.get("Principal")
        names = named.get("AWS", []) if isinstance(named, Mapping) else []
        yield from [names] if isinstance(names, str) else names


def _granted(document: Any) -> Iterator[policy.Need]:
    """What the plain Allow statements of a document grant."""
    try:
        statements = policy.statements(policy.parse(document))
    except PolicyMalformed:
        return
    for statement in statements:
        with suppress(ValueError):
            yield policy.Need.of(statement)


def _pairs(want: Want) -> set[tuple[str, str]]:
    return {pair for need in _needs(want) for pair in policy.uncovered(None, need)}


def _lacks(document: Any, want: Want) -> set[tuple[str, str]]:
    try:
        parsed = policy.parse(document)
    except PolicyMalformed:
        return _pairs(want)
    return {pair for need in _needs(want) for pair in policy.uncovered(parsed, need, known=want.known)}


def _needs(want: Want) -> list[policy.Need]:
    return [policy.Need.of(statement) for statement in want.value["statements"]]


def _want(wants: Wants, slug: str) -> Want:
    return next(want for want in wants.ordered if want.slug == slug)


def _known(want: Want, config: Config, live: Live) -> Want:
    """The want with the ARNs that it refers to."""
    texts = {}
    for maker in live.wants.ordered:
        if maker.creates:
            seen = live.documents[maker.address]
            document = None if isinstance(seen, XacctError) else seen
            account, kind = config.accounts[maker.address.account], kinds()[maker.address.kind]
            for attribute, text in kind.facts(account, maker.address, maker.value, document).items():
                texts[f"{maker.address.account}/{maker.address.resource}#{attribute}"] = text
    return known_texts(texts, want)


def _with_grants(config: Config, choice: str) -> Config:
    deployments = {name: each.model_copy(update={"grants": choice}) for name, each in config.deployments.items()}
    return config.model_copy(update={"deployments": deployments})


def _decide_grants(sheet: Sheet, config: Config, live: Live, other: tuple[Config, Wants]) -> None:
    """The choice by which less has to change; the article's where there is none between them."""
    sufficient, wants = other
    as_article = _differing(config, live)
    as_found = _differing(sufficient, replace(live, wants=wants, selected=wants.selected(())))
    more = sorted(as_article - as_found)
    if len(as_found) < len(as_article):
        sheet.set(
            "grants", "sufficient", f"the article grants more than is live: it would also change {', '.join(more)}"
        )
    elif not as_article:
        sheet.set("grants", "article", "what is live grants all that the article does")
    else:
        sheet.set("grants", "article", "no other choice would leave less to change")
    unseen = [change.slug for change in plan(config, live).changes if change.action is Action.UNREADABLE]
    if unseen:
        sheet.leave("grants", f"weighed without what could not be seen: {', '.join(unseen)}")


def _differing(config: Config, live: Live) -> set[str]:
    return {change.slug for change in plan(config, live).changes if change.action in _DIFFERING}
