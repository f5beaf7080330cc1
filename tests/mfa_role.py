"""A role in prod that wants an MFA code, and a user of dev who has the device."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from xacct_tui.demo.accounts import EmbeddedAccounts

ROLE = "arn:aws:iam::222222222222:role/Operator"
SERIAL = "arn:aws:iam::111111111111:mfa/operator"
_USER = "arn:aws:iam::111111111111:user/operator"
_PROFILES = f"""
[profile prod-mfa]
role_arn = {ROLE}
source_profile = operator
mfa_serial = {SERIAL}
[profile operator]
aws_access_key_id = {{AccessKeyId}}
aws_secret_access_key = {{SecretAccessKey}}
"""


def make_mfa_role(accounts: EmbeddedAccounts, profiles: Path) -> None:
    """Make them, and write a file that has the profiles ``operator`` and ``prod-mfa`` beside the usual ones."""
    dev, prod = accounts.client("dev", "iam"), accounts.client("prod", "iam")
    dev.create_user(UserName="operator")
    key = dev.create_access_key(UserName="operator")["AccessKey"]
    dev.put_user_policy(UserName="operator", PolicyName="p", PolicyDocument=_statement(Resource=ROLE))
    dev.create_virtual_mfa_device(VirtualMFADeviceName="operator")
    dev.enable_mfa_device(
        UserName="operator", SerialNumber=SERIAL, AuthenticationCode1="123456", AuthenticationCode2="654321"
    )
    trust = _statement(Principal={"AWS": _USER}, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    prod.create_role(RoleName="Operator", AssumeRolePolicyDocument=trust)
    prod.attach_role_policy(RoleName="Operator", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    profiles.write_text(Path(accounts.environment()["AWS_CONFIG_FILE"]).read_text() + _PROFILES.format(**key))


def _statement(**parts: Any) -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", **parts}]}
    )
