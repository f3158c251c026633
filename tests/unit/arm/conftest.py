from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.arm.doubles import Azure, Platform
from tests.unit.arm.doubles import platform as make_platform


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[Azure]:
    endpoint = Azure(tmp_path / "store.db")
    yield endpoint
    endpoint.close()


@pytest.fixture
def platform(azure: Azure) -> Platform:
    return make_platform(azure)
