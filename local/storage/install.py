"""Puts Azurite, with every dependency at the version and hash that the lock file names, into the user's cache."""

import hashlib
import json
import logging
import shutil
from pathlib import Path

from local import cache
from local.storage import node

_HERE = Path(__file__).parent
_MANIFEST = _HERE / "package.json"
_LOCK = _HERE / "package-lock.json"

_logger = logging.getLogger(__name__)


def install() -> Path:
    """The folder that holds Azurite's `node_modules`, filled on first use; raises LocalError if it cannot be had."""
    version = json.loads(_MANIFEST.read_text(encoding="utf-8"))["dependencies"]["azurite"]
    digest = hashlib.sha256(_LOCK.read_bytes()).hexdigest()[:8]
    return cache.folder("azurite", f"{version}-{digest}", _install)


def _install(folder: Path) -> None:
    _logger.info("installing Azurite, the local blob service: about 190 MB, half a minute")
    runtime = node.find()
    for file in (_MANIFEST, _LOCK):
        shutil.copy(file, folder)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    try:
        cache.run([*runtime.npm, "ci", *options], cwd=folder, environment=runtime.environment)
    except cache.BuildError as error:
        message = f"Azurite, the local blob service, cannot be installed with npm: {error}"
        raise cache.BuildError(message) from error
