"""Building the cluster and the provider, with a Go that is a shell script: all that surrounds the compiler."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest

from local import cache
from local.errors import LocalError
from local.kubernetes.build import CLUSTER, PROVIDER, Program
from tests.unit.engine.doubles import write_script

MODULE = "cmd/pulumi-resource-kubernetes"


@pytest.fixture
def lines() -> list[str]:
    """What the person at the terminal was told."""
    return []


@pytest.fixture(autouse=True)
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Go on PATH that "builds" what it is asked for from a module that it "downloads"; counts how often it did."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "bin"), "/usr/bin", "/bin"]))
    module = tmp_path / "module"
    (module / MODULE).mkdir(parents=True)
    (module / MODULE / "schema.json").write_text('{"name": "kubernetes"}')
    (module / MODULE / "terraform-mapping.json").write_text("{}")
    return write_script(
        tmp_path / "bin" / "go",
        f"""
        [ "$1" = env ] && echo go1.99.0 && exit
        [ "$1" = mod ] && echo '{{"Dir": "{module}"}}' && exit
        echo "$*" >> {tmp_path}/builds
        [ -p {tmp_path}/gate ] && cat {tmp_path}/gate
        cp schema.json {tmp_path}/embedded 2>/dev/null
        touch "$GOMODCACHE/module" "$GOCACHE/object"
        while [ "$1" != -o ]; do shift; done
        touch "$2"
        """,
    )


@contextmanager
def held_back(tmp_path: Path) -> Iterator[None]:
    """The compilers that start now do not end before this does."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    try:
        yield
    finally:
        opened = os.open(gate, os.O_RDWR)
        gate.unlink()
        os.close(opened)


def until(condition: Callable[[], object]) -> None:
    """Wait for a condition, and fail if it never holds."""
    deadline = monotonic() + 20
    while not condition():
        assert monotonic() < deadline, "the condition never held"
        sleep(0.01)


def builds(tmp_path: Path) -> list[str]:
    log = tmp_path / "builds"
    return log.read_text().splitlines() if log.exists() else []


@pytest.mark.parametrize("program", [CLUSTER, PROVIDER], ids=["cluster", "provider"])
def test_a_program_is_built_once_and_nothing_but_it_is_left(program: Program, tmp_path: Path, lines: list[str]) -> None:
    assert program.built is None
    executable = program.build(lines.append)
    assert program.build(lines.append) == executable == program.built
    assert len(builds(tmp_path)) == 1
    assert sorted(file.name for file in executable.parent.iterdir()) == [".complete", program.file]
    kept = {entry.name for entry in executable.parent.parent.iterdir()}
    assert kept == {program.key, f"{program.key}.lock"}


def test_the_person_waiting_is_told_how_long_it_takes(lines: list[str]) -> None:
    CLUSTER.build(lines.append)
    assert any("minutes" in line for line in lines)


def test_the_provider_carries_its_schema_with_its_version(tmp_path: Path, lines: list[str]) -> None:
    PROVIDER.build(lines.append)
    assert json.loads((tmp_path / "embedded").read_text()) == {"name": "kubernetes", "version": "4.18.2"}


def test_the_api_server_says_the_version_that_is_pinned(tmp_path: Path, lines: list[str]) -> None:
    CLUSTER.build(lines.append)
    assert f"gitVersion=v{CLUSTER.source.version}" in builds(tmp_path)[0]
    assert f"k8s.io/kubernetes v{CLUSTER.source.version}" in (CLUSTER.source.module / "go.mod").read_text()


def test_a_build_that_fails_is_one_sentence_and_the_downloads_are_kept(go: Path, lines: list[str]) -> None:
    refusal = "go: x@v1: reading https://proxy/x: 403 Forbidden"
    go.write_text(go.read_text().replace("while", f"echo '{refusal}' >&2; exit 1; while"))
    with pytest.raises(LocalError, match=r"could not be downloaded.*set GOPROXY") as failure:
        CLUSTER.build(lines.append)
    assert "\n" not in str(failure.value)
    assert CLUSTER.built is None
    assert (cache.root() / "kubernetes-cluster" / f"{CLUSTER.key}.modules" / "module").exists()


def test_of_two_builds_at_once_one_builds_and_the_other_says_that_it_waits(
    tmp_path: Path, lines: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"), ThreadPoolExecutor() as pool:
        with held_back(tmp_path):
            one = pool.submit(CLUSTER.build, lines.append)
            until(lambda: builds(tmp_path))
            other = pool.submit(CLUSTER.build, lines.append)
            until(lambda: "waiting for another process" in caplog.text)
        assert one.result() == other.result() == CLUSTER.built
    assert len(builds(tmp_path)) == 1


def test_after_a_build_that_was_killed_the_next_waits_for_its_compiler_and_starts_anew(
    tmp_path: Path, lines: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    program = "from local.kubernetes.build import CLUSTER; CLUSTER.build(print)"
    with caplog.at_level("INFO"), ThreadPoolExecutor() as pool:
        with held_back(tmp_path):
            killed = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.DEVNULL)
            until(lambda: builds(tmp_path))
            killed.kill()
            killed.wait()
            assert CLUSTER.built is None
            following = pool.submit(CLUSTER.build, lines.append)
            until(lambda: "waiting for another process" in caplog.text)
        executable = following.result()
    assert len(builds(tmp_path)) == 2
    assert sorted(file.name for file in executable.parent.iterdir()) == [".complete", CLUSTER.file]
