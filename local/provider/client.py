"""A thin client of Azure Resource Manager: connections, identity, retries, errors; it knows no resource types."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urljoin, urlsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from local.arm.contracts import Json
from local.provider.credential import ManagedIdentity
from local.provider.errors import ArmError, ProviderError, UnansweredError, UnreachableError, arm_error
from local.provider.waiting import Cancellation

AUDIENCE = "https://management.azure.com/"
"""The resource that tokens for ARM are asked for."""
TIMEOUT = urllib3.Timeout(connect=5.0, read=120.0)
"""Seconds; ARM answers any request within 60 and turns longer work into an operation."""
CONNECTIONS = 64
"""Kept alive at most; as many as the engine asks for in parallel."""

_TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
_BUSY = frozenset({"AnotherOperationInProgress", "AnotherOperationIsInProgress"})
_ATTEMPTS = 6
_LONGEST_WAIT_SECONDS = 20.0


@dataclass(frozen=True)
class Answer:
    """An answer of ARM; `body` is None where there is none."""

    status: int
    headers: Mapping[str, str]
    body: Json

    @property
    def retry_after(self) -> float | None:
        """Seconds that Azure asks to wait, or None."""
        value = self.headers.get("Retry-After", "")
        return float(value) if value.isdigit() else None


class ArmClient:
    """Requests to one endpoint. Safe to use from many threads."""

    def __init__(
        self,
        endpoint: str,
        identity_endpoint: str,
        identity_header: str,
        ca_bundle: str | None,
        stop: Cancellation,
        *,
        first_wait_seconds: float = 0.25,
    ) -> None:
        self.endpoint = endpoint
        self._first_wait_seconds = first_wait_seconds
        self._pool = urllib3.PoolManager(
            num_pools=2, maxsize=CONNECTIONS, ca_certs=ca_bundle, timeout=TIMEOUT, retries=False
        )
        self._stop = stop
        self._credential = ManagedIdentity(identity_endpoint, identity_header, self._fetch_token)

    def get(self, path: str, api_version: str) -> Answer | None:
        """Return a resource, or None where there is none."""
        try:
            return self.request("GET", path, api_version)
        except ArmError as error:
            if error.status == 404:
                return None
            raise

    def request(
        self,
        method: str,
        path: str,
        api_version: str | None,
        *,
        query: Mapping[str, Json] | None = None,
        body: Json = None,
        headers: Mapping[str, str] | None = None,
        audience: str = AUDIENCE,
    ) -> Answer:
        """Send a request until it has an answer that is not transient, and return it.

        Args:
            method: The HTTP method.
            path: A resource id, or an address that Azure gave; `api_version` is None where it carries its own.
            api_version: ARM's API version.
            query: More query parameters.
            body: Sent as JSON.
            headers: More headers.
            audience: Who the token is for; for another than ARM, `path` is the address of a data plane.

        Raises:
            ArmError: Azure refuses.
            UnreachableError: The request could not be sent.
            UnansweredError: A `PUT` was sent and the connection ended; other methods are simply sent again.
            CancelledError: The engine cancelled while a retry was waited for.
        """
        url = self._url(path, api_version, query or {}, audience)
        payload = None if body is None else json.dumps(body).encode()
        wait, renewed = self._first_wait_seconds, False
        for attempt in range(1, _ATTEMPTS + 1):
            last = attempt == _ATTEMPTS
            try:
                token = self._credential.token(audience)
                answer = self._send(method, url, token, payload, headers or {})
            except UnreachableError:
                if attempt * 2 > _ATTEMPTS:
                    raise
                self._stop.wait(_jittered(wait))
            except UnansweredError:
                if method == "PUT" or last:
                    raise
                self._stop.wait(_jittered(wait))
            else:
                if answer.status < 400:
                    return answer
                error = arm_error(answer.status, answer.body, method, urlsplit(url).path)
                if answer.status == 401 and not renewed:
                    # The endpoint's key may be newer than the token: once, a new one is worth a try.
                    self._credential.discard(token)
                    renewed = True
                    continue
                if last or not (answer.status in _TRANSIENT or error.code in _BUSY):
                    raise error
                self._stop.wait(_jittered(wait) if answer.retry_after is None else answer.retry_after)
            wait = min(wait * 2, _LONGEST_WAIT_SECONDS)
        raise AssertionError("the last attempt returns or raises")

    def token(self, audience: str = AUDIENCE) -> str:
        """Return the token that requests to an audience carry."""
        return self._credential.token(audience)

    def _url(self, path: str, api_version: str | None, query: Mapping[str, Json], audience: str) -> str:
        url = urljoin(self.endpoint, path if "://" in path else quote(path, safe="/:@!$&'()*+,;=?%-._~"))
        if audience == AUDIENCE and urlsplit(url).netloc != urlsplit(self.endpoint).netloc:
            raise ProviderError(f"Azure pointed to {url}; a token for {self.endpoint} is not sent there")
        fields = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in query.items()}
        if api_version is not None:
            fields["api-version"] = api_version
        return f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}" if fields else url

    def _send(self, method: str, url: str, token: str, payload: bytes | None, more: Mapping[str, str]) -> Answer:
        headers = {**more, "Authorization": f"Bearer {token}", "Accept": "application/json"}
        if payload is not None:
            headers["Content-Type"] = "application/json"
        return self._exchange(method, url, headers, payload)

    def _exchange(self, method: str, url: str, headers: Mapping[str, str], payload: bytes | None) -> Answer:
        try:
            response = self._pool.request(method, url, body=payload, headers=headers, redirect=False)
            data = response.data
        except (NewConnectionError, ConnectTimeoutError, SSLError) as error:
            raise UnreachableError(
                f"cannot reach Azure Resource Manager at {self.endpoint} ({_cause(error)}); "
                "start the local Azure with `make up`"
            ) from error
        except HTTPError as error:
            raise UnansweredError(
                f"{self.endpoint} ended the connection before it answered ({_cause(error)})"
            ) from error
        return Answer(response.status, response.headers, _json(data))

    def _fetch_token(self, url: str, fields: dict[str, str], headers: dict[str, str]) -> Json:
        try:
            answer = self._exchange("GET", f"{url}?{urlencode(fields)}", headers, None)
        except UnansweredError as error:
            # The request that wants the token has not been sent yet.
            raise UnreachableError(str(error)) from error
        if answer.status != 200 or not isinstance(answer.body, dict):
            raise ProviderError(
                f"{url} gave no token (HTTP {answer.status}); IDENTITY_HEADER may be that of an endpoint "
                "that no longer runs: run the command through `make`"
            )
        return answer.body


def _jittered(seconds: float) -> float:
    """A wait of about this length: requests that failed together shall not come again together."""
    return seconds * random.uniform(0.5, 1.5)  # noqa: S311  # chance, not secrecy


def _json(data: bytes) -> Json:
    try:
        return json.loads(data) if data else None
    except ValueError:
        return None


def _cause(error: BaseException) -> str:
    """Return the innermost reason of a connection error: that of the operating system."""
    inner = error.__cause__ or error.__context__
    while inner is not None:
        error, inner = inner, inner.__cause__ or inner.__context__
    return getattr(error, "strerror", None) or str(error)
