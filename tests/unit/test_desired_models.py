"""What good files mean once read: defaults, names, ARNs; and the JSON Schema made of the models."""

import json
import subprocess
import sys
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from reconcile.desired import SLUGS, schema
from reconcile.toml import load, loads

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
BASE = (ROOT / "tests/cases/desired/base.toml").read_text()
PRESETS = sorted(CONFIG.glob("*.toml"))


@pytest.fixture(scope="module")
def config():
    return loads(BASE, "xacct.toml")


@pytest.fixture(scope="module")
def website(config):
    return config.deployments["website"]


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_presets_are_good(path):
    text = path.read_text()
    assert text.startswith("#:schema schema.json\n")
    Draft202012Validator(schema()).validate(tomllib.loads(text))
    assert load(path).sha256 == sha256(path.read_bytes()).hexdigest()


def test_the_schema_file_is_in_step():
    Draft202012Validator.check_schema(schema())
    expected = json.dumps(schema(), indent=2, sort_keys=True) + "\n"
    assert (CONFIG / "schema.json").read_text() == expected, "make schema"


def test_the_complete_preset_has_every_field():
    raw = tomllib.loads((CONFIG / "complete.toml").read_text())
    written = set(keys(raw)) | {key for account in raw["accounts"].values() for key in account}
    fields = {name for table in [schema(), *schema()["$defs"].values()] for name in table["properties"]}
    assert fields <= written


def keys(table):
    for key, value in table.items():
        yield key
        if isinstance(value, dict):
            yield from keys(value)


def test_every_field_is_described():
    tables = [schema(), *schema()["$defs"].values()]
    fields = [field for table in tables for field in table["properties"].values()]
    assert all(field["description"].endswith(".") for field in [*tables, *fields])


def test_defaults_are_the_articles(config, website):
    assert (website.name, website.pipeline_account, website.target_account) == ("website", "dev", "prod")
    assert config.pipeline_account(website).name == "dev"
    assert config.target_account(website).id == "222222222222"
    assert website.key.alias == "alias/s3deploykey"
    assert website.output.region == "us-east-1"
    assert website.pipeline_arn(config) == "arn:aws:codepipeline:us-east-1:111111111111:crossaccountdeploy"
    assert website.service_role_arn(config) == (
        "arn:aws:iam::111111111111:role/service-role/AWSCodePipelineServiceRole-us-east-1-crossaccountdeploy"
    )
    assert website.deploy_role_arn(config) == "arn:aws:iam::222222222222:role/prods3role"
    assert config.accounts["prod"].root_arn == "arn:aws:iam::222222222222:root"


def test_the_service_roles_name_is_cut_as_the_console_cuts_it():
    config = loads(BASE.replace('"crossaccountdeploy"', '"containers-workshop-pipeline"'), "xacct.toml")
    name = config.deployments["website"].service_role.name
    assert name == "AWSCodePipelineServiceRole-us-east-1-containers-workshop-pipelin"


@pytest.mark.parametrize(
    ("region", "partition"),
    [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("us-west-2", "aws")],
)
def test_partitions(region, partition):
    config = loads(BASE.replace("us-east-1", region), "xacct.toml")
    assert config.accounts["dev"].partition == partition
    assert config.deployments["website"].deploy_role_arn(config).startswith(f"arn:{partition}:iam::")


@pytest.mark.parametrize("start", ["\ufeff", "# \u65e5\u672c\u8a9e\n"], ids=["byte order mark", "Japanese"])
def test_what_editors_write(start):
    assert loads((start + BASE).replace("\n", "\r\n"), "xacct.toml").accounts["dev"].profile == "dev"


@pytest.mark.parametrize(
    "line",
    [
        'report_only = ["*"]',
        'report_only = ["key", "input-*", "[at]rust-policy"]',
        'key = { alias = "", arn = "arn:aws:kms:us-east-1:111111111111:key/mrk-1234abcd12ab34cd56ef1234567890ab" }',
        'key.users = ["arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_D_1a"]',
        'service_role.name = ""',
        'deploy_role.path = "/a/b~c/"',
        'tags = { "Kosten-Stelle" = "\u00dc 7/b" }',
        'missing = "report"',
    ],
)
def test_unusual_but_right(line):
    assert loads(BASE + line, "xacct.toml").deployments["website"].name == "website"


@pytest.mark.parametrize(
    "url", ["", "journal.db", "/var/lib/j.db", "sqlite:///j.db", "s3://bucket/prefix", "s3://bucket"]
)
def test_journals(url):
    assert loads(f'{BASE}\n[journal]\nurl = "{url}"', "xacct.toml").journal.url == url


def test_values_do_not_change(website):
    with pytest.raises(ValidationError):
        website.pipeline = "other"


def test_slugs_are_told_apart():
    assert len(set(SLUGS)) == len(SLUGS) == 20


def test_reading_needs_neither_aws_nor_the_editor():
    code = "import sys, reconcile.toml; print({'botocore', 'boto3', 'tomlkit'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "set()\n"
