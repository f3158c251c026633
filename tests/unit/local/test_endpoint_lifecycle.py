"""One checkout has one endpoint, and a dead one is never taken for alive."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local import daemon, lifecycle, locks
from local.endpoint import Endpoint
from local.errors import LocalError
from local.paths import Paths

DOUBLE = Path(__file__).with_name("daemon_double.py")


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    monkeypatch.setattr(lifecycle, "DAEMON", (sys.executable, str(DOUBLE), str(tmp_path)))
    made = Paths(tmp_path)
    made.make()
    yield made
    lifecycle.stop(made)


@pytest.fixture
def reports() -> list[str]:
    return []


def kill(paths: Paths) -> None:
    pid = locks.holder(paths.endpoint_lock)
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert lifecycle._until(lambda: locks.holder(paths.endpoint_lock) is None, 5)


def test_start_returns_an_endpoint_that_answers(paths: Paths, reports: list[str]) -> None:
    assert lifecycle.start(paths, reports.append).answers()


def test_a_second_start_finds_the_first_endpoint(paths: Paths, reports: list[str]) -> None:
    first = lifecycle.start(paths, reports.append)
    assert lifecycle.start(paths, reports.append) == first
    assert (paths.root / "starts").read_text() == "x"


def change_code(paths: Paths) -> None:
    folder = paths.root / "local"
    folder.mkdir(exist_ok=True)
    (folder / "changed.py").write_text("changed = True")


def test_an_endpoint_whose_code_has_changed_starts_again_on_its_port(paths: Paths, reports: list[str]) -> None:
    first = lifecycle.start(paths, reports.append)
    change_code(paths)
    second = lifecycle.start(paths, reports.append)
    assert (second.port, second.answers()) == (first.port, True)
    assert (paths.root / "starts").read_text() == "xx"
    assert reports == ["the endpoint's code has changed: it starts again"]
    assert lifecycle.start(paths, reports.append) == second


def lock_a_stack(paths: Paths, pid: int) -> Path:
    """The lock that the engine writes while it changes a stack."""
    lock = paths.state / ".pulumi" / "locks" / "organization" / "project" / "stack" / "1.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text(json.dumps({"pid": pid, "username": "me", "hostname": socket.gethostname()}))
    return lock


def test_an_endpoint_of_older_code_is_left_alone_while_a_stack_is_changed(paths: Paths, reports: list[str]) -> None:
    first = lifecycle.start(paths, reports.append)
    change_code(paths)
    lock = lock_a_stack(paths, os.getpid())
    assert lifecycle.start(paths, reports.append) == first
    assert str(os.getpid()) in reports[0]
    lock.unlink()
    assert lifecycle.start(paths, reports.append) != first


def test_a_lock_that_a_dead_process_left_keeps_no_endpoint(paths: Paths, reports: list[str]) -> None:
    lifecycle.start(paths, reports.append)
    change_code(paths)
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    lock_a_stack(paths, dead.pid)
    lifecycle.start(paths, reports.append)
    assert (paths.root / "starts").read_text() == "xx"


def test_starts_at_the_same_time_give_one_endpoint(paths: Paths, reports: list[str]) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: lifecycle.start(paths, reports.append), range(4)))
    assert len(set(found)) == 1
    assert (paths.root / "starts").read_text() == "x"


def test_a_start_joins_an_endpoint_that_another_process_is_starting(paths: Paths, reports: list[str]) -> None:
    process = subprocess.Popen([*lifecycle.DAEMON, "0"])
    try:
        assert lifecycle._until(lambda: locks.holder(paths.endpoint_lock) == process.pid, 10)
        assert lifecycle.start(paths, reports.append).answers()
        assert (paths.root / "starts").read_text() == "x"
    finally:
        process.terminate()
        process.wait()


def test_a_killed_endpoint_is_not_taken_for_alive_and_comes_back_on_its_port(paths: Paths, reports: list[str]) -> None:
    first = lifecycle.start(paths, reports.append)
    kill(paths)
    assert lifecycle.running(paths) is None
    second = lifecycle.start(paths, reports.append)
    assert second.port == first.port
    assert (paths.root / "starts").read_text() == "xx"
    assert reports == []


def test_a_port_taken_meanwhile_is_reported_and_another_used(paths: Paths, reports: list[str]) -> None:
    first = lifecycle.start(paths, reports.append)
    lifecycle.stop(paths)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", first.port))
        other.listen()
        second = lifecycle.start(paths, reports.append)
    assert second.port != first.port
    assert str(first.port) in reports[0]


def test_a_wanted_port_in_use_is_refused_with_its_number(paths: Paths, reports: list[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LocalError, match=f"port {port} is in use"):
            lifecycle.start(paths, reports.append, port)


def test_a_wanted_port_is_refused_while_the_endpoint_runs_on_another(paths: Paths, reports: list[str]) -> None:
    running = lifecycle.start(paths, reports.append)
    with pytest.raises(LocalError, match=f"already runs on port {running.port}"):
        lifecycle.start(paths, reports.append, running.port + 1)


def test_an_endpoint_that_dies_at_start_shows_the_end_of_its_log(paths: Paths, reports: list[str]) -> None:
    (paths.root / "refuse").touch()
    with pytest.raises(LocalError, match=r"ended with code 4[^$]*the store is damaged"):
        lifecycle.start(paths, reports.append)


def test_stop_ends_the_endpoint_and_says_when_there_was_none(paths: Paths, reports: list[str]) -> None:
    assert lifecycle.stop(paths) is False
    lifecycle.start(paths, reports.append)
    assert lifecycle.stop(paths) is True
    assert lifecycle.running(paths) is None


def test_an_endpoint_with_another_certificate_is_not_ours(paths: Paths, reports: list[str], tmp_path: Path) -> None:
    endpoint = lifecycle.start(paths, reports.append)
    other = Paths(tmp_path / "other")
    other.root.mkdir()
    other.make()
    other.arm.write_text(paths.arm.read_text().replace(str(paths.ca), str(other.ca)))
    other.ca.write_text("")
    found = Endpoint.read(other)
    assert found is not None
    assert found.port == endpoint.port
    assert not found.answers()


def test_a_damaged_description_counts_as_no_endpoint(paths: Paths) -> None:
    paths.arm.write_text('{"endpoint": ')
    assert Endpoint.read(paths) is None


def test_reset_forgets_what_was_deployed_and_keeps_what_was_installed(paths: Paths, reports: list[str]) -> None:
    lifecycle.start(paths, reports.append)
    paths.bin.mkdir()
    (paths.state / "stack.json").touch()
    lifecycle.reset(paths)
    assert lifecycle.running(paths) is None
    assert {entry.name for entry in paths.home.iterdir()} == {"bin", "start.lock"}


def test_nobody_else_on_the_machine_looks_into_a_local_target(tmp_path: Path) -> None:
    open_to_all = tmp_path / ".local"
    open_to_all.mkdir(mode=0o777)
    open_to_all.chmod(0o777)
    paths = Paths(tmp_path)
    paths.make()
    assert paths.home == open_to_all
    assert paths.home.stat().st_mode & 0o077 == 0


def test_what_the_endpoint_writes_is_its_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.umask(0o022)
    monkeypatch.setattr(daemon, "serve_arm", lambda paths, *_, **__: (paths.home / "written").write_text("state"))
    try:
        daemon.serve(Paths(tmp_path), 0)
    finally:
        os.umask(before)
    assert (tmp_path / ".local" / "written").stat().st_mode & 0o077 == 0
