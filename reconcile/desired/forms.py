"""The texts that AWS accepts: patterns and words for ids, names and ARNs.

Every pattern describes the whole text and means the same in Python and in ECMAScript, because the JSON Schema
carries it to editors. Sources: the API models of each service (``pattern``, ``min``, ``max``), and the user
guides where a rule stands only there, as for bucket names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError, core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

SLUGS = (
    "key",
    "key-alias",
    "key-admins",
    "key-sharing",
    "key-users",
    "service-role",
    "assume-policy",
    "input-bucket",
    "input-versioning",
    "artifact-bucket",
    "artifact-statements",
    "pipeline",
    "pipeline-key",
    "deploy-action-role",
    "trigger",
    "output-bucket",
    "output-access",
    "artifact-access",
    "deploy-role",
    "trust-policy",
)
"""What a change can be about: the second half of every change id."""


@dataclass(frozen=True, slots=True)
class Form:
    """Annotates a ``str`` field: the pattern of the whole text, and the same in words."""

    pattern: str
    words: str
    empty: bool = False
    """Whether ``""`` stands for "left out"."""

    @property
    def or_empty(self) -> Form:
        """The same form of a field that may be left out."""
        return replace(self, empty=True)

    def fits(self, text: str) -> bool:
        """Whether the text has this form."""
        return bool(re.fullmatch(self.pattern, text)) or (self.empty and not text)

    def check(self, value: object) -> str:
        """Return the text unchanged, or raise a pydantic error that holds the words."""
        if isinstance(value, str) and self.fits(value):
            return value
        words = self.words + (', or ""' if self.empty else "")
        raise PydanticCustomError("form", "{allowed}", {"allowed": words})

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(
        self, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^(?:{self.pattern}){'?' if self.empty else ''}$"}


class SlugGlob(Form):
    """A glob that matches at least one of :data:`SLUGS`: one that matches none protects nothing."""

    def fits(self, text: str) -> bool:
        """Whether any slug matches."""
        return any(fnmatchcase(slug, text) for slug in SLUGS)


_ARN = "arn:aws(?:-[a-z]+)*"
_IAM_NAME = "[A-Za-z0-9_+=,.@-]"
_PLAIN = r"[^\x00-\x1f\x7f]"
# IAM allows ! to ~ in paths. A wildcard, variable or quote would change the meaning of ARNs made from them.
_PATH = r"/(?:(?![^/]*[*?$\x22\\])[!-.0-~]+/)*"
_BUCKET = (
    r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!.*(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)"
    r"(?!(?:[0-9]+\.){3}[0-9]+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
)

NAME = Form(
    "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
    "a name of 1 to 64 letters, digits, '.', '_' or '-' that begins with a letter or digit",
)
ACCOUNT_ID = Form("[0-9]{12}", "12 digits in quotes")
REGION = Form("[a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2}", "an AWS region such as us-east-1")
PROFILE = Form(_PLAIN + "{1,256}", "the name of a profile of the AWS CLI")
EXTERNAL_ID = Form("[A-Za-z0-9_+=,.@:/-]{2,1224}", "2 to 1224 letters, digits or _+=,.@:/-")
MFA_SERIAL = Form("[A-Za-z0-9_+=/:,.@-]{9,256}", "the ARN or the serial number of an MFA device")
BUCKET = Form(
    _BUCKET,
    "a bucket name: 3 to 63 lower-case letters, digits, '.' and '-', not an IP address, no '..', no reserved"
    " prefix (xn--, sthree-, amzn-s3-demo-) or suffix (-s3alias, --ol-s3, .mrap, --x-s3, --table-s3)",
)
OBJECT_KEY = Form(_PLAIN + "{1,1000}", "an object key of 1 to 1000 characters")
CACHE_CONTROL = Form(_PLAIN + "{1,1000}", "a Cache-Control header such as max-age=3600")
PIPELINE = Form("[A-Za-z0-9.@_-]{1,100}", "1 to 100 letters, digits or .@-_")
ROLE_NAME = Form(_IAM_NAME + "{1,64}", "1 to 64 letters, digits or _+=,.@-")
POLICY_NAME = Form(_IAM_NAME + "{1,128}", "1 to 128 letters, digits or _+=,.@-")
PATH = Form(f"(?=.{{1,512}}$){_PATH}", "'/', or a path such as /service-role/ of up to 512 characters")
ROLE_ARN = Form(f"{_ARN}:iam::[0-9]{{12}}:role{_PATH}{_IAM_NAME}{{1,64}}", "arn:aws:iam::<account id>:role/<name>")
PRINCIPAL_ARN = Form(
    f"{_ARN}:iam::[0-9]{{12}}:(?:role|user){_PATH}{_IAM_NAME}{{1,64}}",
    "arn:aws:iam::<account id>:role/<name> or arn:aws:iam::<account id>:user/<name>",
)
POLICY_ARN = Form(
    f"{_ARN}:iam::(?:aws|[0-9]{{12}}):policy{_PATH}{_IAM_NAME}{{1,128}}",
    "arn:aws:iam::<account id>:policy/<name>, or the ARN of a policy managed by AWS",
)
KEY_ARN = Form(
    f"{_ARN}:kms:[a-z0-9-]+:[0-9]{{12}}:key/"
    "(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
    "a key ARN, arn:aws:kms:<region>:<account id>:key/<key id>, not one of an alias",
)
ALIAS = Form(
    "alias/(?!aws/)[A-Za-z0-9/_-]{1,250}",
    "alias/<name> of letters, digits, '/', '_' and '-', up to 256 characters, not alias/aws/<name>",
)
TAG_KEY = Form(
    r"(?![Aa][Ww][Ss]:)[^\x00-\x1f!-*,;<>?\[-^`{-\x7f]{1,128}",
    "1 to 128 letters, digits, spaces or _.:/=+-@, not beginning with aws:",
)
TAG_VALUE = Form(r"[^\x00-\x1f!-*,;<>?\[-^`{-\x7f]{0,256}", "up to 256 letters, digits, spaces or _.:/=+-@")
REPORT_ONLY = SlugGlob(r"[a-z*?\[\]!-]+", "a glob that matches one of " + ", ".join(SLUGS))
FILE = Form(_PLAIN + "{1,4096}", "the path of a file")
JOURNAL_URL = Form(
    rf"sqlite:///{_PLAIN}+|s3://[a-z0-9][a-z0-9.-]{{1,61}}[a-z0-9](?:/{_PLAIN}*)?|(?![a-z0-9+]+:/){_PLAIN}+",
    "the path of a file, sqlite:///<path> or s3://<bucket>/<prefix>",
)
