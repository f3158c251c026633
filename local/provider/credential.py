"""A bearer token by the managed identity protocol that Azure App Service defines (api-version 2019-08-01)."""

import threading
import time
from dataclasses import dataclass
from typing import Protocol

from local.arm.contracts import Json

API_VERSION = "2019-08-01"
RENEW_BEFORE_SECONDS = 300


class Fetch(Protocol):
    """GET a JSON document."""

    def __call__(self, url: str, fields: dict[str, str], headers: dict[str, str]) -> Json:
        """Return the document at an address with query fields."""


@dataclass(frozen=True)
class _Token:
    text: str
    expires_on: float


class ManagedIdentity:
    """The identity behind `IDENTITY_ENDPOINT`; tokens are kept until shortly before they expire."""

    def __init__(self, endpoint: str, header: str, fetch: Fetch) -> None:
        self._endpoint = endpoint
        self._header = header
        self._fetch = fetch
        self._lock = threading.Lock()
        self._tokens: dict[str, _Token] = {}

    def token(self, audience: str) -> str:
        """Return a token for a resource, `https://management.azure.com/` for ARM."""
        with self._lock:
            held = self._tokens.get(audience)
            if held is None or held.expires_on - time.time() < RENEW_BEFORE_SECONDS:
                held = self._tokens[audience] = self._request(audience)
            return held.text

    def discard(self, token: str) -> None:
        """Forget a token that was refused."""
        with self._lock:
            self._tokens = {audience: held for audience, held in self._tokens.items() if held.text != token}

    def _request(self, audience: str) -> _Token:
        fields = {"resource": audience, "api-version": API_VERSION}
        answer = self._fetch(self._endpoint, fields, {"X-IDENTITY-HEADER": self._header})
        return _Token(answer["access_token"], float(answer["expires_on"]))
