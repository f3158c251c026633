"""A small client of Azure Resource Manager: one resource at a time, with retries and long-running operations."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

import pulumi

from azure_ml_platform.cloud import Cloud
from azure_ml_platform.dynamic import clients
from azure_ml_platform.dynamic.sign_in import sign_in

_IN_PROGRESS = frozenset({"AnotherOperationInProgress", "ConflictingOperationInProgress"})
_POLL_SECONDS = 2.0


class ArmError(pulumi.RunError):
    """An answer of Resource Manager that is no success: its code, its message, and what was asked."""

    def __init__(self, code: str, message: str, asked: str) -> None:
        """Keep the code for whoever reacts to it."""
        super().__init__(f"{code}: {message} ({asked})")
        self.code = code


class ArmClient:
    """Talks to the Resource Manager of the cloud that the environment names, as whoever is signed in."""

    def __init__(self, *, timeout_seconds: float = 1800) -> None:
        """Sign in; raises SignInError where nobody is."""
        clients.load()
        from azure.core import PipelineClient
        from azure.core.pipeline import policies

        cloud = Cloud.current()
        self._timeout_seconds = timeout_seconds
        self._endpoint = cloud.resource_manager
        self.now = datetime.now(UTC)
        """Azure's own time, as of its last answer."""
        credential = sign_in(cloud.resource_manager_scope)
        self._client: PipelineClient[Any, Any] = PipelineClient(
            base_url=self._endpoint,
            policies=[
                policies.HeadersPolicy({"Accept": "application/json"}),
                policies.RetryPolicy(),
                policies.BearerTokenCredentialPolicy(credential, cloud.resource_manager_scope),
            ],
        )

    def __enter__(self) -> Self:
        """Open the connection."""
        self._client.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._client.close()

    def get(self, resource_id: str, api_version: str, **parameters: str) -> dict[str, Any] | None:
        """Return a resource's body, or None when there is no such resource; `parameters` go into the query."""
        response = self._send("GET", resource_id, {"api-version": api_version, **parameters})
        return None if response.status_code == 404 else _success(response, f"GET {resource_id}")

    def put(self, resource_id: str, api_version: str, body: Mapping[str, Any]) -> None:
        """Write a resource's whole body and wait until Azure has done it.

        Raises ArmError when it is refused, fails, or takes longer than the time-out. While another operation holds
        the resource, the request is sent again.
        """
        self._change("PUT", resource_id, api_version, body)

    def post(
        self, resource_id: str, action: str, api_version: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Have a resource do something, wait until it is done, and return the first answer; raises as `put` does."""
        return self._change("POST", f"{resource_id}/{action}", api_version, body)

    def delete(self, resource_id: str, api_version: str) -> None:
        """Delete a resource and wait until it is gone; one that is gone already is no error. Raises as `put` does."""
        self._change("DELETE", resource_id, api_version)

    def _change(
        self, method: str, path: str, api_version: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        asked, deadline = f"{method} {path}", time.monotonic() + self._timeout_seconds
        response = self._send(method, path, {"api-version": api_version}, body)
        while _code(response) in _IN_PROGRESS and time.monotonic() < deadline:
            time.sleep(_pause(response))
            response = self._send(method, path, {"api-version": api_version}, body)
        if method == "DELETE" and response.status_code == 404:
            return {}
        answer = _success(response, asked)
        while not self._done(response, asked):
            if time.monotonic() > deadline:
                raise ArmError("Timeout", f"not done after {self._timeout_seconds:g} s", asked)
            time.sleep(_pause(response))
        return answer

    def _done(self, accepted: Any, asked: str) -> bool:
        """Ask once how what was accepted is doing; raise its error when it has failed."""
        if status_url := accepted.headers.get("Azure-AsyncOperation"):
            return _succeeded(_success(self._send("GET", status_url), asked), asked)
        location = accepted.headers.get("Location")
        if accepted.status_code != 202 or not location:
            return True
        answer = self._send("GET", location)
        _success(answer, asked)
        return bool(answer.status_code != 202)

    def _send(
        self, method: str, url: str, params: Mapping[str, str] | None = None, body: Mapping[str, Any] | None = None
    ) -> Any:
        from azure.core.exceptions import AzureError
        from azure.core.rest import HttpRequest

        # Operations are polled at whole URLs, resources are asked for by id.
        target = url if url.startswith("https:") else self._endpoint + url
        request = HttpRequest(method, target, params=dict(params or {}), json=body)
        try:
            response = self._client.send_request(request)
        except AzureError as error:
            raise ArmError("Unreachable", error.message.splitlines()[0], f"{method} {url}") from None
        if date := response.headers.get("Date"):
            self.now = parsedate_to_datetime(date)
        return response


def _success(response: Any, asked: str) -> dict[str, Any]:
    """Return the body of a success; raise ArmError with Azure's code and message otherwise."""
    if response.status_code < 400:
        return dict(response.json()) if response.content else {}
    error = _error(response)
    message = error.get("message") or response.reason
    raise ArmError(_code(response), str(message), asked)


def _succeeded(operation: Mapping[str, Any], asked: str) -> bool:
    """Whether an asynchronous operation is over; raise ArmError when it is over and has failed."""
    status = str(operation.get("status", "")).lower()
    if status in ("failed", "canceled"):
        error = operation.get("error") or {}
        raise ArmError(error.get("code", status), error.get("message", "no reason given"), asked)
    return status == "succeeded"


def _code(response: Any) -> str:
    return str(_error(response).get("code") or f"HTTP {response.status_code}") if response.status_code >= 400 else ""


def _error(response: Any) -> dict[str, Any]:
    try:
        return dict(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        return {}


def _pause(response: Any) -> float:
    try:
        return float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return _POLL_SECONDS
