"""Whether an endpoint runs the code that there is now, and whether it may be started again."""

import hashlib
import json
import os
import socket
from pathlib import Path

from local.paths import Paths

_CODE = frozenset((".css", ".js", ".py", ".yaml"))


def fingerprint(root: Path) -> str:
    """A hash of what an endpoint is made of: this package, and the versions of what it imports. Takes milliseconds."""
    digest = hashlib.sha256()
    for file in sorted((root / "local").rglob("*")):
        if file.suffix in _CODE:
            digest.update(f"{file.relative_to(root)}\n".encode())
            digest.update(file.read_bytes())
    lock = root / "requirements.lock"
    digest.update(lock.read_bytes() if lock.exists() else b"")
    return digest.hexdigest()[:16]


def updating(paths: Paths) -> list[int]:
    """The processes of this machine that are changing a stack of this checkout."""
    locks = (paths.state / ".pulumi" / "locks").rglob("*.json")
    return sorted({pid for lock in locks if (pid := _owner(lock))})


def _owner(lock: Path) -> int | None:
    """The process that holds an engine's lock, None when it is gone."""
    try:
        held = json.loads(lock.read_text(encoding="utf-8"))
        if held["hostname"] != socket.gethostname():
            return None
        os.kill(held["pid"], 0)
    except (OSError, ValueError, KeyError):
        return None
    return int(held["pid"])
