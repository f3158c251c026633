"""HTTPS on loopback: the endpoint's own port, and one for each data plane that clients know by its host.

Azure gives a vault a host name of its own, and its clients read the vault from it. On loopback a port does that: it
needs no name to be resolved.
"""

import logging
import socket
from threading import RLock, Thread

import uvicorn
from starlette.types import ASGIApp

from local.arm.certificates import Certificates
from local.arm.store import Store
from local.errors import LocalError

ADDRESS = "127.0.0.1"
BACKLOG = 1024
"""Connections that may wait to be accepted."""
SECONDS_TO_END = 2
"""How long requests that are being answered, and idle connections, may take to end when a server does."""
_logger = logging.getLogger(__name__)


class Listeners:
    """Servers by name, each with a port that it keeps from start to start as long as nobody else took it."""

    def __init__(self, store: Store, files: Certificates) -> None:
        self._store = store
        self._files = files
        self._servers: dict[str, tuple[str, uvicorn.Server, Thread]] = {}
        self._lock = RLock()

    def open(self, name: str, app: ASGIApp) -> str:
        """Serve an application unless a server of that name runs; returns its address, with a slash at its end."""
        with self._lock:
            if name not in self._servers:
                self._servers[name] = self._start(name, app)
            return self._servers[name][0]

    def close(self, name: str) -> None:
        """End a server; nothing happens if there is none."""
        with self._lock:
            running = self._servers.pop(name, None)
        if running:
            _, server, thread = running
            server.should_exit = True
            thread.join()

    def close_all(self) -> None:
        """End every server."""
        for name in list(self._servers):
            self.close(name)

    def _start(self, name: str, app: ASGIApp) -> tuple[str, uvicorn.Server, Thread]:
        kept = int(self._store.setting(f"port of {name}", 0))
        try:
            listener = listen(kept)
        except LocalError:
            listener = listen(0)
            _logger.warning("port %d of %s is taken by another process: it moves; refresh the stack", kept, name)
        port = listener.getsockname()[1]
        self._store.set_setting(f"port of {name}", port)
        server = uvicorn.Server(configuration(app, self._files))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, name=name, daemon=True)
        thread.start()
        return f"https://{ADDRESS}:{port}/", server, thread


def configuration(app: ASGIApp, files: Certificates, *, dated: bool = False) -> uvicorn.Config:
    """How an application is served; one that is `dated` says itself what time it is."""
    return uvicorn.Config(
        app,
        ssl_certfile=files.certificate,
        ssl_keyfile=str(files.key),
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=not dated,
        proxy_headers=False,
        timeout_graceful_shutdown=SECONDS_TO_END,
    )


def listen(port: int) -> socket.socket:
    """A socket that listens at a port, 0 for any that is free; raises LocalError when it cannot be had."""
    # The protocol is named because asyncio turns Nagle's algorithm off only then: with it each answer takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((ADDRESS, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        message = (
            f"port {port} of {ADDRESS} cannot be had ({error.strerror}); choose another, or 0 for any that is free"
        )
        raise LocalError(message) from error
    return listener
