"""The HTTP application: which requests need a token, what every answer carries, and that nothing ever leaks out."""

import asyncio
import json
import logging
import uuid
from collections.abc import Mapping
from email.utils import format_datetime

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local.arm.access_reviews import AccessReviews
from local.arm.admin import Admin
from local.arm.clock import Clock
from local.arm.cloud import Cloud
from local.arm.databricks import Databricks
from local.arm.errors import ArmError
from local.arm.faults import Faults
from local.arm.inference import Inference
from local.arm.operations import as_arm_error
from local.arm.page import Page
from local.arm.router import Router
from local.arm.sign_in import SignIn
from local.arm.wire import BODY_LIMIT, Reply, Request, error_reply, read_body
from local.errors import LocalError

METHODS = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"]
SCORING_BODY_LIMIT = 10 * 1024 * 1024
"""Largest request to a deployment, in bytes."""
SCORING_THREADS = 64
OWN_HEADERS = ("content-length", "date", "server")
"""What this server says itself when it passes an answer on."""
_logger = logging.getLogger(__name__)


def build(
    cloud: Cloud,
    router: Router,
    faults: Faults,
    admin: Admin,
    inference: Inference,
    reviews: AccessReviews,
    page: Page,
) -> ASGIApp:
    """The application of one endpoint."""

    # Threads of their own: models that are slow to answer must not hold up Resource Manager.
    scoring_threads = CapacityLimiter(SCORING_THREADS)

    async def arm(http: HttpRequest) -> Response:
        claims = cloud.directory.verify(http.headers.get("authorization"))
        request = await _read(http, cloud, str(claims["oid"]), BODY_LIMIT)
        await asyncio.sleep(faults.profile.latency_seconds)
        fault = faults.strike()
        if fault:
            raise fault
        reply = await run_in_threadpool(router.answer, request)
        return BrokenOff() if faults.drops() else _response(reply)

    async def control(http: HttpRequest) -> Response:
        cloud.directory.verify(http.headers.get("authorization"))
        request = await _read(http, cloud, "", BODY_LIMIT)
        return _response(await run_in_threadpool(admin.answer, request))

    async def score(http: HttpRequest) -> Response:
        request = await _read(http, cloud, "", SCORING_BODY_LIMIT)
        endpoint, path = http.path_params["endpoint"], f"/{http.path_params['path']}"
        status, headers, body = await to_thread.run_sync(
            inference.answer, endpoint, path, request, limiter=scoring_threads
        )
        kept = {name: value for name, value in headers.items() if name.lower() not in OWN_HEADERS}
        return Response(body, status, kept)

    async def databricks(http: HttpRequest) -> Response:
        request = await _read(http, cloud, "", BODY_LIMIT)
        return _response(await run_in_threadpool(workspaces.answer, http.path_params["workspace"], request))

    workspaces = Databricks(cloud)

    async def review(http: HttpRequest) -> Response:
        request = await _read(http, cloud, "", BODY_LIMIT)
        cluster, question = http.path_params["cluster"], http.path_params["question"]
        return _response(await run_in_threadpool(reviews.answer, cluster, question, request))

    routes = [
        *page.routes(),
        *SignIn(cloud).routes(),
        Route("/local/{path:path}", control, methods=METHODS),
        Route("/kubernetes/{cluster}/{question}", review, methods=["POST"]),
        Route("/inference/{endpoint}/{path:path}", score, methods=["GET", "POST"]),
        Route("/databricks/{workspace}/{path:path}", databricks, methods=METHODS),
        Route("/{path:path}", arm, methods=METHODS),
    ]
    handlers = {
        ArmError: _refused,
        LocalError: _refused,
        HTTPException: _no_route,
        ClientDisconnect: _gone,
        Exception: _broken,
    }
    return Envelope(Starlette(routes=routes, exception_handlers=handlers), cloud.clock)


class Envelope:
    """Around everything: ids and the stored Azure's time on each answer, and no traceback beyond the log."""

    def __init__(self, application: ASGIApp, clock: Clock) -> None:
        self._application, self._clock = application, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        ids = _ids(HttpRequest(scope).headers)

        async def send_in_envelope(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(self._clock.now(), usegmt=True)
                message["headers"] = [*message["headers"], *ids, (b"date", date.encode())]
            await send(message)

        try:
            await self._application(scope, receive, send_in_envelope)
        except Exception:  # has been answered by `_broken`, unless an answer was under way already
            _logger.exception("%s %s broke", scope["method"], scope["path"])


class BrokenOff(Response):
    """An answer that begins and never ends: the server closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head alone."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})


async def _read(http: HttpRequest, cloud: Cloud, caller: str, limit: int) -> Request:
    return Request(
        method=http.method,
        path=http.scope["raw_path"].decode("ascii", errors="replace"),
        query={name.casefold(): value for name, value in http.query_params.items()},
        query_string=http.url.query,
        headers=dict(http.headers.items()),
        body=await read_body(http, limit),
        caller=caller,
        url=cloud.url,
    )


def _response(reply: Reply) -> Response:
    headers = {"Cache-Control": "no-cache", **reply.headers}
    if reply.body is None:
        return Response(status_code=reply.status, headers=headers)
    content = json.dumps(reply.body, separators=(",", ":"))
    return Response(content, reply.status, headers, "application/json; charset=utf-8")


def _refused(_: HttpRequest, error: Exception) -> Response:
    assert isinstance(error, ArmError | LocalError)
    return _response(error_reply(as_arm_error(error)))


def _no_route(_: HttpRequest, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _response(error_reply(ArmError(error.status_code, "HttpMethodNotAllowed", error.detail)))


def _gone(_: HttpRequest, __: Exception) -> Response:
    """The caller hung up while sending; nobody reads this."""
    return Response(status_code=400)


def _broken(_: HttpRequest, __: Exception) -> Response:
    message = "The request broke the endpoint; its log says where."
    return _response(error_reply(ArmError(500, "InternalServerError", message)))


def _ids(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    own = str(uuid.uuid4())
    correlation = headers.get("x-ms-correlation-request-id", own)
    ids = {
        "x-ms-request-id": own,
        "x-ms-correlation-request-id": correlation,
        "x-ms-routing-request-id": f"LOCAL:{own}",
    }
    client = headers.get("x-ms-client-request-id")
    if client and headers.get("x-ms-return-client-request-id", "true").casefold() == "true":
        ids["x-ms-client-request-id"] = client
    return [(name.encode(), value.encode("latin-1", "replace")) for name, value in ids.items()]
