"""The host's processes without an engine."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from local.engine.host.children import Children, output_of
from local.engine.host.environments import Environment

_CHILD = Path(__file__).parents[3] / "local" / "engine" / "host" / "child.py"
_SOON_SECONDS = 5.0


def test_both_streams_of_a_child_are_passed_on_as_they_come(tmp_path: Path) -> None:
    children = Children()
    code = "import os; os.write(1, b'out'); os.write(2, b'err')"
    process = children.start([sys.executable, "-c", code], str(tmp_path), os.environ, piped=True)
    assert sorted(output_of(process)) == [("stderr", b"err"), ("stdout", b"out")]
    assert children.wait(process) == 0


def test_ending_a_child_ends_what_it_has_started(tmp_path: Path) -> None:
    children = Children()
    code = "import subprocess; p = subprocess.Popen(['sleep', '60']); print('started', flush=True); p.wait()"
    process = children.start([sys.executable, "-c", code], str(tmp_path), os.environ, piped=True)
    assert process.stdout is not None
    assert process.stdout.readline() == b"started\n"
    children.end_all()
    # The pipe closes when the last process that holds it has ended.
    assert process.communicate(timeout=_SOON_SECONDS) == (b"", b"")
    assert process.returncode == -signal.SIGTERM


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    children = Children()
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)"
    process = children.start([sys.executable, "-u", "-c", code], str(tmp_path), os.environ, piped=True)
    next(output_of(process))
    children.end(process)
    assert process.wait() == -signal.SIGKILL


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    """The parent starts a plugin that would wait for ever, and is killed."""
    (tmp_path / "__main__.py").write_text("print('running', flush=True)\nimport time\ntime.sleep(60)\n")
    code = (
        "import os, subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-u', {str(_CHILD)!r}, 'plugin', str(os.getpid()), {str(tmp_path)!r}])\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"running\n"
    parent.kill()
    # The pipe closes when the child has ended too.
    parent.communicate(timeout=_SOON_SECONDS)


def test_a_plugin_that_fails_shows_its_own_frames(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("def fail():\n    raise ValueError('wrong')\n")
    (tmp_path / "__main__.py").write_text("import helper\nhelper.fail()\n")
    command = Children().command(Environment(Path(sys.executable)), "plugin", str(tmp_path))
    answer = subprocess.run(command, capture_output=True, text=True)
    assert answer.stderr.count("File ") == 2
    assert answer.stderr.endswith("ValueError: wrong\n")
    assert "runpy" not in answer.stderr


def test_a_virtualenv_without_the_sdk_is_named_with_the_way_out(tmp_path: Path) -> None:
    command = Children().command(Environment(Path(sys.executable)), "plugin", str(tmp_path))
    command.insert(1, "-S")
    answer = subprocess.run(command, capture_output=True, text=True)
    assert f"the Pulumi SDK is not installed for {sys.executable}" in answer.stderr
    assert "pip install pulumi" in answer.stderr


def test_the_host_started_by_hand_says_who_starts_it() -> None:
    answer = subprocess.run([sys.executable, "-m", "local.engine.host"], capture_output=True, text=True)
    assert "started by the Pulumi engine" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_host_does_not_import_the_sdk() -> None:
    code = "import sys, local.engine.host.server; sys.exit('pulumi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_host_works_beside_an_sdk_that_is_imported_later() -> None:
    code = (
        "import local.engine.host.protocol as ours, pulumi.runtime.proto as theirs;"
        "assert theirs.RunRequest is ours.language_pb2.RunRequest"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
