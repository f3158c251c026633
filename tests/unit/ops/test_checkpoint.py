"""A state file that a killed engine left half written costs nothing but what was written last."""

import json
import os
import socket
from pathlib import Path

import pytest

from ops import checkpoint, locks, state
from ops.engine import Engine
from ops.errors import OpsError
from ops.target import Target
from tests.unit.ops.doubles import EngineDouble, entry, exported

BEFORE = json.dumps({"version": 3, "checkpoint": {"latest": {}}})
DAMAGED = "error: failed to load checkpoint: EOF\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "state" / ".pulumi" / "stacks" / "azure-ml-platform"
    folder.mkdir(parents=True)
    return folder / "local.json"


def copy_of(file: Path) -> Path:
    return file.with_name("local.json.bak")


@pytest.mark.parametrize("left", [pytest.param("", id="empty"), pytest.param(BEFORE[:20], id="half written")])
def test_a_damaged_state_is_what_it_was_before_the_write(target: Target, file: Path, left: str) -> None:
    file.write_text(left)
    copy_of(file).write_text(BEFORE)
    assert checkpoint.restore(target)
    assert file.read_text() == BEFORE


def test_a_whole_state_is_left_alone(target: Target, file: Path) -> None:
    file.write_text(BEFORE)
    copy_of(file).write_text("{}")
    assert not checkpoint.restore(target)
    assert file.read_text() == BEFORE


@pytest.mark.parametrize("copy", [None, ""])
def test_a_first_write_that_was_cut_short_leaves_no_stack(target: Target, file: Path, copy: str | None) -> None:
    file.write_text("")
    if copy is not None:
        copy_of(file).write_text(copy)
    assert checkpoint.restore(target)
    assert not file.exists()


def test_the_state_of_a_run_that_is_under_way_is_left_alone(
    target: Target, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("")
    copy_of(file).write_text(BEFORE)
    holder = file.parents[2] / "locks" / "organization" / "azure-ml-platform" / "local"
    holder.mkdir(parents=True)
    lock = {"pid": os.getpid(), "username": "ada", "hostname": socket.gethostname(), "timestamp": "2026-11-23"}
    (holder / "1.json").write_text(json.dumps(lock))
    monkeypatch.setattr(locks, "_is_engine", lambda _: True)
    with pytest.raises(OpsError, match="in use by ada@"):
        checkpoint.restore(target)
    assert file.read_text() == ""


def test_reading_a_damaged_state_mends_it_first(engine: EngineDouble, target: Target, file: Path) -> None:
    file.write_text("")
    copy_of(file).write_text(BEFORE)
    engine.answers("stack export", stderr=DAMAGED, code=255, once=True)
    engine.answers("stack export", exported(entry("azure-native:resources:ResourceGroup", "one")))
    found = state.read(Engine(target))
    assert found is not None
    assert [resource.name for resource in found.resources] == ["one"]


def test_a_state_that_cannot_be_read_for_another_reason_is_reported(engine: EngineDouble, target: Target) -> None:
    engine.answers("stack export", stderr=DAMAGED, code=255)
    with pytest.raises(OpsError, match="failed to load checkpoint"):
        state.read(Engine(target))
