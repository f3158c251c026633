"""Locks between processes of one checkout. The kernel releases them when their holder dies, however it dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PROBE_SECONDS = 0.005
PROBE_LIMIT_SECONDS = 0.5
"""Whoever asks for the holder has the lock for an instant; only one that is held for longer has a holder."""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock `path`, waiting for whoever has it."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def held_for_life(path: Path) -> Iterator[bool]:
    """Take the lock `path` if it is free, and write this process's id into it; False if another holds it."""
    with path.open("a+") as file:
        if not _taken(file):
            yield False
            return
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield True


def _taken(file: IO[str]) -> bool:
    deadline = time.monotonic() + PROBE_LIMIT_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(PROBE_SECONDS)
        else:
            return True


def holder(path: Path) -> int | None:
    """The id of the process that holds `path` for life, None when nobody does (a text left by the dead counts not)."""
    try:
        file = path.open()
    except FileNotFoundError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read() or 0) or None
        return None
