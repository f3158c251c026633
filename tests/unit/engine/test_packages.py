import sys
from pathlib import Path

from local.engine.host import packages
from local.engine.host.environments import Environment


def _distribution(virtualenv: Path, name: str, *requirements: str) -> None:
    folder = virtualenv / "lib" / "python3.11" / "site-packages" / f"{name}-1.0.dist-info"
    folder.mkdir(parents=True)
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        "Version: 1.0",
        *(f"Requires-Dist: {each}" for each in requirements),
    ]
    (folder / "METADATA").write_text("\n".join(lines) + "\n")


def _environment(tmp_path: Path) -> Environment:
    return Environment.of({"virtualenv": "venv"}, tmp_path)


def test_what_others_require_is_left_out_unless_asked_for(tmp_path: Path) -> None:
    _distribution(tmp_path / "venv", "app", "Some_Lib[fast]>=1; python_version > '3'")
    _distribution(tmp_path / "venv", "some-lib")
    environment = _environment(tmp_path)
    assert packages.installed(environment, transitive=False) == [("app", "1.0")]
    assert packages.installed(environment, transitive=True) == [("app", "1.0"), ("some-lib", "1.0")]


def test_a_missing_virtualenv_is_made_and_then_filled(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("pulumi\n")
    environment = _environment(tmp_path)
    make, fill = packages.installation(environment, tmp_path)
    assert make == [sys.executable, "-m", "venv", str(environment.virtualenv)]
    assert fill == [str(environment.python), "-m", "pip", "install", "--requirement", f"{tmp_path}/requirements.txt"]


def test_a_program_without_requirements_needs_nothing(tmp_path: Path) -> None:
    assert list(packages.installation(Environment(Path(sys.executable)), tmp_path)) == []


def test_the_version_of_a_python_is_its_own() -> None:
    expected = ".".join(map(str, sys.version_info[:3]))
    assert packages.python_version(Environment(Path(sys.executable))) == expected
