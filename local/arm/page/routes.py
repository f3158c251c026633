"""The page's routes: a form that takes the token once, a cookie that stands for it, the page and its style.

The token travels in the body of one POST, so that no history, referrer or log has it; the cookie is a random value that
this process alone knows, and opens nothing but the page.
"""

import secrets
from pathlib import Path
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from local.arm.admin import Admin
from local.arm.errors import ArmError
from local.arm.manager import Manager
from local.arm.page import view
from local.arm.page.overview import overview

COOKIE = "__Host-page"
FORM_LIMIT = 16 * 1024
MOST_SESSIONS = 64
SESSION_SECONDS = 12 * 3600
STYLE = Path(__file__).with_name("style.css")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Page:
    """The page of one endpoint."""

    def __init__(self, manager: Manager, admin: Admin) -> None:
        self._manager = manager
        self._admin = admin
        self._sessions: dict[str, None] = {}

    def routes(self) -> list[Route]:
        """As the application serves them."""
        return [
            Route("/", self.show),
            Route(view.SIGN_IN, self.sign_in, methods=["POST"]),
            Route(view.SIGN_OUT, self.sign_out, methods=["POST"]),
            Route(view.STYLE, self.style),
        ]

    async def show(self, request: Request) -> Response:
        """GET /: the page for who has signed in, else the form."""
        if request.cookies.get(COOKIE, "") not in self._sessions:
            return HTMLResponse(view.sign_in(), 401, HEADERS)
        return HTMLResponse(await run_in_threadpool(self._shown), headers=HEADERS)

    async def sign_in(self, request: Request) -> Response:
        """POST /page/sign-in `token=…`: a cookie in exchange for the token."""
        token = await _token(request)
        try:
            self._manager.cloud.directory.verify(f"Bearer {token}")
        except ArmError as error:
            return HTMLResponse(view.sign_in(error.message), 401, HEADERS)
        session = secrets.token_urlsafe(32)
        self._sessions[session] = None
        while len(self._sessions) > MOST_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        answer = _back()
        answer.set_cookie(COOKIE, session, SESSION_SECONDS, secure=True, httponly=True, samesite="strict")
        return answer

    async def sign_out(self, request: Request) -> Response:
        """POST /page/sign-out: the cookie stands for nothing any more."""
        self._sessions.pop(request.cookies.get(COOKIE, ""), None)
        answer = _back()
        answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict")
        return answer

    async def style(self, _: Request) -> Response:
        """GET /page/style.css."""
        return Response(STYLE.read_bytes(), headers=HEADERS, media_type="text/css")

    def _shown(self) -> str:
        return view.page(overview(self._manager, self._admin))


async def _token(request: Request) -> str:
    """The form's token, empty where there is none or the form is no such one."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_LIMIT:
            return ""
    return parse_qs(body.decode(errors="replace")).get("token", [""])[0]


def _back() -> Response:
    return RedirectResponse("/", 303, HEADERS)
