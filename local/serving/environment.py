"""Python environments for deployments, each built once from the pip part of a dependency file."""

import hashlib
import logging
import os
import platform
import sys
import sysconfig
from pathlib import Path

import yaml

from local import cache
from local.errors import LocalError

SERVER_PACKAGE = "azureml-inference-server-http"
"""Microsoft's inference server, which a dependency file has to name, for Azure as for here."""

_logger = logging.getLogger(__name__)


class EnvironmentBuildError(LocalError):
    """The environment cannot be built; the message has the reason and the end of pip's output."""


def build_environment(text: str) -> Path:
    """The Python interpreter of the environment that `text` describes, built on first use.

    text: a conda environment file with a pip part, or a pip requirements file. Of a conda file only the pip part is
    installed, on the Python that runs this: versions of Python and conda packages are for Azure.
    """
    requirements = pip_requirements(text)
    folder = cache.folder("serving", _key(requirements), lambda target: _build(target, requirements))
    if not any(folder.glob("lib/python*/site-packages/azureml_inference_server_http")):
        message = f"the dependency file does not install {SERVER_PACKAGE}; add it to the pip part"
        raise EnvironmentBuildError(message)
    return folder / "bin" / "python"


def pip_requirements(text: str) -> list[str]:
    """The lines for pip in a conda environment file or a pip requirements file."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError:
        document = None
    lines = _pip_part(document) if isinstance(document, dict) else text.splitlines()
    requirements = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    if not requirements:
        message = (
            "the dependency file names no package for pip; write a conda file with dependencies: [pip, {pip: [...]}] "
            f"or a requirements file, with {SERVER_PACKAGE} among the packages"
        )
        raise EnvironmentBuildError(message)
    return requirements


def _pip_part(document: dict[object, object]) -> list[str]:
    dependencies = document.get("dependencies")
    parts = [part for part in dependencies if isinstance(part, dict)] if isinstance(dependencies, list) else []
    return [str(line) for part in parts for line in part.get("pip") or []]


def _key(requirements: list[str]) -> str:
    """Names all that the content depends on: a base Python that moved or was replaced gives another key."""
    base = [sysconfig.get_platform(), platform.python_version(), sys.base_prefix]
    return hashlib.sha256("\n".join([*base, *requirements]).encode()).hexdigest()[:16]


def _build(folder: Path, requirements: list[str]) -> None:
    _logger.info("building a Python environment of %d packages and theirs: about a minute", len(requirements))
    listing = folder / "requirements.txt"
    listing.write_text("\n".join(requirements) + "\n", encoding="utf-8")
    python = folder / "bin" / "python"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        cache.run([sys.executable, "-m", "venv", folder], cwd=folder)
        pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        cache.run([*pip, "--requirement", listing], cwd=folder, environment=environment)
    except cache.BuildError as error:
        message = f"the environment of the deployment cannot be built: {error}"
        raise EnvironmentBuildError(message) from error
