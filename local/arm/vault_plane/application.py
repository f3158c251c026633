"""The HTTP application behind one vault's address.

Sources: learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses (challenge, errors).
"""

import re
from collections.abc import Callable
from functools import partial

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from local.arm.cloud import Cloud
from local.arm.directory import Directory
from local.arm.documents import Json
from local.arm.errors import ArmError, bad_request, not_found
from local.arm.identifiers import ResourceId
from local.arm.vault_plane.operations import ROUTES
from local.arm.vault_plane.requests import VaultRequest
from local.arm.vault_plane.versions import NAME
from local.arm.wire import Request, read_body

AUDIENCE = "https://vault.azure.net"
BODY_LIMIT = 64 * 1024
METHODS = ["GET", "PUT", "POST", "PATCH", "DELETE"]

_SEGMENTS = {"{name}": f"(?P<name>{NAME})", "{version}": "(?P<version>[0-9a-f]{32})"}


def build(cloud: Cloud, vault: ResourceId) -> ASGIApp:
    """The application of a vault that exists."""

    async def answer(http: HttpRequest) -> Response:
        try:
            caller = _caller(cloud.directory, cloud.url, http.headers.get("authorization"))
            request = Request(
                method=http.method,
                path=http.url.path,
                query=dict(http.query_params),
                query_string=http.url.query,
                headers=dict(http.headers.items()),
                body=await read_body(http, BODY_LIMIT),
                caller=caller,
                url=cloud.url,
            )
            document = await run_in_threadpool(_answer, cloud, vault, request)
        except ArmError as error:
            return JSONResponse({"error": error.as_json()}, error.status, error.headers)
        return Response(status_code=204) if document is None else JSONResponse(document)

    return Starlette(routes=[Route("/{path:path}", answer, methods=METHODS)])


def _answer(cloud: Cloud, vault: ResourceId, request: Request) -> Json | None:
    if not request.query.get("api-version"):
        raise bad_request("BadParameter", "The query parameter api-version is required.")
    collection, operation = _route(request)
    with cloud.store.transaction():
        resource = cloud.store.get(vault)
        if resource is None:
            raise not_found("VaultNotFound", f"The vault '{vault.name}' is deleted.")
        body = request.optional_document()
        return operation(VaultRequest(cloud, resource, request.caller, collection, body, request.query))


def _route(request: Request) -> tuple[str, Callable[[VaultRequest], Json | None]]:
    """The collection that a request is about and what answers; raises ArmError where nothing does."""
    path = request.path.strip("/")
    for method, collections, below, operation in ROUTES:
        pattern = "/".join(part for part in (f"(?P<collection>{collections})", below) if part)
        for placeholder, form in _SEGMENTS.items():
            pattern = pattern.replace(placeholder, form)
        match = re.fullmatch(pattern, path) if method == request.method else None
        if match:
            names = match.groupdict()
            return names.pop("collection").removeprefix("deleted"), partial(operation, **names)
    message = f"'{request.method} /{path}' is nothing that this local vault answers: it has secrets and keys."
    raise not_found("NotFound", message)


def _caller(directory: Directory, authority: str, authorization: str | None) -> str:
    """Object id of who calls; raises ArmError 401 with the challenge that tells a client where to get a token."""
    challenge = f'Bearer authorization="{authority}/{directory.tenant_id}", resource="{AUDIENCE}"'
    headers = {"WWW-Authenticate": challenge}
    if not authorization:
        message = "AKV10000: Request is missing a Bearer or PoP token."
        raise ArmError(401, "Unauthorized", message, headers=headers)
    try:
        claims = directory.verify(authorization)
    except ArmError as error:
        raise ArmError(401, "Unauthorized", error.message, headers=headers) from error
    if str(claims["aud"]).rstrip("/") != AUDIENCE:
        message = f"AKV10022: Invalid audience. Expected {AUDIENCE}, found: {claims['aud']}."
        raise ArmError(401, "Unauthorized", message, headers=headers)
    return str(claims["oid"])
