"""Everything there is in the embedded accounts, as a set of facts: lines of text that name their place first.

Policies are told grant by grant (effect, principal, action, resource, condition), so that two worlds with the same
facts mean the same. The tool's own Sids are left out, as are the counters of writes (a pipeline's version, the text
of policy versions that are not in force): the article's statements have no Sid, and a repaired one is as good.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from moto.cloudtrail.models import cloudtrail_backends
from moto.events.models import events_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends

from xacct_tui.demo.accounts import REGION, EmbeddedAccounts
from xacct_tui.demo.strict import state

_OWN_SID = re.compile(r"Xacct\w+| \(xacct-tui\)$")


def facts(accounts: EmbeddedAccounts) -> frozenset[str]:
    """All roles, policies, keys, buckets, pipelines, rules and trails of all accounts."""
    found = {f"{name} {fact}" for name, number in accounts.accounts.items() for fact in _of_account(number)}
    for (number, _, name), pipeline in accounts.world.pipelines.items():
        declared = {key: value for key, value in pipeline.versions[-1].items() if key != "version"}
        place = f"{accounts.world.name(number)} pipeline {name}"
        found |= {f"{place}{leaf}" for leaf in _leaves(declared)}
        found |= {f"{place} tag {key}={value}" for key, value in pipeline.tags.items()}
        found |= {f"{place} execution {each.trigger} {each.status}" for each in pipeline.executions}
    for bucket, notifications in accounts.world.notifications.items():
        found |= {f"dev bucket {bucket} notification{leaf}" for leaf in _leaves(notifications)}
    return frozenset(found)


def _of_account(number: str) -> Iterator[str]:
    for role in state.roles(number):
        yield from _role(role)
    for arn, policy in state.iam(number).managed_policies.items():
        if f":{number}:" in arn:
            yield from _policy(policy)
    for key in list(state.keys(number)):
        yield from _key(number, key)
    for bucket in state.buckets():
        if bucket.account_id == number:
            yield from _bucket(number, bucket)
    yield from _events(number)
    for trail in cloudtrail_backends[number][REGION].trails.values():
        yield f"trail {trail.trail_name} logging={trail.status.is_logging}"


def _role(role: Any) -> Iterator[str]:
    place = f"role {role.name}"
    yield f"{place} path {role.path}"
    yield from _tags(place, role.tags)
    yield from (f"{place} trust: {grant}" for grant in grants(role.assume_role_policy_document))
    yield from (f"{place} attached: {arn}" for arn in role.managed_policies)
    for name, text in role.policies.items():
        yield from (f"{place} inline {name}: {grant}" for grant in grants(text))


def _policy(policy: Any) -> Iterator[str]:
    place = f"policy {policy.name}"
    yield from _tags(place, policy.get_tags())
    for version in policy.versions:
        yield f"{place} version {version.version_id}"
        if version.is_default:
            yield from (f"{place}: {grant}" for grant in grants(version.document))


def _key(number: str, key: Any) -> Iterator[str]:
    place = f"key {key.description}"
    yield f"{place} {key.key_state}"
    yield from (f"{place} alias {alias}" for alias in key.aliases)
    yield from (f"{place} policy: {grant}" for grant in grants(key.policy))
    tags = kms_backends[number][REGION].tagger.get_tag_dict_for_resource(key.id)
    yield from (f"{place} tag {name}={value}" for name, value in tags.items())


def _bucket(number: str, bucket: Any) -> Iterator[str]:
    place = f"bucket {bucket.name}"
    yield f"{place} in {bucket.region_name}, versioning {bucket.versioning_status or 'never enabled'}"
    yield from (f"{place} policy: {grant}" for grant in grants(bucket.policy or "{}"))
    tags = s3_backends[number]["aws"].tagger.get_tag_dict_for_resource(bucket.arn)
    yield from (f"{place} tag {name}={value}" for name, value in tags.items())


def _events(number: str) -> Iterator[str]:
    backend = events_backends[number][REGION]
    for rule in backend.event_buses["default"].rules.values():
        place = f"rule {rule.name}"
        yield f"{place} {rule.state}"
        yield f"{place} listens to {json.dumps(rule.event_pattern.get_pattern(), sort_keys=True)}"
        yield from (f"{place} target {target['Arn']} by {target.get('RoleArn')}" for target in rule.targets)
        tags = backend.tagger.get_tag_dict_for_resource(rule.arn)
        yield from (f"{place} tag {name}={value}" for name, value in tags.items())


def _tags(place: str, tags: Iterable[Mapping[str, str]]) -> Iterator[str]:
    return (f"{place} tag {tag['Key']}={tag['Value']}" for tag in tags)


def grants(text: str | bytes) -> Iterator[str]:
    """What a policy document says, one line for each principal, action and resource."""
    document = json.loads(text)
    for statement in _listed(document.get("Statement", [])):
        sid = _OWN_SID.sub("", statement.get("Sid", ""))
        condition = json.dumps(statement.get("Condition") or None, sort_keys=True).replace(": false", ': "false"')
        elements = [_element(statement, name) for name in ("Principal", "Action", "Resource")]
        for who, what, where in product(*elements):
            yield f"{sid} {statement['Effect']} {who} to {what} on {where} if {condition}".lstrip()


def _element(statement: Mapping[str, Any], name: str) -> list[str]:
    value = statement.get(name, statement.get(f"Not{name}", "nothing"))
    prefix = "not " if f"Not{name}" in statement else ""
    if isinstance(value, dict):
        return [f"{prefix}{kind} {one}" for kind, names in value.items() for one in _listed(names)]
    return [f"{prefix}{one}" for one in _listed(value)]


def _leaves(value: Any, path: str = "") -> Iterator[str]:
    """Every value in a tree, with the way to it."""
    if isinstance(value, dict | list) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, f"{path}.{key}")
    else:
        yield f"{path} = {value!r}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
