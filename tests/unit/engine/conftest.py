"""A user without an engine: own cache, own PATH, and stand-ins for the programs that an engine comes from."""

import os
from pathlib import Path

import pytest

from local.engine import build
from local.paths import Paths
from tests.unit.engine.doubles import engine_script, write_script


@pytest.fixture(autouse=True)
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine is seen or touched."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "bin"), "/usr/bin", "/bin"]))
    monkeypatch.delenv("AZURE_ML_PLATFORM_ENGINE", raising=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "checkout")


@pytest.fixture
def lines() -> list[str]:
    """What the person at the terminal was told."""
    return []


@pytest.fixture
def go(tmp_path: Path) -> Path:
    """A Go on PATH that "builds" an engine of the pinned version and counts how often it did."""
    return write_script(
        tmp_path / "bin" / "go",
        f"""
        [ "$1" = env ] && echo go1.99.0 && exit
        echo built >> {tmp_path}/builds
        touch "$GOMODCACHE/module" "$GOCACHE/object"
        while [ "$1" != -o ]; do shift; done
        mkdir -p "$(dirname "$2")"
        printf '#!/bin/sh\\n{engine_script(str(build.version()))}\\n' > "$2" && chmod +x "$2"
        """,
    )
