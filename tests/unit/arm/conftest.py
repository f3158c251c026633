from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.arm.doubles import Azure, Platform
from tests.unit.arm.doubles import platform as make_platform
from tests.unit.arm.endpoints import deployment_body, endpoint_body, make_assets


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[Azure]:
    endpoint = Azure(tmp_path / "store.db")
    yield endpoint
    endpoint.close()


@pytest.fixture
def platform(azure: Azure) -> Platform:
    return make_platform(azure)


@pytest.fixture
def endpoint(azure: Azure, platform: Platform) -> str:
    """An online endpoint with the deployments blue, which has all traffic, and green."""
    make_assets(azure, platform)
    path = f"{platform.workspace}/onlineEndpoints/wine"
    azure.put(path, endpoint_body())
    for name in ("blue", "green"):
        azure.put(f"{path}/deployments/{name}", deployment_body(path))
    azure.put(path, endpoint_body(traffic={"blue": 100}))
    return path


@pytest.fixture
def empty_endpoint(azure: Azure, platform: Platform) -> str:
    """An online endpoint without deployments."""
    path = f"{platform.workspace}/onlineEndpoints/wine"
    azure.put(path, endpoint_body())
    return path


@pytest.fixture
def assets(azure: Azure, platform: Platform) -> None:
    """What a deployment runs."""
    make_assets(azure, platform)
