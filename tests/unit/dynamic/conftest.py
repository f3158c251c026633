"""What the tests of dynamic resources share."""

from typing import Any

import azure.identity
import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.harness.http import FakeAzure, SignedIn, respond


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
