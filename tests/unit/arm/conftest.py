from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.arm.doubles import Azure, Once, Platform, Snapshot, answer_in_turn
from tests.unit.arm.doubles import platform as make_platform
from tests.unit.arm.endpoints import endpoint_body, make_assets, make_endpoint


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Snapshot, Any]]:
    """What tests begin with, by name: made for the first test that asks for it, restored for all others."""
    azure = Azure(tmp_path_factory.mktemp("nothing") / "store.db")
    nothing = Snapshot(azure)
    azure.close()
    return {"nothing": (nothing, None)}


@pytest.fixture
def threaded_azure(tmp_path: Path, snapshots: dict[str, tuple[Snapshot, Any]]) -> Iterator[Azure]:
    """An endpoint that answers requests in threads, as the real one does."""
    snapshots["nothing"][0].write(tmp_path / "store.db")
    endpoint = Azure(tmp_path / "store.db")
    yield endpoint
    endpoint.close()


@pytest.fixture
def azure(threaded_azure: Azure, monkeypatch: pytest.MonkeyPatch) -> Azure:
    """An endpoint that answers one request after the other: most tests send them so, and threads take their time."""
    answer_in_turn(monkeypatch)
    return threaded_azure


@pytest.fixture
def once(azure: Azure, snapshots: dict[str, tuple[Snapshot, Any]]) -> Once:
    def begun(name: str, make: Callable[[], Any]) -> Any:
        if name in snapshots:
            snapshot, made = snapshots[name]
            snapshot.restore(azure)
        else:
            made = make()
            snapshots[name] = Snapshot(azure), made
        return made

    return begun


@pytest.fixture
def platform(azure: Azure, once: Once) -> Platform:
    made: Platform = once("platform", lambda: make_platform(azure))
    return made


@pytest.fixture
def endpoint(azure: Azure, platform: Platform, once: Once) -> str:
    """An online endpoint with the deployments blue, which has all traffic, and green."""
    made: str = once("endpoint", lambda: make_endpoint(azure, platform))
    return made


@pytest.fixture
def empty_endpoint(azure: Azure, platform: Platform, once: Once) -> str:
    """An online endpoint without deployments."""
    path = f"{platform.workspace}/onlineEndpoints/wine"
    once("empty endpoint", lambda: azure.put(path, endpoint_body()))
    return path


@pytest.fixture
def assets(azure: Azure, platform: Platform) -> None:
    """What a deployment runs."""
    make_assets(azure, platform)
