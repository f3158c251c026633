"""The lock files by which the engine's own backends (a folder) keep two updates of one stack apart."""

import json
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ops import backend
from ops.console import say
from ops.engine import Engine
from ops.errors import OpsError
from ops.target import Target


@dataclass(frozen=True)
class Lock:
    """Who holds a stack."""

    process: int
    user: str
    host: str
    since: str

    @property
    def is_abandoned(self) -> bool:
        """Whether its process is known to be gone; of another machine's process nothing is known."""
        return self.host == socket.gethostname() and not _is_engine(self.process)


def release_abandoned(engine: Engine, target: Target) -> bool:
    """Free the stack if whoever locked it is dead, and tell so; raises OpsError when somebody works on it.

    Other backends than a folder report a lock themselves when the update begins.
    """
    locks = refuse_in_use(target)
    if locks:
        say(f"the last run of stack {target.stack} (process {locks[0].process}) was killed; its lock is taken off")
        engine.read("cancel", "--yes")
    return bool(locks)


def refuse_in_use(target: Target) -> list[Lock]:
    """The locks that dead runs left; raises OpsError when somebody works on the stack."""
    locks = list(_locks(target))
    for lock in locks:
        if not lock.is_abandoned:
            message = (
                f"stack {target.stack} is in use by {lock.user}@{lock.host} (process {lock.process}, since "
                f"{lock.since}); wait until it ends"
            )
            raise OpsError(message)
    return locks


def _locks(target: Target) -> Iterator[Lock]:
    folder = backend.folder(target)
    if folder is None:
        return
    for file in sorted((folder / "locks" / "organization" / target.project_name / target.stack).glob("*.json")):
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            yield Lock(content["pid"], content["username"], content["hostname"], content["timestamp"])
        except FileNotFoundError:
            continue
        except (ValueError, KeyError) as error:
            message = f"the lock file {file} is damaged; remove it if no run of stack {target.stack} is under way"
            raise OpsError(message) from error


def _is_engine(process: int) -> bool:
    """Whether the process lives and is the engine: its number may have gone to another since."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    name = Path(f"/proc/{process}/comm")
    return not name.exists() or name.read_text(encoding="utf-8").startswith("pulumi")
