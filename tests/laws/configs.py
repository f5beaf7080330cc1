"""Configurations of one or two deployments, and what each of their documents is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from reconcile.change import Address, Want
from reconcile.desired import Config
from reconcile.engine.wants import known_texts, wants_of
from reconcile.kinds import kinds

DEV, PROD = "111111111111", "222222222222"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"


@dataclass(frozen=True)
class Shape:
    """Which configuration; ``known`` says whether what AWS makes exists by now, or still stands as a reference."""

    grants: str
    partition: str
    second: str
    trigger: str
    plain: bool
    known: bool


SHAPES = [
    Shape(*chosen)
    for chosen in product(
        ["article", "least-privilege"],
        ["aws", "aws-cn"],
        ["none", "apart", "sharing"],
        ["eventbridge", "poll", "no source"],
        [True, False],
        [True, False],
    )
]


@cache
def parts_by_document(shape: Shape) -> Mapping[Address, tuple[Want, ...]]:
    """Every document that the configuration is about, with the wants that are parts of it."""
    config = config_of(shape)
    wants = wants_of(config).ordered
    texts = _texts(config, wants) if shape.known else {}
    found: dict[Address, tuple[Want, ...]] = {}
    for want in wants:
        found[want.address] = (*found.get(want.address, ()), known_texts(texts, want))
    return found


def config_of(shape: Shape) -> Config:
    region = {"aws": "us-east-1", "aws-cn": "cn-north-1"}[shape.partition]
    deployments = {"website": _deployment(shape, region, "website", shared=shape.second == "sharing")}
    if shape.second != "none":
        deployments["manual"] = _deployment(shape, region, "manual", shared=shape.second == "sharing")
    accounts = {name: {"id": number, "region": region} for name, number in (("dev", DEV), ("prod", PROD))}
    return Config.model_validate({"accounts": accounts, "deployments": deployments})


def _deployment(shape: Shape, region: str, name: str, *, shared: bool) -> dict[str, object]:
    """Deployments share artifacts and key; ``shared`` ones also roles, policies and the input bucket."""
    whose = "shared" if shared else name
    iam = f"arn:{shape.partition}:iam::{DEV}"
    key = {"arn": f"arn:{shape.partition}:kms:{region}:{DEV}:key/{KEY_ID}", "alias": ""}
    wanted: dict[str, object] = {
        "pipeline": name,
        "grants": shape.grants,
        "key": {
            **({} if shape.plain else key),
            "admins": [f"{iam}:role/Admin"],
            "users": [] if shape.plain else [f"{iam}:role/Release", f"{iam}:user/{name}"],
        },
        "service_role": {"name": f"pipeline-{whose}", "assume_policy": f"assume-{whose}"},
        "deploy_role": {"name": f"deploy-{whose}", "output_policy": f"output-{whose}"},
        "artifacts": {"bucket": "artifacts-of-all"},
        "output": {"bucket": f"output-{name}", "canned_acl": "" if shape.plain else "private"},
        "permissions_boundary": "" if shape.plain else f"arn:{shape.partition}:iam::aws:policy/PowerUserAccess",
    }
    if shape.trigger != "no source":
        wanted["source"] = {"bucket": f"input-{whose}", "object_key": f"{name}.zip", "trigger": shape.trigger}
    return wanted


def _texts(config: Config, wants: tuple[Want, ...]) -> dict[str, str]:
    """What the references stand for once everything is made."""
    texts = {}
    for want in wants:
        if want.creates:
            account, kind = config.accounts[want.address.account], kinds()[want.address.kind]
            arn = f"arn:{account.partition}:kms:{account.region}:{account.id}:key/{KEY_ID}"
            made = {"arn": arn} if want.address.resource.startswith("kms:") else None
            for attribute, text in kind.facts(account, want.address, want.value, made).items():
                texts[f"{want.address.place}#{attribute}"] = text
    return texts
