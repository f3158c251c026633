"""What the tests of dynamic resources share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import azure.identity
import pytest
import requests
from requests.adapters import HTTPAdapter

from azure_ml_platform.dynamic import arm, data_factory, link_approval, rollout
from tests.harness.http import FakeAzure, SignedIn, respond
from tests.unit.arm.doubles import Azure
from tests.unit.dynamic.local_azure import LocalAzure


@pytest.fixture
def azure_(monkeypatch: pytest.MonkeyPatch) -> FakeAzure:
    """Every HTTPS request of this process ends here."""
    fake = FakeAzure()

    def send(_: HTTPAdapter, request: requests.PreparedRequest, **__: Any) -> requests.Response:
        return respond(fake, request)

    monkeypatch.setattr(HTTPAdapter, "send", send)
    monkeypatch.setattr(azure.identity, "DefaultAzureCredential", SignedIn)
    monkeypatch.setenv("ARM_METADATA_HOSTNAME", "127.0.0.1:8443")
    return fake


@pytest.fixture
def local_azure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAzure]:
    """Every HTTPS request of this process ends at the local Azure's application."""
    here = LocalAzure(Azure(tmp_path / "store.db"))
    monkeypatch.setattr(HTTPAdapter, "send", lambda *args, **more: here.send(*args, **more))
    monkeypatch.setattr(azure.identity, "DefaultAzureCredential", here.credential)
    monkeypatch.setenv("ARM_METADATA_HOSTNAME", "127.0.0.1:4443")
    for module in (arm, data_factory, link_approval, rollout):
        monkeypatch.setattr(module, "time", here)
    yield here
    here.azure.close()
