"""The engine as a child: its exit code is ours, its known errors one sentence, its unknown ones untouched."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ops.engine import Engine
from ops.errors import OpsError
from ops.target import Target
from tests.unit.ops.doubles import EngineDouble

LOCKED = """\
error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file.
  file:///state/.pulumi/locks/1.json: created by ada@tower (pid 4711) at 2026-11-23T08:00:00Z
"""


def test_the_exit_code_is_the_engines(engine: EngineDouble, target: Target) -> None:
    engine.answers("up", code=7)
    assert Engine(target).stream("up") == 7


def test_every_call_names_project_and_stack(engine: EngineDouble, target: Target) -> None:
    engine.answers("up")
    Engine(target).stream("up", "--yes")
    assert engine.calls == [["up", "--yes", "--stack", "local", "--non-interactive"]]


def test_a_policed_run_has_both_packs(engine: EngineDouble, target: Target) -> None:
    engine.answers("preview")
    Engine(target).policed("preview")
    packs = [Path(word).parts[-2:] for word in engine.calls[0] if "policies" in word]
    assert packs == [("policies", "security"), ("policies", "cost")]


def test_a_known_error_is_one_sentence(
    engine: EngineDouble, target: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.answers("up", stderr="warning: old\n" + LOCKED, code=255)
    assert Engine(target).stream("up") == 255
    shown = capsys.readouterr().err
    assert "warning: old" in shown
    assert "stack local is in use by ada@tower (process 4711, since 2026-11-23T08:00:00Z)" in shown
    assert "file:///state" not in shown


def test_an_unknown_error_is_shown_as_it_is(
    engine: EngineDouble, target: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.answers("up", stderr="error: something\n  new\n", code=1)
    Engine(target).stream("up")
    assert capsys.readouterr().err == "error: something\n  new\n"


def test_reading_returns_the_output_and_raises_the_error(engine: EngineDouble, target: Target) -> None:
    engine.answers("stack output", '{"a": 1}')
    engine.answers("stack export", stderr="error: getting stack: incorrect passphrase\n", code=255)
    assert Engine(target).read("stack", "output") == '{"a": 1}'
    with pytest.raises(OpsError, match="is not the one that stack local was made with"):
        Engine(target).read("stack", "export")


def test_a_missing_engine_is_named(target: Target, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    without = replace(target, environment={"PATH": str(tmp_path / "empty")})
    with pytest.raises(OpsError, match="no `pulumi` on PATH"):
        Engine(without).stream("up")


INTERRUPTED = """\
import sys
from pathlib import Path
from ops.engine import Engine
from ops.target import Target
project = Path(sys.argv[1])
sys.exit(Engine(Target("local", project, {"PATH": sys.argv[2]}, is_local=True)).stream("up"))
"""

SLOW_ENGINE = """\
#!{python}
import pathlib, signal, sys, threading
ended = threading.Event()
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda *_: ended.set())
pathlib.Path({ready!r}).touch()
ended.wait()
sys.exit(5)
"""


@pytest.mark.parametrize(("number", "to_group"), [(signal.SIGINT, True), (signal.SIGTERM, False)])
def test_the_engine_decides_what_an_interruption_means(
    number: signal.Signals, to_group: bool, project: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "slow"
    folder.mkdir()
    ready = folder / "ready"
    program = folder / "pulumi"
    program.write_text(SLOW_ENGINE.format(python=sys.executable, ready=str(ready)))
    program.chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(project), str(folder)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 20
    while not ready.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    if to_group:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 5
    assert errors == ""
