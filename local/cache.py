"""What is expensive to make is made once per user and kept for every checkout."""

import fcntl
import logging
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from local.errors import LocalError

OUTPUT_LINES_SHOWN = 20

_COMPLETE = ".complete"
_logger = logging.getLogger(__name__)


class BuildError(LocalError):
    """A step of a build ended with an error; the message has the end of what it printed."""


def root() -> Path:
    """The folder of all that is kept, by the XDG base directory specification."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "azure-ml-platform"


def folder(what: str, key: str, build: Callable[[Path], None]) -> Path:
    """The folder that `build` fills, filled now unless it was before.

    what: kind of content, a folder name.
    key: names everything the content depends on, a version or a hash.

    Of several callers at once one builds and the others wait. It is built where it stays, because a virtual
    environment cannot be moved; a folder without the mark of completion is what a killed build left.
    """
    target = root() / what / key
    if finished(what, key) is None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.with_name(f"{key}.lock").open("a") as lock:
            _wait_for(lock.fileno(), target)
            if finished(what, key) is None:
                _build(target, build, lock.fileno())
    return target


def finished(what: str, key: str) -> Path | None:
    """The folder that `folder` gives for the same arguments, None as long as it would have to be filled."""
    target = root() / what / key
    return target if (target / _COMPLETE).exists() else None


def run(command: Sequence[str | Path], *, cwd: Path, environment: Mapping[str, str] | None = None) -> None:
    """Run one step of a build; raises BuildError with the end of its output.

    The step inherits the lock of the build: should this process be killed, nobody builds beside a step still running.
    """
    result = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        close_fds=False,
    )
    if result.returncode:
        end = "\n".join(f"  {line}" for line in result.stdout.splitlines()[-OUTPUT_LINES_SHOWN:])
        message = f"{Path(command[0]).name} ended with code {result.returncode}:\n{end}"
        raise BuildError(message)


def _wait_for(lock: int, target: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _logger.info("waiting for another process that is building %s", target)
        fcntl.flock(lock, fcntl.LOCK_EX)


def _build(target: Path, build: Callable[[Path], None], lock: int) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    os.set_inheritable(lock, True)
    started = time.monotonic()
    try:
        build(target)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    (target / _COMPLETE).touch()
    _logger.info("built %s in %.0f s", target, time.monotonic() - started)
