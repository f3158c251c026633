"""Starts and stops the endpoint, so that one checkout never has two of them and a dead one is never taken for alive."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from local import locks
from local.endpoint import Endpoint
from local.errors import LocalError
from local.paths import Paths, write_private
from local.renewal import fingerprint, updating

DAEMON = (sys.executable, "-m", "local", "serve")
"""The command that is the endpoint; it gets `--port`."""

POLL_SECONDS = 0.02
START_LIMIT_SECONDS = 60.0
STOP_LIMIT_SECONDS = 20.0
LOG_LINES_SHOWN = 20

Report = Callable[[str], None]


def running(paths: Paths) -> Endpoint | None:
    """The endpoint of this checkout if it answers."""
    if locks.holder(paths.endpoint_lock) is None:
        return None
    endpoint = Endpoint.read(paths)
    return endpoint if endpoint and endpoint.answers() else None


def required(paths: Paths) -> Endpoint:
    """The endpoint of this checkout; raises LocalError if none answers."""
    endpoint = running(paths)
    if endpoint is None:
        message = "no endpoint runs in this checkout; `python -m local start` starts one"
        raise LocalError(message)
    return endpoint


def start(paths: Paths, report: Report, port: int | None = None) -> Endpoint:
    """The endpoint of this checkout, started if none answers, and started again if it runs older code.

    port: the port it has to listen on; by default the one it had before, else one that is free.
    """
    paths.make()
    with locks.held(paths.start_lock):
        endpoint = _present(paths, report)
        if endpoint is None:
            pid = locks.holder(paths.endpoint_lock)
            endpoint = _join(paths, pid) if pid else _spawn(paths, _choose_port(paths, port, report))
        elif port not in (None, 0, endpoint.port):
            message = f"the endpoint already runs on port {endpoint.port}; `python -m local stop` ends it"
            raise LocalError(message)
        return endpoint


def _present(paths: Paths, report: Report) -> Endpoint | None:
    """The endpoint that answers, unless its code has changed since it started: then it is ended.

    It goes on while a stack is being changed. All that it holds is on record, and what runs is run again.
    """
    endpoint = running(paths)
    if endpoint is None or endpoint.code == fingerprint(paths.root):
        return endpoint
    updates = updating(paths)
    if updates:
        report(
            f"the endpoint runs older code than there is, and process {updates[0]} is changing a stack; the next "
            "command after that starts it again"
        )
        return endpoint
    report("the endpoint's code has changed: it starts again")
    stop(paths)
    return None


def stop(paths: Paths) -> bool:
    """End the endpoint and what it started; False if none ran."""
    pid = locks.holder(paths.endpoint_lock)
    if pid is None:
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        os.kill(pid, number)
        if _until(lambda: locks.holder(paths.endpoint_lock) != pid, STOP_LIMIT_SECONDS):
            return True
    message = f"process {pid} (the endpoint) does not end; end it by hand with `kill -9 {pid}`"
    raise LocalError(message)


def reset(paths: Paths) -> None:
    """End the endpoint and remove resources, state, secrets and logs; what was installed stays."""
    paths.make()
    with locks.held(paths.start_lock):
        stop(paths)
        for entry in paths.home.iterdir():
            if entry not in (paths.bin, paths.made, paths.clients, paths.start_lock):
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _choose_port(paths: Paths, wanted: int | None, report: Report) -> int:
    """The port to listen on, 0 for any. The previous one keeps the addresses in the stacks' state valid."""
    if wanted:
        if not _is_free(wanted):
            message = (
                f"port {wanted} is in use by another process; end that process, choose another with --port, "
                "or leave --port out to get a free one"
            )
            raise LocalError(message)
        return wanted
    try:
        previous = int(paths.port.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return 0
    if _is_free(previous):
        return previous
    report(f"port {previous}, used before, is taken by another process; the endpoint moves to a free one")
    return 0


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _spawn(paths: Paths, port: int) -> Endpoint:
    # What a dead endpoint left must not be asked: another program may listen on its port by now.
    paths.arm.unlink(missing_ok=True)
    log = paths.endpoint_log
    if log.exists():
        log.replace(log.with_suffix(".previous.log"))
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*DAEMON, "--port", str(port)],
            cwd=paths.root,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    endpoint = _await(paths, ended=lambda: process.poll() is not None)
    if endpoint:
        write_private(paths.port, str(endpoint.port))
        return endpoint
    if process.poll() is None:
        process.terminate()
        message = f"the endpoint did not answer within {START_LIMIT_SECONDS:.0f} s; its log ends with:\n{_tail(paths)}"
    else:
        message = f"the endpoint ended with code {process.returncode} instead of starting:\n{_tail(paths)}"
    raise LocalError(message)


def _join(paths: Paths, pid: int) -> Endpoint:
    """The endpoint whose process is alive already, once it answers."""
    endpoint = _await(paths, ended=lambda: locks.holder(paths.endpoint_lock) is None)
    if endpoint is None:
        message = f"the endpoint (process {pid}) does not answer; `python -m local stop` ends it, then start again"
        raise LocalError(message)
    return endpoint


def _await(paths: Paths, ended: Callable[[], bool]) -> Endpoint | None:
    """The endpoint once it answers, None when its process has ended first or the limit is over."""
    endpoint: Endpoint | None = None

    def settled() -> bool:
        nonlocal endpoint
        endpoint = running(paths)
        return endpoint is not None or ended()

    _until(settled, START_LIMIT_SECONDS)
    return endpoint


def _until(condition: Callable[[], bool], limit_seconds: float) -> bool:
    """Wait until `condition` holds; False if it still does not after the limit."""
    deadline = time.monotonic() + limit_seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _tail(paths: Paths) -> str:
    lines = paths.endpoint_log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(f"  {line}" for line in lines[-LOG_LINES_SHOWN:]) or f"  (nothing in {paths.endpoint_log})"
