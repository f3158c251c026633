"""The host's child processes: started, listened to and, when the host goes, ended."""

import os
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from local.engine.host.environments import Environment

_ENTRY_POINT = Path(__file__).with_name("child.py")
_GRACE_SECONDS = 1.0
_CHUNK_BYTES = 65536


class Children:
    """All living children of this process."""

    def __init__(self) -> None:
        self._living: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()

    def command(self, environment: Environment, kind: str, *arguments: str) -> list[str]:
        """The command for a child that runs someone's code; `kind` as in `runners`."""
        return [str(environment.python), "-u", str(_ENTRY_POINT), kind, str(os.getpid()), *arguments]

    def start(
        self, command: Sequence[str], folder: str, variables: Mapping[str, str], *, piped: bool
    ) -> subprocess.Popen[bytes]:
        """Start a command that has nothing to read; unless `piped`, its output is this process's own.

        It leads a process group of its own: the engine ends this host by a signal to the host's group, and the host
        then ends its children with one that even a Python that is just starting takes without a word.
        """
        output = subprocess.PIPE if piped else None
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
        )
        with self._lock:
            self._living.add(process)
        return process

    def wait(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for a child and return its exit status, negative for a signal."""
        status = process.wait()
        with self._lock:
            self._living.discard(process)
        return status

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """End a child and what it has started: asked first, killed after a moment."""
        _signal(process, signal.SIGTERM)
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            _signal(process, signal.SIGKILL)

    def end_all(self) -> None:
        """End all, as `end` does with one."""
        for process in self._all():
            _signal(process, signal.SIGTERM)
        for process in self._all():
            self.end(process)

    def _all(self) -> list[subprocess.Popen[bytes]]:
        with self._lock:
            return list(self._living)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a child's group, unless the child has ended: its number may be another's by now."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)


def output_of(process: subprocess.Popen[bytes]) -> Iterator[tuple[str, bytes]]:
    """What a piped child prints, as it prints it: pairs of "stdout" or "stderr" and some bytes."""
    chunks: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()

    def pump(name: str, pipe: IO[bytes]) -> None:
        while chunk := os.read(pipe.fileno(), _CHUNK_BYTES):
            chunks.put((name, chunk))
        chunks.put((name, b""))

    pipes = [
        (name, pipe) for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr)) if pipe is not None
    ]
    for name, pipe in pipes:
        threading.Thread(target=pump, args=(name, pipe), daemon=True).start()
    remaining = len(pipes)
    while remaining:
        name, chunk = chunks.get()
        if chunk:
            yield name, chunk
        else:
            remaining -= 1
