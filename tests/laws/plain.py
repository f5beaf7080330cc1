"""Documents that are but one part each: buckets, versioning, keys, aliases; and triggers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from laws.configs import DEV, KEY_ID
from laws.scene import Document, Example, Limit, Scene, Wants
from reconcile.change import Part

BUCKET = Scene(
    documents=lambda wants: st.sampled_from([None, {"region": "eu-west-1"}, wants[0].value]),
    rest=lambda _document, _part: (),
    meaning=lambda document: document,
)

_VERSIONING = st.sampled_from([None, {"status": ""}, {"status": "Enabled"}, {"status": "Suspended"}])


def _first_enabling(example: Example) -> bool:
    return example.value and not (example.document or {}).get("status")


BUCKET_VERSIONING = Scene(
    documents=lambda _: _VERSIONING,
    rest=lambda _document, _part: (),
    meaning=lambda document: (document or {}).get("status", ""),
    values=lambda _: (True, False),
    limits=[
        Limit(
            "versioning that was once on can only be suspended",
            _first_enabling,
            Example({"status": ""}, Part("versioning"), value=True),
        )
    ],
)

_A_KEY = {
    "arn": f"arn:aws:kms:us-east-1:{DEV}:key/{KEY_ID}",
    "state": "Enabled",
    "spec": "SYMMETRIC_DEFAULT",
    "usage": "ENCRYPT_DECRYPT",
    "manager": "CUSTOMER",
    "deletion": "",
}
_STATES = ["Enabled", "Disabled", "Updating", "PendingDeletion"]
_KEYS = [None, {**_A_KEY, "spec": "RSA_2048", "manager": "AWS"}, *({**_A_KEY, "state": state} for state in _STATES)]


def _key_meaning(document: Document) -> Any:
    """A key in no state of its own making is there like any other; one that waits for its deletion is gone."""
    if document is None or document["state"] == "PendingDeletion":
        return None
    return {**document, "state": "Disabled" if document["state"] == "Disabled" else "usable"}


KEY = Scene(
    documents=lambda _: st.sampled_from(_KEYS),
    rest=lambda _document, _part: (),
    meaning=_key_meaning,
    values=lambda _: (None, {"enabled": True}, {"enabled": False}),
    limits=[
        Limit(
            "a key that was given up is not the one that is made in its place",
            lambda example: example.value is None and _key_meaning(example.document) is not None,
            Example(_A_KEY, Part("key"), value=None),
        )
    ],
)


def _targets(wants: Wants) -> st.SearchStrategy[Document]:
    return st.sampled_from([None, {"target": f"arn:aws:kms:us-east-1:{DEV}:key/other"}, wants[0].value])


KEY_ALIAS = Scene(documents=_targets, rest=lambda _document, _part: (), meaning=lambda document: document)

_TOPICS = {"TopicConfigurations": [{"TopicArn": f"arn:aws:sns:us-east-1:{DEV}:uploads", "Events": ["s3:Put*"]}]}
_THEIR_RULE = {"name": "codepipeline-website-rule", "pattern": {"source": ["aws.s3"]}, "enabled": True}
_ROLE = f"arn:aws:iam::{DEV}:role/service-role/rule"
_HINDRANCES = (None, {"told": "it may not", "lasting": False}, {"told": "it is denied", "lasting": True})
_TRAILS = [{"logging": True, "selectors": [{"ReadWriteType": "WriteOnly"}], "advanced": []}]


@st.composite
def _triggers(draw: st.DrawFn, wants: Wants) -> Document:
    wanted = wants[0].value["rule"]
    patterns = st.sampled_from([wanted["pattern"], {"source": ["aws.s3"], "detail-type": ["Object Created"]}])
    ours = {"name": wanted["name"], "pattern": draw(patterns), "enabled": draw(st.booleans())}
    ours |= draw(st.sampled_from([{}, *({"roles": [_ROLE], "hindrance": each} for each in _HINDRANCES)]))
    rules = draw(st.lists(st.sampled_from(range(2)), unique=True))
    return {
        "notifications": {
            **draw(st.sampled_from([{}, _TOPICS])),
            **draw(st.sampled_from([{}, {"EventBridgeConfiguration": {}}])),
        },
        "rules": {rule["name"]: rule for rule in ((_THEIR_RULE, ours)[index] for index in rules)},
        "trails": draw(st.sampled_from([[], _TRAILS])),
        "poll": draw(st.booleans()),
    }


def _trigger_rest(document: Document, part: Part) -> Any:
    assert document is not None
    return {
        "notifications": {k: v for k, v in document["notifications"].items() if k != "EventBridgeConfiguration"},
        "rules": {name: rule for name, rule in document["rules"].items() if name != part.of[0]},
        "trails": document["trails"],
        "poll": document["poll"],
    }


def _trigger_meaning(document: Document) -> Any:
    """Without the boundary, which is told to the write alone, and without what was read of its role.

    A rule whose role lacks something comes back as what it was in effect: disabled.
    """
    rules = {name: _effective(rule) for name, rule in (document or {}).get("rules", {}).items()}
    return {**(document or {}), "rules": rules}


def _effective(rule: Document) -> Document:
    mendable = rule.get("hindrance") and not rule["hindrance"]["lasting"]
    return {"name": rule["name"], "pattern": rule["pattern"], "enabled": rule["enabled"] and not mendable}


TRIGGER = Scene(documents=_triggers, rest=_trigger_rest, meaning=_trigger_meaning)
