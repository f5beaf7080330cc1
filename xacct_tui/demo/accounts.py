"""The embedded accounts: ordinary boto3 in this process reaches them, and on loopback in a child, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from werkzeug.serving import WSGIRequestHandler, make_server

from xacct_tui.demo import direct
from xacct_tui.demo.call import Caller, Recorded
from xacct_tui.demo.faults import Faults
from xacct_tui.demo.gateway import Gateway
from xacct_tui.demo.lag import NO_LAG, Lag
from xacct_tui.demo.strict import mfa, state
from xacct_tui.demo.strict.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNTS = {"dev": "111111111111", "prod": "222222222222"}
ADMIN = "Admin"
"""The role behind each account's profile; it exists, so that key policies may name it."""
REGION = "us-east-1"


class EmbeddedAccounts:
    """AWS accounts in this process. A context manager; the server is gone when it ends.

    ``accounts`` are names and ids. Each name is a profile, a session of the role ``Admin``. ``lag`` may be replaced
    at any time. One at a time per process: moto's state is the process's.
    """

    def __init__(self, accounts: Mapping[str, str] = ACCOUNTS, lag: Lag = NO_LAG) -> None:
        self.accounts = dict(accounts)
        self.faults = Faults()
        self.calls: list[Recorded] = []
        self.world = World(self.accounts, lag)
        self._gateway = Gateway(self.world, self.faults, self.calls)
        self._directory = tempfile.TemporaryDirectory(prefix="embedded-accounts-")
        self._server = make_server("127.0.0.1", 0, self._gateway, threaded=True, request_handler=_Quiet)
        self._clients: dict[tuple[str, str, str], Any] = {}

    def __enter__(self) -> EmbeddedAccounts:
        threading.Thread(target=self._server.serve_forever, name="embedded-aws", daemon=True).start()
        direct.GATEWAYS[self._place] = self._gateway
        self._write_profiles()
        self.reset()
        return self

    def __exit__(self, *_: object) -> None:
        del direct.GATEWAYS[self._place]
        self._server.shutdown()
        self._server.server_close()
        for client in self._clients.values():
            client.close()
        self._directory.cleanup()
        _empty_moto()

    @property
    def endpoint(self) -> str:
        """The URL that all services answer at."""
        return f"http://{self._place}"

    @property
    def _place(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def lag(self) -> Lag:
        """How far reads lie behind writes."""
        return self.world.lag

    @lag.setter
    def lag(self, lag: Lag) -> None:
        self.world.lag = lag

    @contextmanager
    def settled(self) -> Iterator[None]:
        """No lag within: what is written is seen at once, and afterwards too."""
        lag, self.lag = self.lag, NO_LAG
        try:
            yield
        finally:
            self.lag = lag

    def environment(self, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """The variables that lead boto3 here, with those of ``base`` that do not lead elsewhere."""
        kept = {name: value for name, value in (base or {}).items() if not name.startswith("AWS_")}
        return kept | {
            "AWS_CONFIG_FILE": str(self._file("config")),
            "AWS_SHARED_CREDENTIALS_FILE": str(self._file("credentials")),
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }

    def client(self, account: str, service: str, region: str = REGION) -> Any:
        """A boto3 client of the account's administrator. It never repeats a call."""
        factory: Any = boto3.client  # the stubs know no service that comes as a variable
        key = (account, service, region)
        if key not in self._clients:
            self._clients[key] = factory(
                service,
                region_name=region,
                endpoint_url=self.endpoint,
                config=Config(retries={"total_max_attempts": 1}, proxies={}),
                **{f"aws_{name}": value for name, value in _credentials(account).items()},
            )
        return self._clients[key]

    def execution(
        self, pipeline: str, status: str, summary: str = "", account: str = "dev", region: str = REGION
    ) -> str:
        """Add an execution in this status (``InProgress``, ``Failed`` …), the newest of the pipeline; its id."""
        with self._gateway.lock:
            found = self.world.pipelines[self.accounts[account], region, pipeline]
            return found.start("StartPipelineExecution", status, summary).id

    def mfa_code(self, account: str, serial: str) -> str:
        """What the virtual MFA device shows at this moment."""
        with self._gateway.lock:
            device = state.mfa_device(self.accounts[account], serial)
            return mfa.code(device.base32_string_seed, time.time()) if device else ""

    def reset(self) -> None:
        """Empty accounts, no faults, no calls recorded. Profiles stay valid; clients are best had anew."""
        with self._gateway.lock:
            if any(bucket.region_name != REGION for bucket in state.buckets()):
                self._drop_s3_clients()
            _empty_moto()
            self.faults.clear()
            self.world.forget()
            for name in self.accounts:
                self._open(name)
        self.calls.clear()

    def _drop_s3_clients(self) -> None:
        """Botocore's S3 client remembers in which region a bucket was; the next one may be elsewhere."""
        for key in [key for key in self._clients if key[1] == "s3"]:
            self._clients.pop(key).close()

    def _open(self, name: str) -> None:
        account, credentials = self.accounts[name], _credentials(name)
        role = state.create_admin(account, ADMIN)
        caller = Caller(
            account=account,
            arn=f"arn:aws:sts::{account}:assumed-role/{ADMIN}/demo",
            role_arn=role.arn,
            user_id=f"{role.id}:demo",
        )
        self.world.sessions[credentials["access_key_id"]] = (credentials["session_token"], caller)

    def _file(self, name: str) -> Path:
        return Path(self._directory.name, name)

    def _write_profiles(self) -> None:
        config = "".join(f"[profile {name}]\nregion = {REGION}\n" for name in self.accounts)
        self._file("config").write_text(config)
        lines = [
            f"[{name}]\n" + "".join(f"aws_{key} = {value}\n" for key, value in _credentials(name).items())
            for name in self.accounts
        ]
        self._file("credentials").write_text("".join(lines))


def _empty_moto() -> None:
    BackendDict.reset()
    reset_model_data()


def _credentials(name: str) -> dict[str, str]:
    """Credentials that stay the same over resets; they open nothing but the embedded account."""
    digest = base64.b32encode(hashlib.sha256(name.encode()).digest()).decode()
    return {
        "access_key_id": f"ASIA{digest[:16]}",
        "secret_access_key": digest[16:56],
        "session_token": f"embedded-{digest[:24]}",
    }


class _Quiet(WSGIRequestHandler):
    """Says nothing about requests: the terminal belongs to the application."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  werkzeug's name
        """Keep quiet."""
