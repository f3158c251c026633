"""A stack that somebody works on is left alone; one whose worker is dead is freed."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ops import locks
from ops.engine import Engine
from ops.errors import OpsError
from ops.target import Target
from tests.unit.ops.doubles import EngineDouble


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "state" / ".pulumi" / "locks" / "organization" / "azure-ml-platform" / "local"
    made.mkdir(parents=True)
    return made


def lock(folder: Path, pid: int, host: str | None = None) -> None:
    content = {"pid": pid, "username": "ada", "hostname": host or socket.gethostname(), "timestamp": "2026-11-23"}
    (folder / "1.json").write_text(json.dumps(content))


@pytest.fixture
def dead() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_free_stack_needs_nothing(engine: EngineDouble, target: Target, folder: Path) -> None:
    assert locks.release_abandoned(Engine(target), target) is False
    assert engine.calls == []


def test_the_lock_of_a_dead_run_is_taken_off(engine: EngineDouble, target: Target, folder: Path, dead: int) -> None:
    engine.answers("cancel")
    lock(folder, dead)
    assert locks.release_abandoned(Engine(target), target) is True
    assert engine.commands == ["cancel"]


def test_the_number_of_a_dead_run_may_be_another_programs(engine: EngineDouble, target: Target, folder: Path) -> None:
    engine.answers("cancel")
    lock(folder, os.getpid())
    assert locks.release_abandoned(Engine(target), target) is True


def test_a_live_run_is_named(target: Target, folder: Path, tmp_path: Path) -> None:
    program = tmp_path / "pulumi"
    program.symlink_to("/bin/cat")
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("ready\n")
        assert process.stdout.readline() == "ready\n"
        lock(folder, process.pid)
        try:
            with pytest.raises(OpsError, match=rf"in use by ada@.* \(process {process.pid}, since 2026-11-23\)"):
                locks.release_abandoned(Engine(target), target)
        finally:
            process.stdin.close()


def test_another_machines_run_is_never_taken_for_dead(target: Target, folder: Path, dead: int) -> None:
    lock(folder, dead, host="elsewhere")
    with pytest.raises(OpsError, match="ada@elsewhere"):
        locks.release_abandoned(Engine(target), target)


def test_a_damaged_lock_is_named(target: Target, folder: Path) -> None:
    (folder / "1.json").write_text("{")
    with pytest.raises(OpsError, match=r"1\.json is damaged"):
        locks.release_abandoned(Engine(target), target)
