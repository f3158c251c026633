import os
import sys
from pathlib import Path

import pytest

from local.engine.host.environments import Environment, OptionError


def _virtualenv(folder: Path) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    return folder


def test_without_a_virtualenv_the_hosts_own_python_runs_the_program(tmp_path: Path) -> None:
    assert Environment.of({}, tmp_path) == Environment(Path(sys.executable))


def test_a_relative_virtualenv_is_beside_the_project_file(tmp_path: Path) -> None:
    environment = Environment.of({"virtualenv": "../venv"}, tmp_path / "project")
    assert environment.python == tmp_path / "project" / "../venv" / "bin" / "python"


def test_an_absolute_virtualenv_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = _virtualenv(tmp_path / "venv")
    assert Environment.of({"virtualenv": str(folder)}, Path("/elsewhere")).require().virtualenv == folder


def test_the_uv_toolchain_has_its_virtualenv_where_uv_puts_it(tmp_path: Path) -> None:
    assert Environment.of({"toolchain": "uv"}, tmp_path).virtualenv == tmp_path / ".venv"


def test_a_virtualenv_that_is_not_there_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=f"{tmp_path}/venv.*does not exist.*python3 -m venv"):
        Environment.of({"virtualenv": "venv"}, tmp_path).require()


def test_a_folder_that_is_no_virtualenv_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "venv").mkdir()
    with pytest.raises(OptionError, match="is not a virtual environment"):
        Environment.of({"virtualenv": "venv"}, tmp_path).require()


@pytest.mark.parametrize(
    ("options", "words"), [({"toolchain": "poetry"}, "poetry.*pip and uv"), ({"typechecker": "mypy"}, "typechecker")]
)
def test_an_option_that_is_not_honoured_is_refused(options: dict[str, object], words: str, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=words):
        Environment.of(options, tmp_path)


def test_an_activated_environment_comes_first_on_path(tmp_path: Path) -> None:
    environment = Environment.of({"virtualenv": "venv"}, tmp_path)
    variables = environment.activated({"PATH": "/usr/bin", "PYTHONHOME": "/other", "X": "1"})
    assert variables == {
        "PATH": f"{tmp_path}/venv/bin{os.pathsep}/usr/bin",
        "VIRTUAL_ENV": str(tmp_path / "venv"),
        "X": "1",
    }
