"""Runs online deployments and passes requests on to them."""

import logging
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from threading import Lock

import urllib3

from local.arm.data_planes import Blobs, DeploymentFailed, DeploymentSpec, NotAnswered, NotRunning
from local.child import ChildError
from local.paths import Paths
from local.serving.containers import Logs
from local.serving.deployment import Deployment
from local.serving.pending import Closed, Full

_HOP_BY_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-connection"}
_NOT_FORWARDED = _HOP_BY_HOP | {"host", "content-length", "authorization", "expect"}
"""A model never sees the key or the token of its caller."""
PLAIN_TEXT = "text/plain; charset=utf-8"

_logger = logging.getLogger(__name__)

Key = tuple[str, str]


class Server:
    """The deployments of this checkout, each a process on loopback that ends with this one."""

    def __init__(self, paths: Paths, blobs: Blobs) -> None:
        """Describe the server; nothing is started, and the files that a killed endpoint left are removed.

        blobs: where models and code are fetched from.
        """
        self._folder = paths.home / "serving"
        self._logs = paths.log
        self._blobs = blobs
        self._running: dict[Key, Deployment] = {}
        self._locks: dict[Key, Lock] = {}
        shutil.rmtree(self._folder, ignore_errors=True)

    def deploy(self, spec: DeploymentSpec) -> None:
        """Run `spec`; returns when its readiness probe succeeds, raises DeploymentFailed if it never does.

        One that runs already keeps its process if nothing but its limits changed, else it answers until the new one is
        ready, and ends when it has answered what it took.
        """
        key = (spec.endpoint, spec.deployment)
        with self._lock(key):
            current = self._running.get(key)
            if current and current.runs(spec):
                if current.spec != spec:
                    current.spec = spec
                    self._watch(key, current)
                return
            self._running[key] = self._start(spec)
            if current:
                current.stop()

    def remove(self, endpoint: str, deployment: str) -> None:
        """End a deployment when it has answered what it took; returns when its process and its logs are gone.

        Nothing happens if it does not run.
        """
        self._stop((endpoint, deployment))
        Logs(self._logs, endpoint, deployment).remove()

    def stop_all(self) -> None:
        """End every deployment."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(self._stop, list(self._running)))

    def score(
        self, endpoint: str, deployment: str, path: str, method: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the model's own answer to a request.

        path: of the inference server: `/score`, `/swagger.json` or `/`, with the query if there is one.
        A process that was killed is started again first; one that breaks off counts as a model that answers 502. Raises
        NotRunning, and NotAnswered when the deployment has too many requests already (429) or takes too long (408).
        """
        forwarded = {name: value for name, value in headers.items() if name.lower() not in _NOT_FORWARDED}
        while True:
            current = self._current((endpoint, deployment))
            try:
                answer = current.answer(method, path, forwarded, body)
                break
            except Closed:
                continue  # replaced or removed since it was looked up: the next look finds its successor, or none
            except Full as error:
                most = current.spec.limits.pending_requests
                message = f'deployment "{deployment}" is working on {most} requests, and takes no more at once'
                raise NotAnswered(HTTPStatus.TOO_MANY_REQUESTS, message) from error
            except urllib3.exceptions.ReadTimeoutError as error:
                message = f"no answer within {current.spec.limits.request_seconds:g} s"
                raise NotAnswered(HTTPStatus.REQUEST_TIMEOUT, message) from error
            except urllib3.exceptions.HTTPError:
                message = f'deployment "{deployment}" broke off; its log says why'
                return HTTPStatus.BAD_GATEWAY, {"Content-Type": PLAIN_TEXT}, message.encode()
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP}
        return answer.status, kept, answer.data

    def log(self, endpoint: str, deployment: str, container: str, lines: int) -> str:
        """The last lines of what a container of a deployment printed."""
        return Logs(self._logs, endpoint, deployment).end(container, lines)

    def _current(self, key: Key) -> Deployment:
        """What runs under a name, started again if it was killed; raises NotRunning."""
        current = self._running.get(key)
        if current is not None and not current.alive:
            try:
                self.deploy(current.spec)
            except DeploymentFailed as error:
                raise NotRunning(str(error)) from error
            current = self._running.get(key)
        if current is None:
            message = f'deployment "{key[1]}" is not running'
            raise NotRunning(message)
        return current

    def _lock(self, key: Key) -> Lock:
        return self._locks.setdefault(key, Lock())

    def _start(self, spec: DeploymentSpec) -> Deployment:
        logs = Logs(self._logs, spec.endpoint, spec.deployment)
        deployment = Deployment(spec, self._blobs, self._folder, logs)
        try:
            deployment.wait_until_ready()
        except ChildError as error:
            deployment.stop()
            message = f'deployment "{spec.deployment}" of endpoint "{spec.endpoint}" {error}'
            raise DeploymentFailed(message) from error
        _logger.info("deployment %s of endpoint %s runs as process %d", spec.deployment, spec.endpoint, deployment.pid)
        self._watch((spec.endpoint, spec.deployment), deployment)
        return deployment

    def _watch(self, key: Key, deployment: Deployment) -> None:
        deployment.watch(lambda: self._restart(key, deployment))

    def _restart(self, key: Key, hung: Deployment) -> None:
        """Put a new process in the place of one whose liveness probe failed."""
        with self._lock(key):
            if self._running.get(key) is not hung:
                return
            _logger.warning("deployment %s of endpoint %s does not answer its liveness probe", key[1], key[0])
            try:
                self._running[key] = self._start(hung.spec)
            except DeploymentFailed as error:
                _logger.warning("it cannot be started again: %s", error)
                return
            hung.stop()

    def _stop(self, key: Key) -> None:
        with self._lock(key):
            current = self._running.pop(key, None)
            if current:
                current.stop()
