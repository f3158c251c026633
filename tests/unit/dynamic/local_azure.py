"""The local Azure in this process, below every client: requests end at its application, sleeping moves its clock."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from azure.core.credentials import AccessToken
from requests.adapters import HTTPAdapter

from tests.harness.http import Raw
from tests.unit.arm.doubles import Azure


class LocalAzure:
    """Answers for `HTTPAdapter.send`, and stands in for `time`."""

    def __init__(self, azure: Azure) -> None:
        self.azure = azure
        self.asked: list[tuple[str, str]] = []
        self.asleep: Any = lambda: None
        """What happens while somebody sleeps."""

    def send(self, _: HTTPAdapter, request: requests.PreparedRequest, **__: Any) -> requests.Response:
        url = urlsplit(request.url or "")
        self.asked.append((request.method or "", unquote(url.path)))
        body = json.loads(request.body) if request.body else None
        target = f"{unquote(url.path)}?{unquote(url.query)}"
        answer = self.azure(request.method or "", target, body, version=None)
        response = requests.Response()
        response.request, response.url, response.status_code = request, request.url or "", answer.status
        content = b"" if answer.body is None else json.dumps(answer.body).encode()
        response.headers.update({**answer.headers, "Content-Length": str(len(content))})
        response.raw = Raw(content)
        return response

    def sleep(self, seconds: float) -> None:
        self.asleep()
        self.azure.cloud.clock.move(timedelta(seconds=seconds))

    def monotonic(self) -> float:
        """Seconds by the clock that sleeping moves."""
        return float(self.azure.cloud.clock.now().timestamp())

    def credential(self) -> "SignedInHere":
        """A credential with the endpoint's own token."""
        return SignedInHere(self.azure.token)

    def score(self, endpoint: str, deployment: str | None = None) -> int:
        """Call the model once; returns the status."""
        token = self.azure.directory.issue("https://ml.azure.com")
        headers = {"azureml-model-deployment": deployment} if deployment else {}
        path = f"/inference/{endpoint}/score"
        return self.azure("POST", path, {}, version=None, token=token, headers=headers).status


class SignedInHere:
    """A credential of the local Azure."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        return AccessToken(self._token, 2**31)
