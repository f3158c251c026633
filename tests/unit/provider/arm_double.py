"""A Resource Manager of a few lines, in this process: it keeps what is PUT, and does what a test scripts first."""

import base64
import json
import socket
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Reply = tuple[int, dict[str, str], Any]
Step = Callable[["Asked"], Reply | None]


class Asked:
    """A request that arrived."""

    def __init__(self, method: str, url: str, headers: dict[str, str], body: Any) -> None:
        parts = urlsplit(url)
        self.method, self.path, self.headers, self.body = method, parts.path, headers, body
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    connections = 0

    def get_request(self) -> tuple[socket.socket, Any]:
        self.connections += 1
        return super().get_request()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients here drop their connections at will."""


class ArmDouble:
    """Serves on loopback until closed."""

    def __init__(self) -> None:
        self.resources: dict[str, Any] = {}
        self.asked: list[Asked] = []
        self.tokens_issued = 0
        self.audiences: list[str] = []
        """Whom tokens were asked for, in order."""
        self.token_lifetime_seconds = 3600.0
        self._script: dict[tuple[str, str], list[Step]] = defaultdict(list)
        self._lock = threading.Lock()
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                data = self.rfile.read(length)
                asked = Asked(self.command, self.path, dict(self.headers), json.loads(data) if data else None)
                reply = double.reply(asked)
                if reply is None:
                    # Linger 0: the client sees a reset, as from a killed process.
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.close_connection = True
                    self.connection.close()
                    return
                status, headers, body = reply
                payload = b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_PUT = do_DELETE = do_POST = handle_one  # noqa: N815

            def log_message(self, *args: object) -> None:
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def connections(self) -> int:
        """How many connections were made."""
        return self._server.connections

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def script(self, method: str, path: str, *steps: Step) -> None:
        """Answer the next requests of a method to a path with these steps, one each."""
        self._script[method, path].extend(steps)

    def count(self, method: str, path: str) -> int:
        return sum(1 for asked in self.asked if (asked.method, asked.path) == (method, path))

    def reply(self, asked: Asked) -> Reply | None:
        with self._lock:
            if asked.path == "/identity/token":
                self.audiences.append(asked.query["resource"])
                return self._token()
            self.asked.append(asked)
            steps = self._script[asked.method, asked.path]
            step = steps.pop(0) if steps else self.default
        return step(asked)

    def default(self, asked: Asked) -> Reply:
        """Keep, give and forget resources."""
        found = self.resources.get(asked.path)
        if asked.method == "PUT":
            self.store(asked)
            return 200 if found else 201, {}, self.resources[asked.path]
        if found is None:
            return (204, {}, None) if asked.method == "DELETE" else refusal(404, "ResourceNotFound", "not found")
        if asked.method == "DELETE":
            del self.resources[asked.path]
            return 200, {}, None
        return 200, {}, found

    def store(self, asked: Asked) -> None:
        name = asked.path.rpartition("/")[2]
        self.resources[asked.path] = {**asked.body, "id": asked.path, "name": name, "type": "Double/resources"}

    def _token(self) -> Reply:
        self.tokens_issued += 1
        claims = {"appid": "app", "oid": "object", "tid": "tenant", "serial": self.tokens_issued}
        payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        expires_on = str(int(time.time() + self.token_lifetime_seconds))
        return 200, {}, {"access_token": f"head.{payload}.signature", "expires_on": expires_on}


def refusal(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Reply:
    return status, headers or {}, {"error": {"code": code, "message": message}}


def answers(status: int, headers: dict[str, str], body: Any) -> Step:
    return lambda asked: (status, headers, body)


def drops(asked: Asked) -> None:
    """End the connection without an answer."""
