"""Importing the package costs next to nothing and gives all its names."""

import subprocess
import sys

import pytest

import azure_ml_platform


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_importing_the_package_loads_neither_pulumi_nor_pydantic_nor_azure_native() -> None:
    loaded = _run("import azure_ml_platform, sys; print([m for m in ('pulumi', 'pydantic') if m in sys.modules])")

    assert loaded == "[]"


@pytest.mark.avoids("heavy-imports")
def test_settings_load_no_azure_native() -> None:
    loaded = _run(
        "import azure_ml_platform.settings, azure_ml_platform.outputs, azure_ml_platform.cloud, sys;"
        "print([m for m in sys.modules if m.startswith('pulumi_azure_native')])"
    )

    assert loaded == "[]"


@pytest.mark.parametrize("name", [name for name in azure_ml_platform.__all__ if name != "Platform"])
def test_a_name_of_the_package_comes_from_its_module(name: str) -> None:
    assert getattr(azure_ml_platform, name).__name__ == name


def test_a_name_that_the_package_lacks_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Plattform'"):
        azure_ml_platform.Plattform  # noqa: B018
