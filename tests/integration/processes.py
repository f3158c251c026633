"""Finds the processes of one run, to end them the hard way."""

import os
import signal
from pathlib import Path

MARKS = {
    "endpoint": ("-m", "local", "serve"),
    "provider": ("-m", "local.provider"),
    "host": ("-m", "local.engine.host"),
    "engine": ("pulumi", "-C"),
}
"""What the command line of each kind of process contains."""


def find(kind: str, root: int) -> int | None:
    """The id of the first process of that kind below the process `root`."""
    mark = MARKS[kind]
    for process in _descendants(root):
        line = _command(process)
        if any(tuple(line[at : at + len(mark)]) == mark for at in range(len(line))):
            return process
    return None


def kill(process: int) -> None:
    """End one process without a chance to clean up."""
    os.kill(process, signal.SIGKILL)


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (parent := _parent(entry)) is not None:
            children.setdefault(parent, []).append(int(entry.name))
    found, left = [], [root]
    while left:
        below = children.get(left.pop(), [])
        found += below
        left += below
    return found


def _parent(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _command(process: int) -> list[str]:
    try:
        words = (Path("/proc") / str(process) / "cmdline").read_bytes().decode().split("\0")
    except OSError:
        return []
    return [Path(words[0]).name, *words[1:]] if words else []
