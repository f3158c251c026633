from pathlib import Path

import pytest

from local.engine import build, installer, versions
from local.engine.versions import OLDEST_ENGINE, Version
from tests.unit.engine.doubles import engine_script, write_script


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v3.259.0\n", Version(3, 259, 0)),
        ("3.272.1", Version(3, 272, 1)),
        ("go1.26.8", Version(1, 26, 8)),
        ("go1.27", Version(1, 27, 0)),
        ("v3.260.0-alpha.1+dirty", Version(3, 260, 0)),
        ("no number here", None),
    ],
)
def test_a_version_is_read_from_what_a_program_prints(text: str, version: Version | None) -> None:
    assert Version.parse(text) == version


def test_versions_compare_as_numbers_and_not_as_text() -> None:
    assert Version(3, 220, 0) > Version(3, 99, 9)


def test_an_engine_is_asked_for_its_version(tmp_path: Path) -> None:
    assert versions.of_engine(write_script(tmp_path / "pulumi", engine_script("3.250.1"))) == Version(3, 250, 1)


@pytest.mark.parametrize("body", ["exit 1", "echo hello", "echo v3.250.0; exit 3"])
def test_a_program_that_is_no_working_engine_has_no_version(tmp_path: Path, body: str) -> None:
    assert versions.of_engine(write_script(tmp_path / "pulumi", body)) is None


def test_a_missing_engine_has_no_version(tmp_path: Path) -> None:
    assert versions.of_engine(tmp_path / "pulumi") is None


def test_what_is_built_or_installed_is_recent_enough_to_be_used() -> None:
    assert build.version() >= OLDEST_ENGINE
    assert installer.version() >= OLDEST_ENGINE
