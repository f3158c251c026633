"""Addresses of blobs, and when the service is started. The service itself is stood in for."""

import socket
from pathlib import Path
from typing import Any

import pytest

from local import ports
from local.errors import LocalError
from local.paths import Paths
from local.storage import Azurite, azurite, service
from local.storage.service import Service


class StoodIn(Service):
    """Chooses its port as the real one does and starts nothing."""

    starts = 0

    @property
    def alive(self) -> bool:
        return self.starts > 0

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self.port = ports.keep(self._folder / "port", "the blob service")
        self.starts += 1

    def configure(self, *_arguments: Any) -> None: ...

    def stop(self) -> None:
        self.starts = 0


@pytest.fixture
def blobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Azurite:
    monkeypatch.setattr(azurite, "Service", StoodIn)
    return new(tmp_path)


def new(folder: Path) -> Azurite:
    return Azurite(Paths(folder), certificate=folder / "c.pem", key=folder / "k.pem", token_key=b"key")


def test_nothing_is_started_while_there_is_no_account(blobs: Azurite) -> None:
    blobs.start()

    assert not blobs._service.alive


def test_one_service_answers_for_all_accounts(blobs: Azurite) -> None:
    blobs.put_account("stone", takes_keys=False)
    blobs.put_account("brick", takes_keys=False)

    assert blobs._service.starts == 1  # type: ignore[attr-defined]
    assert blobs.endpoint("brick") == blobs.endpoint("stone").replace("stone", "brick")
    assert blobs.endpoint("stone").startswith("https://127.0.0.1:")
    assert blobs.endpoint("stone").endswith("/stone/")


def test_the_address_is_the_same_after_a_restart(blobs: Azurite, tmp_path: Path) -> None:
    blobs.put_account("stone", takes_keys=False)

    assert new(tmp_path).endpoint("stone") == blobs.endpoint("stone")


def test_a_port_that_was_taken_is_given_up_with_a_warning(
    blobs: Azurite, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blobs.put_account("stone", takes_keys=False)
    port = blobs._service.port
    with socket.create_server((service.HOST, port)):
        moved = new(tmp_path)
        moved.start()

    assert moved._service.port not in (0, port)
    assert f"port {port} of the blob service is taken" in caplog.text


def test_an_account_that_does_not_exist_has_no_address(blobs: Azurite) -> None:
    with pytest.raises(LocalError, match='no storage account "stone"'):
        blobs.endpoint("stone")


@pytest.mark.parametrize("url", ["https://127.0.0.1:1/stone", "https://127.0.0.1:1/", "azureml://datastores/x", ""])
def test_a_url_without_container_is_refused(blobs: Azurite, tmp_path: Path, url: str) -> None:
    with pytest.raises(LocalError, match=r"is not the URL of a blob; it looks like https://127\.0\.0\.1"):
        blobs.download(url, tmp_path)
