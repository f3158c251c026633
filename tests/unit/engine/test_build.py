"""Builds with a Go that is a shell script: what is tested is all that surrounds the compiler."""

import os
import shutil
import signal
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.engine import build
from local.engine.cache import Cache
from local.engine.versions import Version
from local.errors import LocalError
from tests.unit.engine.doubles import write_script

_PATIENCE_SECONDS = 20.0

_BUILD = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background job ignores
from local.engine import build
from local.engine.cache import Cache
build.build(Cache.of_user(), lambda line: print(line, flush=True))
"""


def _start_build() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _BUILD],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def _first_line_with(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    return next(line for line in process.stdout if words in line)


@pytest.fixture
def gate(go: Path, tmp_path: Path) -> Iterator[Path]:
    """The Go of `go` waits inside the build until this file is there."""
    gate = tmp_path / "gate"
    wait = f'touch "$GOCACHE/half"; while [ ! -e {gate} ]; do sleep 0.02; done; echo built'
    go.write_text(go.read_text().replace("echo built", wait))
    yield gate
    gate.touch()


def _builds(tmp_path: Path) -> int:
    log = tmp_path / "builds"
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_a_built_engine_is_kept_by_version_and_nothing_else_is_left(go: Path, lines: list[str]) -> None:
    cache = Cache.of_user()
    engine = build.build(cache, lines.append)
    assert engine == cache.folder / f"v{build.version()}" / "pulumi"
    assert os.access(engine, os.X_OK)
    assert sorted(entry.name for entry in cache.folder.iterdir()) == ["lock", engine.parent.name]


def test_the_person_waiting_is_told_how_long_it_takes(go: Path, lines: list[str]) -> None:
    build.build(Cache.of_user(), lines.append)
    assert any("3 to 5 minutes" in line for line in lines)


def test_a_built_engine_is_not_built_again(go: Path, tmp_path: Path, lines: list[str]) -> None:
    build.build(Cache.of_user(), lines.append)
    build.build(Cache.of_user(), lines.append)
    assert _builds(tmp_path) == 1


def test_two_builds_at_once_are_one_build_and_the_second_says_that_it_waits(gate: Path, tmp_path: Path) -> None:
    first = _start_build()
    _first_line_with(first, "building")
    second = _start_build()
    assert str(first.pid) in _first_line_with(second, "waiting")
    gate.touch()
    assert (first.wait(_PATIENCE_SECONDS), second.wait(_PATIENCE_SECONDS)) == (0, 0)
    assert _builds(tmp_path) == 1


def test_a_killed_build_leaves_no_lock_no_engine_and_its_leftovers_go(gate: Path, tmp_path: Path) -> None:
    cache = Cache.of_user()
    killed = _start_build()
    _first_line_with(killed, "building")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert (cache.folder / "work").exists()
    assert not cache.built(build.version()).exists()
    again = _start_build()
    gate.touch()
    assert again.wait(_PATIENCE_SECONDS) == 0
    assert cache.built(build.version()).exists()
    assert not (cache.folder / "work").exists()


def test_an_interrupted_build_leaves_only_its_downloads(gate: Path) -> None:
    interrupted = _start_build()
    _first_line_with(interrupted, "building")
    interrupted.send_signal(signal.SIGINT)
    assert interrupted.wait(_PATIENCE_SECONDS) != 0
    assert sorted(entry.name for entry in Cache.of_user().folder.iterdir()) == ["lock", "modules"]


def test_a_folder_without_an_engine_in_the_place_of_one_is_replaced(go: Path, lines: list[str]) -> None:
    half = Cache.of_user().built(build.version()).parent
    half.mkdir(parents=True)
    (half / "other").touch()
    assert build.build(Cache.of_user(), lines.append).exists()


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ("go: x@v1: Get https://proxy/x: dial tcp: lookup proxy: no such host", "could not be downloaded"),
        ("go: x@v1: reading https://proxy/x: 403 Forbidden", "could not be downloaded"),
        ("write /cache/x: no space left on device", "disk is full"),
        ("verifying x@v1: checksum mismatch", "not the one that go.sum names"),
        ("x.go:1: something else", "could not be built"),
    ],
)
def test_a_build_that_fails_is_one_sentence_and_the_downloads_are_kept(
    go: Path, log: str, sentence: str, lines: list[str]
) -> None:
    go.write_text(go.read_text().replace("while", f"echo '{log}' >&2; exit 1; while"))
    with pytest.raises(LocalError, match=sentence) as failure:
        build.build(Cache.of_user(), lines.append)
    assert "\n" not in str(failure.value)
    assert sorted(entry.name for entry in Cache.of_user().folder.iterdir()) == ["lock", "modules"]


def test_too_little_space_is_said_before_anything_is_downloaded(
    go: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**10, 10**10 - 10**9, 10**9))
    with pytest.raises(LocalError, match=r"needs 4 GB .* has 0\.9 GB free.* XDG_CACHE_HOME"):
        build.build(Cache.of_user(), lines.append)
    assert _builds(tmp_path) == 0


def test_an_engine_of_another_version_is_not_kept(go: Path, lines: list[str]) -> None:
    go.write_text(go.read_text().replace(f"v{build.version()}", "v3.1.0"))
    with pytest.raises(LocalError, match=r"says it is version 3\.1\.0"):
        build.build(Cache.of_user(), lines.append)
    assert not Cache.of_user().built(build.version()).exists()


def test_a_go_that_is_too_old_is_not_used(
    tmp_path: Path, go: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    go.write_text(go.read_text().replace("go1.99.0", "go1.20"))
    no_pip = write_script(tmp_path / "python", "echo 'ERROR: No matching distribution found' >&2; exit 1")
    monkeypatch.setattr(sys, "executable", str(no_pip))
    with pytest.raises(LocalError, match=r"No matching distribution found.*install Go"):
        build.build(Cache.of_user(), lines.append)
    assert any(str(Version(1, 20, 0)) in line for line in lines)
