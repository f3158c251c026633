"""The Pulumi CLI as a child process: its output goes to the terminal as it comes, its known errors as one sentence."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import IO

from ops.console import say
from ops.errors import OpsError
from ops.messages import explain
from ops.target import ROOT, Target

POLICY_PACKS = ("policies/security", "policies/cost")
"""Folders of the packs that every preview and every update must pass."""

RELAY_LIMIT_SECONDS = 2.0

INTERRUPTED = 128
"""Added to a signal's number: the exit code of a process that it ended, as a shell reports it."""


class Engine:
    """The engine, on one stack of one project."""

    def __init__(self, target: Target) -> None:
        self.target = target
        """Whose stack it works on."""

    def stream(self, *arguments: str) -> int:
        """Run a command on the terminal and return its exit code.

        Standard output is the terminal's, so that progress is drawn as without us. Errors that we know are printed as
        one sentence in place of the engine's own lines, all others as they are.
        """
        errors: list[str] = []
        process = self._started(arguments, stdout=None)
        assert process.stderr is not None
        relay = threading.Thread(target=_relay, args=(process.stderr, errors), daemon=True)
        with _signals_to(process):
            relay.start()
            code = _exit_code(process)
        # A plugin that outlives an engine that was killed keeps the pipe open; we do not wait for it.
        relay.join(RELAY_LIMIT_SECONDS)
        if errors:
            say(self.explained("".join(errors)))
        return code

    def policed(self, *arguments: str) -> int:
        """As `stream`, with both policy packs."""
        packs = [flag for pack in POLICY_PACKS for flag in ("--policy-pack", str(ROOT / pack))]
        return self.stream(*arguments, *packs)

    def succeed(self, *arguments: str) -> None:
        """As `stream`; raises OpsError when the command fails."""
        code = self.stream(*arguments)
        if code:
            message = f"`pulumi {arguments[0]}` ended with code {code}; nothing more was done"
            raise OpsError(message)

    def read(self, *arguments: str) -> str:
        """What a command prints; raises OpsError with its error."""
        result = self.attempt(*arguments)
        if result.returncode:
            raise OpsError(self.explained(result.stderr))
        return result.stdout

    def attempt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command and capture all it prints."""
        with self._started(arguments, stdout=subprocess.PIPE) as process, _signals_to(process):
            output, errors = process.communicate()
        return subprocess.CompletedProcess(arguments, _exit_code(process), output, errors)

    def _started(self, arguments: tuple[str, ...], stdout: int | None) -> subprocess.Popen[str]:
        command = ["pulumi", "-C", str(self.target.project), *arguments, "--stack", self.target.stack]
        if stdout or not (sys.stdin.isatty() and sys.stdout.isatty()):
            command.append("--non-interactive")
        # Opens the engine's flag --event-log, as Pulumi's Automation API does.
        environment = {**self.target.environment, "PULUMI_DEBUG_COMMANDS": "true"}
        try:
            return subprocess.Popen(
                command, env=environment, stdout=stdout, stderr=subprocess.PIPE, text=True, bufsize=1
            )
        except FileNotFoundError as error:
            message = "there is no `pulumi` on PATH; `make up` obtains it, or see https://www.pulumi.com/docs/install/"
            raise OpsError(message) from error

    def explained(self, errors: str) -> str:
        """The one sentence for errors that are known, the engine's own lines for others."""
        return explain(errors, self.target) or errors.strip()


def _relay(source: IO[str], errors: list[str]) -> None:
    """Pass lines on as they come, but keep the first error and all that follows it."""
    for line in source:
        if errors or line.startswith("error:"):
            errors.append(line)
        else:
            sys.stderr.write(line)


@contextmanager
def _signals_to(process: subprocess.Popen[str]) -> Iterator[None]:
    """Let the engine decide what an interruption means.

    The terminal sends Ctrl-C to the engine as well, so ours is only not to die of it; a termination reaches us alone
    and is passed on.
    """

    def ignore(_number: int, _frame: FrameType | None) -> None:
        """Do nothing; unlike SIG_IGN a handler is not inherited by the child."""

    def pass_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, ignore),
        signal.SIGTERM: signal.signal(signal.SIGTERM, pass_on),
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _exit_code(process: subprocess.Popen[str]) -> int:
    code = process.wait()
    return code if code >= 0 else INTERRUPTED - code
