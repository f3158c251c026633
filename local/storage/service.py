"""The Azurite process: one for all accounts."""

import base64
import fcntl
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from local import ports
from local.child import Child
from local.paths import Paths
from local.storage import node
from local.storage.install import install

HOST = "127.0.0.1"
READY_LIMIT_SECONDS = 60.0

_LAUNCHER = Path(__file__).with_name("launch.js")


class Service:
    """Azurite's blob service over HTTPS. It keeps its port from start to start, as stored URLs name it.

    It ends with this process. Its data folder is locked for as long as a service uses it, so that a new one never opens
    it beside an old one that is still saving.
    """

    def __init__(self, paths: Paths, *, certificate: Path, key: Path, token_key: bytes) -> None:
        """Describe the service; nothing is started.

        certificate, key: PEM files of the server's certificate.
        token_key: the key (HS256) of the tokens that are let in.
        """
        self.port = 0
        """The port in use, 0 before the first start."""
        self._folder = paths.home / "blob"
        self._log = paths.log / "blob.log"
        self._certificate = certificate
        self._key = key
        self._token_key = base64.b64encode(token_key).decode()
        self._child: Child | None = None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._child is not None and self._child.alive

    def start(self) -> None:
        """Start the process; `configure` tells when it answers."""
        executable, modules = node.find().executable, install() / "node_modules"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.port = ports.keep(self._folder / "port", "the blob service")
            self._child = Child(
                [executable, _LAUNCHER, *self._options()],
                environment={"NODE_PATH": str(modules), "PATH": os.defpath},
                cwd=self._folder,
                log=self._log,
                inherit=[lock.fileno()],
            )

    def configure(self, accounts: Mapping[str, object], answers: Callable[[], bool]) -> None:
        """Let exactly `accounts` in; returns when `answers` holds, raises ChildError if the process ends instead.

        accounts: `keys` (two, base64) and `takesKeys` by name.
        """
        assert self._child is not None
        self._child.send(json.dumps({"tokenKey": self._token_key, "accounts": accounts}))
        self._child.wait_until(answers, READY_LIMIT_SECONDS)

    def stop(self) -> None:
        """Save and end."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    def _options(self) -> list[str]:
        return [
            *("--blobHost", HOST, "--blobPort", str(self.port), "--location", str(self._folder)),
            *("--cert", str(self._certificate), "--key", str(self._key), "--oauth", "basic"),
            *("--skipApiVersionCheck", "--disableProductStyleUrl", "--disableTelemetry", "--silent"),
        ]
