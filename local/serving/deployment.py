"""One online deployment: its files and its process."""

import os
import shutil
import socket
import tempfile
from pathlib import Path

import urllib3

from local.arm.data_planes import Blobs, DeploymentFailed, DeploymentSpec
from local.child import Child
from local.serving.environment import build_environment

HOST = "127.0.0.1"
PROBE_TIMEOUT_SECONDS = 2.0
CONNECTIONS = 16

_SETTINGS = Path(__file__).with_name("gunicorn_settings.py")
_APPLICATION = "azureml_inference_server_http.server.entry:app"
_INHERITED = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH")
"""What the process sees of the endpoint's environment; everything else there is not its business."""


class Deployment:
    """A model behind Microsoft's inference server, in a process and a folder of its own."""

    def __init__(self, spec: DeploymentSpec, blobs: Blobs, folder: Path, log: Path) -> None:
        """Fetch model and code, build the environment and start the process.

        folder: where a folder for this process is made; it goes with the process.
        log: file that the process prints to.
        """
        self.spec = spec
        python = build_environment(spec.environment_file)
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(dir=folder))
        try:
            self._child = self._start(python, blobs, log)
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

    def wait_until_ready(self, limit_seconds: float) -> None:
        """Return when the readiness probe answers; raises ChildError when the process ends before, or at the limit."""
        self._child.wait_until(self._is_ready, limit_seconds)

    def request(
        self, method: str, path: str, headers: dict[str, str], body: bytes, timeout: float
    ) -> urllib3.BaseHTTPResponse:
        """The server's answer to one request; raises urllib3's errors."""
        return self._pool.urlopen(
            method,
            path,
            body,
            headers,
            timeout=timeout,
            retries=False,
            redirect=False,
            decode_content=False,
        )

    def stop(self) -> None:
        """End the process when it has answered what it is working on, and remove its files."""
        self._child.stop()
        self._pool.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, python: Path, blobs: Blobs, log: Path) -> Child:
        # As on Azure: the inference server reads the name and the version of a model off the end of its folder's path.
        model, code = self._folder / "azureml-models" / self.spec.endpoint / "1", self._folder / "code"
        for url, target in ((self.spec.model_url, model), (self.spec.code_url, code)):
            target.mkdir(parents=True)
            blobs.download(url, target)
        self._check_script(code)
        with socket.create_server((HOST, 0)) as listener:
            self._pool = urllib3.HTTPConnectionPool(HOST, listener.getsockname()[1], maxsize=CONNECTIONS)
            return Child(
                [python, "-m", "gunicorn", "--config", _SETTINGS, "--bind", f"fd://{listener.fileno()}", _APPLICATION],
                environment=self._environment(python, model, code),
                cwd=code,
                log=log,
                inherit=[listener.fileno()],
            )

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

    def _is_ready(self) -> bool:
        try:
            return self.request("GET", "/", {}, b"", PROBE_TIMEOUT_SECONDS).status == 200
        except urllib3.exceptions.HTTPError:
            return False
