"""One online deployment: its files, its process and the requests that this works on."""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import urllib3

from local.arm.data_planes import Blobs, DeploymentFailed, DeploymentSpec
from local.child import Child
from local.errors import LocalError
from local.serving.containers import Logs
from local.serving.environment import EnvironmentBuildError, build_environment
from local.serving.liveness import Watch
from local.serving.pending import Pending

HOST = "127.0.0.1"
CONNECTIONS = 16

_SETTINGS = Path(__file__).with_name("gunicorn_settings.py")
_APPLICATION = "azureml_inference_server_http.server.entry:app"
_INHERITED = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH")
"""What the process sees of the endpoint's environment; everything else there is not its business."""


class Deployment:
    """A model behind Microsoft's inference server, in a process and a folder of its own."""

    def __init__(self, spec: DeploymentSpec, blobs: Blobs, folder: Path, logs: Logs) -> None:
        """Fetch model and code, build the environment and start the process; raises DeploymentFailed.

        folder: where a folder for this process is made; it goes with the process.
        """
        self.spec = spec
        self._logs = logs
        self._pending = Pending()
        self._watch: Watch | None = None
        try:
            python = build_environment(spec.environment_file)
        except EnvironmentBuildError as error:
            raise DeploymentFailed(str(error), "ImageBuildFailure") from error
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(dir=folder))
        try:
            self._child = self._start(python, blobs)
        except BaseException:
            shutil.rmtree(self._folder)
            raise

    @property
    def pid(self) -> int:
        """Process id of the server."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._child.alive

    def runs(self, spec: DeploymentSpec) -> bool:
        """Whether the process is what a specification asks for, but for the limits that it is held to."""
        return self.alive and replace(spec, limits=self.spec.limits) == self.spec

    def wait_until_ready(self) -> None:
        """Return when the readiness probe succeeds; raises ChildError when it fails, or the process ends before."""
        probe = self.spec.limits.readiness
        successes = 0

        def is_ready() -> bool:
            nonlocal successes
            successes = successes + 1 if self._answers(probe.timeout_seconds) else 0
            return successes >= probe.success_threshold

        self._child.wait_until(is_ready, probe.initial_delay_seconds + probe.failure_threshold * probe.period_seconds)

    def watch(self, report: Callable[[], None]) -> None:
        """Probe from now on whether the process is alive; `report` is called each time that it seems not to be."""
        probe = self.spec.limits.liveness
        self._end_watch()
        self._watch = Watch(probe, lambda: self._answers(probe.timeout_seconds), report)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> urllib3.BaseHTTPResponse:
        """The server's answer to one request; raises Closed, Full and urllib3's errors."""
        with self._pending.one(self.spec.limits.pending_requests):
            return self._request(method, path, headers, body, self.spec.limits.request_seconds)

    def stop(self) -> None:
        """End the process when it has answered what it took, and remove its files."""
        self._end_watch()
        self._pending.close(self.spec.limits.request_seconds)
        self._child.stop()
        self._pool.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, python: Path, blobs: Blobs) -> Child:
        # As on Azure: the inference server reads the name and the version of a model off the end of its folder's path.
        model, code = self._folder / "azureml-models" / self.spec.endpoint / "1", self._folder / "code"
        self._fetch(blobs, "model", self.spec.model_url, model)
        self._fetch(blobs, "code", self.spec.code_url, code)
        self._check_script(code)
        with socket.create_server((HOST, 0)) as listener:
            self._pool = urllib3.HTTPConnectionPool(HOST, listener.getsockname()[1], maxsize=CONNECTIONS)
            return Child(
                [python, "-m", "gunicorn", "--config", _SETTINGS, "--bind", f"fd://{listener.fileno()}", _APPLICATION],
                environment=self._environment(python, model, code),
                cwd=code,
                log=self._logs.server,
                inherit=[listener.fileno()],
            )

    def _fetch(self, blobs: Blobs, what: str, url: str, target: Path) -> None:
        target.mkdir(parents=True)
        try:
            blobs.download(url, target)
        except LocalError as error:
            self._logs.fetched(f"{what} {url}: {error}")
            message = f'the {what} of deployment "{self.spec.deployment}" cannot be downloaded: {error}'
            raise DeploymentFailed(message, "BadArgument") from error
        files = [str(file.relative_to(target)) for file in sorted(target.rglob("*")) if file.is_file()]
        self._logs.fetched(f"{what} {url}: {', '.join(files) or 'no file'}")

    def _check_script(self, code: Path) -> None:
        if not (code / self.spec.scoring_script).is_file():
            files = ", ".join(sorted(str(file.relative_to(code)) for file in code.rglob("*") if file.is_file()))
            message = f'the code has no scoring script "{self.spec.scoring_script}"; it has {files or "no file"}'
            raise DeploymentFailed(message)

    def _environment(self, python: Path, model: Path, code: Path) -> dict[str, str]:
        """Of the process, as Azure sets it in the container of a deployment."""
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        return {
            **inherited,
            "PATH": f"{python.parent}{os.pathsep}{os.defpath}",
            "HOME": str(self._folder),
            "PYTHONUNBUFFERED": "1",
            **self.spec.environment_variables,
            "AML_APP_ROOT": str(code),
            "AZUREML_ENTRY_SCRIPT": self.spec.scoring_script,
            "AZUREML_MODEL_DIR": str(model),
        }

    def _answers(self, timeout_seconds: float) -> bool:
        """Whether a probe succeeds."""
        try:
            return self._request("GET", "/", {}, b"", timeout_seconds).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def _request(
        self, method: str, path: str, headers: dict[str, str], body: bytes, timeout_seconds: float
    ) -> urllib3.BaseHTTPResponse:
        return self._pool.urlopen(
            method,
            path,
            body,
            headers,
            timeout=timeout_seconds,
            retries=False,
            redirect=False,
            decode_content=False,
        )

    def _end_watch(self) -> None:
        if self._watch:
            self._watch.end()
