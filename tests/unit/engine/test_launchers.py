import subprocess
from pathlib import Path

from local.engine import launchers
from tests.unit.engine.doubles import write_script


def _virtualenv(folder: Path) -> Path:
    """A virtualenv whose Python prints what it was called with."""
    write_script(folder / "bin" / "python", f'echo {folder.name} "$@"')
    return folder


def _run(launcher: Path, **variables: str) -> str:
    answer = subprocess.run(
        [launcher, "-v=9", "127.0.0.1:1"], env=variables, capture_output=True, text=True, check=True
    )
    return answer.stdout.strip()


def test_the_language_host_runs_under_the_checkouts_python_and_gets_the_engines_arguments(tmp_path: Path) -> None:
    launchers.write(tmp_path, _virtualenv(tmp_path / "own"))
    assert _run(tmp_path / launchers.LANGUAGE_HOST) == "own -P -u -m local.engine.host -v=9 127.0.0.1:1"


def test_dynamic_resources_run_under_the_programs_virtualenv(tmp_path: Path) -> None:
    launchers.write(tmp_path, _virtualenv(tmp_path / "own"))
    programs = _virtualenv(tmp_path / "programs")
    dynamic = tmp_path / launchers.DYNAMIC_PROVIDER
    assert _run(dynamic).startswith("own -u ")
    assert _run(dynamic, PULUMI_RUNTIME_VIRTUALENV=str(programs)).startswith("programs -u ")


def test_a_path_with_a_space_is_one_word(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    launchers.write(folder, _virtualenv(folder / "own"))
    assert _run(folder / launchers.LANGUAGE_HOST).startswith("own -P")
    assert _run(folder / launchers.DYNAMIC_PROVIDER).startswith("own -u")


def test_launchers_are_recognised_and_removed(tmp_path: Path) -> None:
    assert not launchers.are_in(tmp_path)
    launchers.write(tmp_path, tmp_path)
    assert launchers.are_in(tmp_path)
    launchers.remove(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_official_host_is_not_taken_for_a_launcher(tmp_path: Path) -> None:
    write_script(tmp_path / launchers.LANGUAGE_HOST, "exit 0")
    assert not launchers.are_in(tmp_path)
