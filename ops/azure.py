"""A small client of Azure Resource Manager: the caller's own login, JSON in and out, errors as one sentence."""

import logging
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from azure.core import PipelineClient
from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError, ServiceRequestError
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest, HttpResponse
from azure.identity import DefaultAzureCredential

from ops.errors import OpsError, UnreachableError

Document = Mapping[str, Any]

TERMINAL_STATES = ("succeeded", "failed", "canceled")
"""`provisioningState` once nothing more happens by itself (Azure Resource Manager, asynchronous operations)."""

POLL_SECONDS = 2.0
"""Between two looks at an operation whose service does not say how long to wait."""

OPERATION_LIMIT_SECONDS = 3600.0


class ResourceManager:
    """One cloud's Resource Manager, as the caller."""

    def __init__(self, endpoint: str, credential: TokenCredential, scope: str, *, retries: int = 3) -> None:
        """Connect.

        endpoint: base address, without a slash at its end.
        scope: what a token is asked for, `<audience>/.default`.
        retries: how often a request is repeated that got no answer or one that asks for patience.
        """
        self._endpoint = endpoint
        policies = [
            UserAgentPolicy("azure-ml-platform"),
            RetryPolicy(retry_total=retries),
            BearerTokenCredentialPolicy(credential, scope),
        ]
        self._client: PipelineClient[HttpRequest, HttpResponse] = PipelineClient(endpoint, policies=policies)

    def get(self, path: str, api_version: str) -> Document | None:
        """The resource at `path`, None if there is none."""
        response = self._send("GET", self._url(path, api_version))
        if response.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.NO_CONTENT):
            return None
        return _document(response)

    def list(self, path: str, api_version: str) -> list[Document]:
        """All members of a collection, its pages joined; empty if there is no such collection."""
        members: list[Document] = []
        page = self.get(path, api_version)
        while page is not None:
            members += page["value"]
            following = page.get("nextLink")
            page = _document(self._send("GET", following)) if following else None
        return members

    def post(self, path: str, api_version: str, body: object = None) -> Document | None:
        """The result of an action, waited for if it takes long; None if there is nothing at `path`."""
        response = self._finished(self._send("POST", self._url(path, api_version), body))
        return None if response.status_code == HTTPStatus.NOT_FOUND else _document(response)

    def delete(self, path: str, api_version: str, query: str = "") -> None:
        """Delete the resource at `path`, if there is one, and wait until it is gone."""
        response = self._finished(self._send("DELETE", self._url(path, api_version) + query))
        if response.status_code != HTTPStatus.NOT_FOUND:
            _document(response)

    def settled(self, path: str, api_version: str) -> Document | None:
        """The resource at `path` once Azure works on it no more, None if there is none."""
        deadline = time.monotonic() + OPERATION_LIMIT_SECONDS
        while True:
            resource = self.get(path, api_version)
            state = (resource or {}).get("properties", {}).get("provisioningState", TERMINAL_STATES[0])
            if str(state).lower() in TERMINAL_STATES or time.monotonic() > deadline:
                return resource
            time.sleep(POLL_SECONDS)

    def _finished(self, response: HttpResponse) -> HttpResponse:
        deadline = time.monotonic() + OPERATION_LIMIT_SECONDS
        while response.status_code == HTTPStatus.ACCEPTED and time.monotonic() < deadline:
            following = response.headers["Location"]
            time.sleep(float(response.headers.get("Retry-After", POLL_SECONDS)))
            response = self._send("GET", following)
        return response

    def _url(self, path: str, api_version: str) -> str:
        return f"{self._endpoint}/{path.strip('/')}?api-version={api_version}"

    def _send(self, method: str, url: str, body: object = None) -> HttpResponse:
        try:
            return self._client.send_request(HttpRequest(method, url, json=body))
        except ClientAuthenticationError as error:
            raise OpsError(_NOT_LOGGED_IN) from error
        except ServiceRequestError as error:
            message = f"Azure Resource Manager at {self._endpoint} does not answer: {error.message}"
            raise UnreachableError(message) from error
        except AzureError as error:
            message = f"{method} {url} failed: {error.message}"
            raise OpsError(message) from error


def own_login() -> DefaultAzureCredential:
    """The caller's own login: environment, workload or managed identity, `az login` and the like."""
    # Which of its sources failed is of use only to someone who debugs it; we say what to do instead.
    logging.getLogger("azure").setLevel(logging.CRITICAL)
    return DefaultAzureCredential(process_timeout=10)


def token(source: TokenCredential, scope: str) -> str:
    """A bearer token; raises OpsError when nobody is logged in."""
    try:
        return source.get_token(scope).token
    except AzureError as error:
        raise OpsError(_NOT_LOGGED_IN) from error


_NOT_LOGGED_IN = "nobody is logged in to Azure; `az login` does it (a pipeline sets AZURE_CLIENT_ID and its token)"


def _document(response: HttpResponse) -> Document:
    if response.status_code < HTTPStatus.BAD_REQUEST:
        return dict(response.json()) if response.content else {}
    raise OpsError(_sentence(response))


def _sentence(response: HttpResponse) -> str:
    """Azure's own error code and sentence, where it gave one."""
    try:
        error = response.json()["error"]
        return f"Azure refused: {error['code']}: {error['message']}"
    except (ValueError, KeyError, TypeError):
        request = response.request
        return f"Azure answered {response.status_code} {response.reason} to {request.method} {request.url}"
