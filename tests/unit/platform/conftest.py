"""What the tests of the platform share."""

import pytest

from tests.harness.stacks import ROOT


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch):
    """Paths in settings are relative to the project's root, where the engine runs the program."""
    monkeypatch.chdir(ROOT)
    for name in ("ARM_METADATA_HOSTNAME", "ARM_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
