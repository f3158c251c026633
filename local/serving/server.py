"""Runs online deployments and passes requests on to them."""

import logging
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from threading import Lock

import urllib3

from local.arm.data_planes import Blobs, DeploymentFailed, DeploymentSpec
from local.errors import LocalError
from local.paths import Paths
from local.serving.deployment import Deployment

READY_LIMIT_SECONDS = 300.0
"""How long a model may take to load: about what Azure's default readiness probe gives it (30 times 10 s)."""

REQUEST_LIMIT_SECONDS = 180.0
"""The longest `requestTimeout` of a managed online deployment."""

_HOP_BY_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-connection"}
_NOT_FORWARDED = _HOP_BY_HOP | {"host", "content-length", "authorization", "expect"}
"""A model never sees the key or the token of its caller."""

_logger = logging.getLogger(__name__)

Key = tuple[str, str]


class Server:
    """The deployments of this checkout, each a process on loopback that ends with this one."""

    def __init__(self, paths: Paths, blobs: Blobs, *, ready_limit_seconds: float = READY_LIMIT_SECONDS) -> None:
        """Describe the server; nothing is started, and the files that a killed endpoint left are removed.

        blobs: where models and code are fetched from.
        ready_limit_seconds: how long a deployment may take until its readiness probe answers.
        """
        self._folder = paths.home / "serving"
        self._logs = paths.log
        self._blobs = blobs
        self._ready_limit_seconds = ready_limit_seconds
        self._running: dict[Key, Deployment] = {}
        self._locks: dict[Key, Lock] = {}
        shutil.rmtree(self._folder, ignore_errors=True)

    def deploy(self, spec: DeploymentSpec) -> None:
        """Run `spec`; returns when its readiness probe answers, raises DeploymentFailed if it never does.

        One that runs already is left alone if nothing changed, else it answers until the new one is ready.
        """
        key = (spec.endpoint, spec.deployment)
        with self._lock(key):
            current = self._running.get(key)
            if current and current.alive and current.spec == spec:
                return
            self._running[key] = self._start(spec)
            if current:
                current.stop()

    def remove(self, endpoint: str, deployment: str) -> None:
        """End a deployment; returns when its process is gone. Nothing happens if it does not run."""
        with self._lock((endpoint, deployment)):
            current = self._running.pop((endpoint, deployment), None)
            if current:
                current.stop()

    def stop_all(self) -> None:
        """End every deployment."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda key: self.remove(*key), list(self._running)))

    def score(
        self, endpoint: str, deployment: str, path: str, method: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the deployment's own answer to a request.

        path: of the inference server: `/score`, `/swagger.json` or `/`, with the query if there is one.
        A process that was killed is started again first. Without an answer the status is 503 (does not run), 502 (broke
        off) or 408 (took too long).
        """
        current = self._running.get((endpoint, deployment))
        if current is None:
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE, f'deployment "{deployment}" is not running')
        if not current.alive:
            try:
                self.deploy(current.spec)
            except DeploymentFailed as error:
                return _refusal(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
            current = self._running[endpoint, deployment]
        forwarded = {name: value for name, value in headers.items() if name.lower() not in _NOT_FORWARDED}
        try:
            answer = current.request(method, path, forwarded, body, REQUEST_LIMIT_SECONDS)
        except urllib3.exceptions.ReadTimeoutError:
            return _refusal(HTTPStatus.REQUEST_TIMEOUT, f"no answer within {REQUEST_LIMIT_SECONDS:.0f} s")
        except urllib3.exceptions.HTTPError:
            return _refusal(HTTPStatus.BAD_GATEWAY, f'deployment "{deployment}" broke off; its log says why')
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP}
        return answer.status, kept, answer.data

    def _lock(self, key: Key) -> Lock:
        return self._locks.setdefault(key, Lock())

    def _start(self, spec: DeploymentSpec) -> Deployment:
        log = self._logs / f"deployment-{spec.endpoint}-{spec.deployment}.log"
        try:
            deployment = Deployment(spec, self._blobs, self._folder, log)
        except LocalError as error:
            raise DeploymentFailed(str(error)) from error
        try:
            deployment.wait_until_ready(self._ready_limit_seconds)
        except LocalError as error:
            deployment.stop()
            message = f'deployment "{spec.deployment}" of endpoint "{spec.endpoint}" {error}'
            raise DeploymentFailed(message) from error
        _logger.info("deployment %s of endpoint %s runs as process %d", spec.deployment, spec.endpoint, deployment.pid)
        return deployment


def _refusal(status: HTTPStatus, message: str) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "text/plain; charset=utf-8"}, message.encode()
