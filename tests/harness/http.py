"""An Azure that answers at the level of HTTP: below every client, above every socket."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import requests
from azure.core.credentials import AccessToken
from azure.identity import CredentialUnavailableError

ARM = "https://127.0.0.1:8443"
BLOBS = "https://127.0.0.1:10000/account/"

Answer = tuple[int, dict[str, str], Any]


class SignedIn:
    """A credential that always has a token."""

    scopes: list[str] = []

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        self.scopes.extend(scopes)
        return AccessToken("token", 2**31)

    def close(self) -> None: ...

    def __enter__(self) -> "SignedIn":
        return self

    def __exit__(self, *_: object) -> None: ...


class SignedOut(SignedIn):
    """A credential that has none."""

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        raise CredentialUnavailableError("every way to sign in failed,\nline by line")


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@dataclass
class FakeAzure:
    """Resources and blobs by path; what was asked; answers that come first, each once, by method."""

    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    first: list[tuple[str, Answer]] = field(default_factory=list)
    operations: list[dict[str, Any]] = field(default_factory=list)
    retry_after: str = "0"

    def once(self, method: str, status: int, body: Any = None, headers: dict[str, str] | None = None) -> None:
        """Answer the next request of a method like this."""
        self.first.append((method, (status, headers or {}, body)))

    def answer(self, request: requests.PreparedRequest) -> Answer:
        assert request.headers["Authorization"] == "Bearer token"
        url = urlsplit(request.url or "")
        path = unquote(url.path)
        self.asked.append((request.method or "", path))
        for number, (method, answer) in enumerate(self.first):
            if method == request.method:
                del self.first[number]
                return answer
        handler: Callable[..., Answer] = self._blob if url.port == 10000 else self._resource
        return handler(request, path, {key: values[0] for key, values in parse_qs(url.query).items()})

    def _resource(self, request: requests.PreparedRequest, path: str, query: dict[str, str]) -> Answer:
        if path == "/operation":
            return 200, {"Retry-After": "0"}, self.operations.pop(0)
        assert query["api-version"] in ("2025-12-01", "2023-09-01")
        if request.method in ("GET", "POST") and path not in self.resources:
            return 404, {}, {"error": {"code": "ResourceNotFound", "message": "no such resource"}}
        if request.method == "PUT":
            body = json.loads(request.body or "")
            self.bodies.append(body)
            self.resources[path] = {**self.resources[path], **body}
            if self.operations:
                return 202, {"Azure-AsyncOperation": f"{ARM}/operation", "Retry-After": self.retry_after}, None
        return 200, {}, self.resources[path]

    def _blob(self, request: requests.PreparedRequest, path: str, query: dict[str, str]) -> Answer:
        name = re.sub("^/account/", "", path)
        if request.method == "PUT":
            body: Any = request.body
            self.blobs[name] = body.read() if hasattr(body, "read") else bytes(body or b"")
            return 201, {"ETag": '"1"', "Last-Modified": "Mon, 23 Nov 2026 00:00:00 GMT"}, None
        if request.method == "DELETE":
            del self.blobs[name]
            return 202, {}, None
        assert query["comp"] == "list"
        prefix = f"{name}/{query['prefix']}"
        found = [blob.removeprefix(f"{name}/") for blob in sorted(self.blobs) if blob.startswith(prefix)]
        items = "".join(f"<Blob><Name>{escape(blob)}</Name><Properties/></Blob>" for blob in found)
        return (
            200,
            {"Content-Type": "application/xml"},
            f"<EnumerationResults><Blobs>{items}</Blobs></EnumerationResults>",
        )


class Raw(io.BytesIO):
    """The part of urllib3's response that requests reads."""

    enforce_content_length = False

    def stream(self, size: int, **_: Any) -> Any:
        while part := self.read(size):
            yield part

    def release_conn(self) -> None: ...


def respond(fake: FakeAzure, request: requests.PreparedRequest) -> requests.Response:
    """What requests makes of an answer."""
    status, headers, body = fake.answer(request)
    response = requests.Response()
    response.request, response.url, response.status_code = request, request.url or "", status
    response.reason = "as scripted"
    content = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    response.headers.update({"Content-Length": str(len(content)), "Content-Type": "application/json", **headers})
    response.raw = Raw(content)
    return response
