"""Requests and replies between the HTTP server and the handlers."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request as HttpRequest

from local.arm.documents import Json, is_deeper
from local.arm.errors import ArmError, bad_request, invalid_content
from local.arm.identifiers import Target, parse_path
from local.arm.relaxed_json import strict

BODY_LIMIT = 4 * 1024 * 1024
"""Largest body of a request, in bytes (Azure Resource Manager limits)."""
NESTING_LIMIT = 64
"""Deepest nesting of a body; no type of Azure's comes near."""
VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z]+(\.\d+)?)?", re.IGNORECASE)


@dataclass(frozen=True)
class Request:
    """An authenticated request."""

    method: str
    path: str
    """As it came, percent-encoded, without the query."""
    query: Mapping[str, str]
    """Parameters, names in lower case."""
    query_string: str
    """The same as it came."""
    headers: Mapping[str, str]
    """Headers, names in lower case."""
    body: bytes
    caller: str
    """Object id of who sent it."""
    url: str
    """Scheme and authority of the endpoint."""

    @cached_property
    def target(self) -> Target:
        """What the path names."""
        return parse_path(self.path)

    @cached_property
    def api_version(self) -> str:
        """The query's api-version; raises ArmError when it is missing or no version."""
        version = self.query.get("api-version", "")
        if not version:
            message = "The api-version query parameter (?api-version=) is required for all requests."
            raise bad_request("MissingApiVersionParameter", message)
        if not VERSION.fullmatch(version) or not _is_date(version[:10]):
            message = f"The api-version '{version}' is invalid; it has the form 2024-01-01 or 2024-01-01-preview."
            raise bad_request("InvalidApiVersionParameter", message)
        return version

    def document(self) -> Json:
        """The body, a JSON object; raises ArmError InvalidRequestContent for anything else."""
        try:
            value = _read(self.body)
        except (ValueError, RecursionError) as error:
            raise invalid_content(str(error)) from error
        if not isinstance(value, dict):
            raise invalid_content(f"expected a JSON object, found {type(value).__name__}.")
        if is_deeper(value, NESTING_LIMIT):
            raise invalid_content(f"it is nested deeper than {NESTING_LIMIT} levels.")
        return value

    def optional_document(self) -> Json:
        """The body of an action: an empty one is an empty object."""
        return self.document() if self.body.strip() else {}

    def link(self, path: str, **query: str) -> str:
        """An absolute URL of this endpoint, with this request's api-version."""
        return f"{self.url}{path}?{urlencode({'api-version': self.api_version, **query}, safe='$')}"


@dataclass(frozen=True)
class Reply:
    """The answer to a request."""

    status: int
    body: Any = None
    """A JSON value; None for an answer without content."""
    headers: Mapping[str, str] = field(default_factory=dict)


async def read_body(http: HttpRequest, limit: int) -> bytes:
    """The body of a request; raises ArmError RequestEntityTooLarge beyond a limit in bytes."""
    body = bytearray()
    async for chunk in http.stream():
        body += chunk
        if len(body) > limit:
            message = f"The request content exceeds the allowed size of {limit} bytes."
            raise ArmError(413, "RequestEntityTooLarge", message, headers={"Connection": "close"})
    return bytes(body)


def error_reply(error: ArmError) -> Reply:
    """The reply that tells of an error."""
    return Reply(error.status, {"error": error.as_json()}, error.headers)


def _is_date(text: str) -> bool:
    with suppress(ValueError):
        return bool(date.fromisoformat(text))
    return False


def _read(body: bytes) -> Any:
    text = body.decode("utf-8-sig")
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError:
        return json.loads(strict(text), parse_constant=_no_number)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not a JSON number.")
