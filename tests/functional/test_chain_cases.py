"""Pipelines of other shapes than the article's, and one thing at a time that is not as it has to be.

The documents of the finished article are read once; each case is that with some of them changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest

from functional.proven import ASSUME, Seen, open_steps, verdicts
from reconcile.change import Address
from reconcile.errors import AwsError
from reconcile.proof.chain.scene import Scene
from reconcile.proof.route import route
from reconcile.proof.world import World
from xacct_tui.demo import article_documents as doc
from xacct_tui.demo.accounts import EmbeddedAccounts
from xacct_tui.demo.scenarios import SCENARIOS

Documents = dict[Address, Any]
KEY = f"arn:aws:kms:us-east-1:{doc.PROD}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ARTIFACTS = f"arn:aws:s3:::{doc.ARTIFACTS}"
BUILD_ROLE = f"arn:aws:iam::{doc.DEV}:role/build"


@dataclass(frozen=True)
class Edit:
    """The documents of the finished article, to be changed."""

    documents: Documents

    def at(self, account: str, kind: str, resource: str = "") -> Address:
        return next(
            each
            for each in self.documents
            if (each.account, each.kind) == (account, kind) and resource in each.resource
        )

    def of(self, account: str, kind: str, resource: str = "") -> Any:
        return self.documents[self.at(account, kind, resource)]

    def add(self, account: str, kind: str, resource: str, document: Any, region: str = "us-east-1") -> None:
        self.documents[Address(account, region, kind, resource)] = document

    @property
    def pipeline(self) -> Any:
        return self.of("dev", "pipeline")["pipeline"]

    @property
    def deploy(self) -> Any:
        return self.pipeline["stages"][-1]["actions"][0]

    @property
    def key(self) -> str:
        return str(self.pipeline["artifactStore"]["encryptionKey"]["id"])

    def allow(self, account: str, role: str, *actions: str, on: str = "*", **more: Any) -> None:
        """Give a role an inline policy."""
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}
        self.of(account, "role", f"iam:role/{role}")["inline"]["added"] = _document(statement)

    def role(self, account: str, arn: str, service: str = "", *, trusting: str = "") -> None:
        """Make a role that a service or another role may become."""
        principal = {"Service": service} if service else {"AWS": trusting}
        trust = _document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})
        fields = {"arn": arn, "path": "/", "permissions_boundary": None, "attached": {}, "inline": {}}
        self.add(account, "role", f"iam:role/{arn.rpartition('/')[2]}", {**fields, "trust": trust})

    def action(self, name: str, category: str, provider: str, **more: Any) -> None:
        """Put an action between source and deployment."""
        kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
        action = {"name": name, "actionTypeId": kind, "configuration": {}, **more}
        self.pipeline["stages"].insert(1, {"name": "Middle", "actions": [action]})

    def narrow(self, resource: str) -> None:
        """Let every statement on the artifacts be on these alone."""
        for address, document in self.documents.items():
            if address.kind in ("role", "bucket-policy"):
                narrowed = json.dumps(document).replace(f'"{ARTIFACTS}/*"', f'"{resource}"')
                self.documents[address] = json.loads(narrowed)

    def only_from(self, action: str = "s3:*", **elsewhere: Any) -> None:
        """Let the artifact bucket deny what meets this condition."""
        where = [ARTIFACTS, f"{ARTIFACTS}/*"]
        deny = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": where, "Condition": elsewhere}
        self.of("dev", "bucket-policy", doc.ARTIFACTS)["policy"]["Statement"].append(deny)

    def only_for(self, objects: str) -> None:
        """Let the key be used for these objects alone."""
        other = {"StringNotLike": {"kms:EncryptionContext:aws:s3:arn": objects}}
        using = ["kms:Decrypt", "kms:GenerateDataKey"]
        deny = {"Effect": "Deny", "Principal": "*", "Action": using, "Resource": "*", "Condition": other}
        self.of("dev", "key-policy")["policy"]["Statement"].append(deny)

    def output_key(self, *granted: str) -> None:
        """Let the output bucket encrypt with a key of prod."""
        bucket = self.of("prod", "bucket-encryption")
        bucket.update(algorithm="aws:kms", key=KEY)
        root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{doc.PROD}:root"}, "Action": "kms:*"}
        made = {"arn": KEY, "state": "Enabled", "spec": "SYMMETRIC_DEFAULT", "usage": "ENCRYPT_DECRYPT"}
        self.add("prod", "key", f"kms:key/{KEY}", {**made, "manager": "CUSTOMER", "deletion": ""})
        self.add("prod", "key-policy", f"kms:key/{KEY}", {"policy": _document({**root, "Resource": "*"}), "key": KEY})
        if granted:
            self.allow("prod", "prods3role", *granted, on=KEY)


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.fixture(scope="module")
def kept() -> dict[str, Seen]:
    """What was read, once it was."""
    return {}


@pytest.fixture
def done(accounts: EmbeddedAccounts, work: Any, kept: dict[str, Seen]) -> Seen:
    """The finished article."""
    if not kept:
        SCENARIOS["done"](accounts)
        kept["done"] = Seen.by(work(extra=ASSUME))
    return kept["done"]


CASES: dict[str, tuple[Callable[[Edit], Any], dict[str, str]]] = {}
"""By name: what is changed, and the hops that do not pass then."""


def case(**expected: str) -> Callable[[Callable[[Edit], Any]], Callable[[Edit], Any]]:
    """Name a change and what comes of it; hops with ``_`` for ``-``."""

    def named(change: Callable[[Edit], Any]) -> Callable[[Edit], Any]:
        name = change.__name__.replace("_", " ")
        CASES[name] = (change, {hop.replace("_", "-"): end for hop, end in expected.items()})
        return change

    return named


@case(write_artifact="fail")
def the_key_is_named_by_its_alias(edit: Edit) -> None:
    edit.add("dev", "key", "kms:key/alias/s3deploykey", edit.of("dev", "key"))
    edit.pipeline["artifactStore"]["encryptionKey"]["id"] = "alias/s3deploykey"


@case(write_artifact="fail")
def no_key_is_named(edit: Edit) -> None:
    del edit.pipeline["artifactStore"]["encryptionKey"]


@case(write_artifact="fail")
def the_key_is_disabled(edit: Edit) -> None:
    edit.of("dev", "key")["state"] = "Disabled"


@case(read_source="fail")
def the_source_is_encrypted_with_a_key_of_its_own(edit: Edit) -> None:
    edit.of("dev", "bucket-encryption", doc.INPUT).update(algorithm="aws:kms", key=KEY)
    edit.add("prod", "key", f"kms:key/{KEY}", None)


@case(read_source="fail")
def the_source_is_in_another_region(edit: Edit) -> None:
    edit.of("dev", "bucket", doc.INPUT)["region"] = "eu-west-1"


@case()
def the_source_is_encrypted_with_the_artifact_key(edit: Edit) -> None:
    edit.of("dev", "bucket-encryption", doc.INPUT).update(algorithm="aws:kms", key=edit.key)


@case()
def the_source_is_encrypted_with_the_key_of_s3(edit: Edit) -> None:
    edit.of("dev", "bucket-encryption", doc.INPUT).update(algorithm="aws:kms")


@case(write_output="fail")
def the_output_has_a_key_of_its_own(edit: Edit) -> None:
    edit.output_key()


@case(write_output="fail")
def the_writer_may_not_decrypt_what_it_writes_in_parts(edit: Edit) -> None:
    edit.output_key("kms:GenerateDataKey")


@case()
def the_writer_may_use_the_key_of_the_output(edit: Edit) -> None:
    edit.output_key("kms:GenerateDataKey", "kms:Decrypt")


@case(write_output="unknown")
def who_may_use_the_key_of_the_output_is_not_known(edit: Edit) -> None:
    edit.output_key("kms:GenerateDataKey", "kms:Decrypt")
    edit.add("prod", "key-policy", f"kms:key/{KEY}", AwsError("prod", "kms:GetKeyPolicy", "AccessDenied", "no"))


@case(own_output="fail")
def a_public_acl_on_a_bucket_without_acls(edit: Edit) -> None:
    edit.deploy["configuration"]["CannedACL"] = "public-read"


@case(own_output="unknown")
def a_public_acl_where_the_account_could_not_be_read(edit: Edit) -> None:
    edit.deploy["configuration"]["CannedACL"] = "public-read"
    edit.of("prod", "bucket-ownership")["ownership"] = "ObjectWriter"
    edit.of("prod", "bucket-public-access").update(BlockPublicAcls=False)


@case(write_output="fail")
def an_acl_that_may_not_be_set(edit: Edit) -> None:
    edit.deploy["configuration"]["CannedACL"] = "bucket-owner-full-control"
    for address in [each for each in edit.documents if (each.account, each.kind) == ("prod", "role-policy")]:
        for statement in edit.documents[address]["document"]["Statement"]:
            if statement["Action"] == ["s3:Put*"]:
                statement["Action"] = ["s3:PutObject"]


@case(assume_deploy_role="fail", own_output="fail")
def nobody_acts_in_prod_and_the_bucket_leaves_objects_to_their_writers(edit: Edit) -> None:
    del edit.deploy["roleArn"]
    edit.of("prod", "bucket-ownership")["ownership"] = "ObjectWriter"


@case(replicate_artifact="fail", write_output="fail")
def the_action_is_in_a_region_without_a_store(edit: Edit) -> None:
    edit.deploy["region"] = "eu-west-1"


@case(start="fail")
def the_role_of_the_rule_may_not_start_the_pipeline(edit: Edit) -> None:
    edit.of("dev", "role", "cwe-role")["attached"] = {}


@case()
def the_pipeline_polls_instead(edit: Edit) -> None:
    edit.of("dev", "trigger").update(rules={}, poll=True)


@case(action_Middle_Build="fail")
def a_build_encrypts_with_another_key(edit: Edit) -> None:
    a_build_in_between(edit)
    edit.of("dev", "codebuild-project")["key"] = ""


@case()
def a_build_in_between(edit: Edit) -> None:
    edit.action(
        "Build",
        "Build",
        "CodeBuild",
        configuration={"ProjectName": "site"},
        inputArtifacts=[{"name": "SourceArtifact"}],
        outputArtifacts=[{"name": "Built"}],
    )
    edit.add("dev", "codebuild-project", "codebuild:project/site", {"role": BUILD_ROLE, "key": edit.key})
    edit.role("dev", BUILD_ROLE, "codebuild.amazonaws.com")
    edit.allow("dev", "build", "s3:*", "kms:*")


@case(action_Middle_Build="fail")
def a_build_that_may_not_use_the_key(edit: Edit) -> None:
    a_build_in_between(edit)
    edit.allow("dev", "build", "s3:*")


@case(action_Middle_Stack="fail")
def an_action_as_a_role_that_does_not_exist(edit: Edit) -> None:
    arn = f"arn:aws:iam::{doc.PROD}:role/stack"
    edit.action("Stack", "Deploy", "CloudFormation", roleArn=arn, inputArtifacts=[{"name": "SourceArtifact"}])
    edit.add("prod", "role", "iam:role/stack", None)


@case(action_Middle_Stack="fail")
def an_action_as_a_role_of_an_account_that_dev_shares_nothing_with(edit: Edit) -> None:
    arn = "arn:aws:iam::333333333333:role/stack"
    edit.action("Stack", "Deploy", "CloudFormation", roleArn=arn, inputArtifacts=[{"name": "SourceArtifact"}])


@case(read_artifact="fail", decrypt_artifact="fail")
def the_role_is_bounded(edit: Edit) -> None:
    role = edit.of("prod", "role", "prods3role")
    role["permissions_boundary"] = f"arn:aws:iam::{doc.PROD}:policy/own"
    bound = _document({"Effect": "Allow", "Action": "s3:*", "Resource": f"arn:aws:s3:::{doc.OUTPUT}/*"})
    edit.add("prod", "managed-policy", f"iam:policy/{role['permissions_boundary']}", {"document": bound})


@case(read_artifact="unknown", decrypt_artifact="unknown", write_output="unknown")
def what_bounds_the_role_is_not_known(edit: Edit) -> None:
    edit.of("prod", "role", "prods3role")["permissions_boundary"] = f"arn:aws:iam::{doc.PROD}:policy/own"


@case(write_artifact="fail", decrypt_artifact="fail")
def the_key_wants_objects_and_the_bucket_has_bucket_keys(edit: Edit) -> None:
    edit.of("dev", "bucket-encryption", doc.ARTIFACTS).update(bucket_key=True)
    only = {"StringNotLike": {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{doc.ARTIFACTS}/*"}}
    deny = {"Effect": "Deny", "Principal": "*", "Action": ["kms:Decrypt"], "Resource": "*", "Condition": only}
    edit.of("dev", "key-policy")["policy"]["Statement"].append(deny)


@case()
def the_artifacts_are_narrowed_to_the_pipeline(edit: Edit) -> None:
    edit.narrow(f"{ARTIFACTS}/{doc.PIPELINE}/*")


@case(read_artifact="unknown")
def the_artifacts_are_narrowed_to_something_else(edit: Edit) -> None:
    edit.narrow(f"{ARTIFACTS}/website/*")


@case(read_artifact="fail")
def the_artifacts_are_narrowed_to_another_bucket(edit: Edit) -> None:
    edit.narrow(f"{ARTIFACTS}-2/{doc.PIPELINE}/*")


@case(write_artifact="unknown")
def writing_under_the_name_of_the_pipeline_is_denied(edit: Edit) -> None:
    where = f"{ARTIFACTS}/{doc.PIPELINE}/*"
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": where}
    edit.of("dev", "bucket-policy", doc.ARTIFACTS)["policy"]["Statement"].append(deny)


@case()
def the_key_is_kept_to_the_artifacts_of_the_pipeline(edit: Edit) -> None:
    edit.only_for(f"{ARTIFACTS}/{doc.PIPELINE}/*")


@case(write_artifact="unknown", decrypt_artifact="unknown")
def the_key_is_kept_to_other_artifacts(edit: Edit) -> None:
    edit.only_for(f"{ARTIFACTS}/website/*")


@case(assume_deploy_role="fail")
def the_trust_wants_an_external_id(edit: Edit) -> None:
    for kind in ("role", "trust-policy"):
        trust = edit.of("prod", kind, "prods3role")
        statement = (trust.get("trust") or trust["policy"])["Statement"][0]
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": "x"}}


@case(write_output="unknown", own_output="unknown")
def which_bucket_is_written_to_is_a_variable(edit: Edit) -> None:
    edit.deploy["configuration"]["BucketName"] = "site-#{variables.release}"


@case()
def where_in_the_bucket_is_a_variable(edit: Edit) -> None:
    edit.deploy["configuration"]["ObjectKey"] = "releases/#{variables.release}"


@case(read_source="fail")
def the_source_is_read_as_a_role_that_may_not_write_the_artifact(edit: Edit) -> None:
    arn = f"arn:aws:iam::{doc.PROD}:role/reader"
    edit.pipeline["stages"][0]["actions"][0]["roleArn"] = arn
    edit.role("prod", arn, trusting=f"arn:aws:iam::{doc.DEV}:root")


@case(write_output="unknown")
def the_output_bucket_wants_an_address_of_its_own(edit: Edit) -> None:
    elsewhere = {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{doc.OUTPUT}/*"}
    edit.of("prod", "bucket-policy", doc.OUTPUT)["policy"] = _document({**deny, "Condition": elsewhere})


@case(write_artifact="fail", read_artifact="fail", action_Middle_Build="unknown")
def the_artifacts_are_for_an_endpoint_of_dev(edit: Edit) -> None:
    a_build_in_between(edit)
    edit.only_from(StringNotEqualsIfExists={"aws:SourceVpce": "vpce-1a2b3c4d"})


@case(write_artifact="unknown")
def the_artifacts_have_to_be_given_to_the_owner_of_the_bucket(edit: Edit) -> None:
    edit.only_from("s3:PutObject", StringNotEqualsIfExists={"s3:x-amz-acl": "bucket-owner-full-control"})


@case()
def the_artifacts_are_not_for_one_network_of_dev(edit: Edit) -> None:
    edit.only_from(StringEquals={"aws:SourceVpc": "vpc-1a2b3c4d"})


@case(write_artifact="unknown", read_artifact="unknown")
def the_artifacts_are_for_any_endpoint(edit: Edit) -> None:
    edit.only_from(Null={"aws:SourceVpce": "true"})


@case(write_artifact="unknown", read_artifact="unknown")
def the_artifacts_are_for_whatever_is_named_as_an_endpoint(edit: Edit) -> None:
    edit.only_from(StringNotLike={"aws:SourceVpce": "vpce-*"})


@pytest.mark.parametrize("name", CASES)
def test_what_is_changed_shows_where_it_matters(done: Seen, name: str) -> None:
    change, expected = CASES[name]
    edit = Edit(deepcopy(dict(done.live.documents)))
    change(edit)
    proof = done.having(edit.documents).prove()

    found = verdicts(proof)
    wanted = {hop: end for hop, end in expected.items() if end != "pass"}
    assert found == wanted, open_steps(proof)


def test_a_long_name_is_cut_where_the_artifacts_are(done: Seen) -> None:
    long = done.config.deployments["website"].model_copy(update={"pipeline": "a-pipeline-with-a-long-name"})
    world = World(done.config, {})
    assert Scene(world, route(world, long)).artifacts == "a-pipeline-with-a-lo/*"
