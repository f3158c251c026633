"""Processes that the endpoint starts and that never outlive it."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

from local.errors import LocalError

OUTPUT_LINES_SHOWN = 25
OUTPUT_BYTES_READ = 1_000_000
POLL_SECONDS = 0.05


class ChildError(LocalError):
    """A process ended, or did not get ready in time; the message has the end of what it printed."""


def last_lines(log: Path, number: int, *, start: int = 0) -> list[str]:
    """The last lines of a log, of its last part if it is very long; raises OSError.

    start: where to begin, in bytes.
    """
    with log.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(start, end - OUTPUT_BYTES_READ))
        return file.read().decode(errors="replace").splitlines()[-number:]


class Child:
    """A process in a group of its own, with its output in a file.

    Its standard input is a pipe that only this process holds: when this process ends, however it ends, the child reads
    the end of its input. Every program started here ends itself then; that works on each system and survives `kill -9`.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        cwd: Path,
        log: Path,
        inherit: Sequence[int] = (),
    ) -> None:
        """Start `command`.

        environment: the whole of it; nothing is added.
        log: file that its output is added to.
        inherit: open file descriptors that the child keeps.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log
        with log.open("ab") as output:
            self._log_start = output.tell()
            self._process = subprocess.Popen(
                command,
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=inherit,
            )

    @property
    def pid(self) -> int:
        """Process id, and id of its group."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def send(self, line: str) -> None:
        """Write one line to its standard input."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise ChildError(self._describe("closed its input")) from error

    def wait_until(self, condition: Callable[[], bool], limit_seconds: float) -> None:
        """Return when `condition` holds; raises ChildError when the process ends before, or after the limit."""
        deadline = monotonic() + limit_seconds
        while not condition():
            if monotonic() > deadline:
                raise ChildError(self._describe(f"was not ready after {limit_seconds:.0f} s"))
            if self._ends_within(POLL_SECONDS):
                raise ChildError(self._describe(f"ended with code {self._process.returncode}"))

    def stop(self, limit_seconds: float = 10.0) -> None:
        """End the process, gently first, and what it started; returns when it is gone."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.terminate()
        self._ends_within(limit_seconds)
        with suppress(ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of ended processes
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def output_end(self) -> str:
        """The last lines that the process printed."""
        return "\n".join(f"  {line}" for line in last_lines(self._log, OUTPUT_LINES_SHOWN, start=self._log_start))

    def _ends_within(self, seconds: float) -> bool:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _describe(self, fate: str) -> str:
        return f"{fate}; the end of {self._log.name}:\n{self.output_end() or '  (nothing)'}"
