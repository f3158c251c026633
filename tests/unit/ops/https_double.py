"""An HTTPS server on loopback that answers from a list and notes what it was asked."""

import datetime
import http.server
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Request:
    method: str
    path: str
    authorization: str | None
    body: str
    headers: Message


@dataclass
class Https:
    """What it answers, in order per path; the last answer for ever."""

    url: str = ""
    answers: dict[str, list[tuple[int, object, dict[str, str]]]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def answer(self, path: str, status: int, body: object = None, **headers: str) -> None:
        self.answers.setdefault(path, []).append((status, body, headers))


def _handler(double: Https) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def _respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            double.requests.append(Request(self.command, self.path, self.headers["Authorization"], body, self.headers))
            turns = double.answers.get(self.path.split("?")[0], [(404, {"error": {"code": "X", "message": "x"}}, {})])
            status, answer, headers = turns.pop(0) if len(turns) > 1 else turns[0]
            payload = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_DELETE = _respond  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@contextmanager
def serving(folder: Path) -> Iterator[Https]:
    """Serve until the block ends; `folder/ca.pem` is the certificate to trust."""
    double = Https()
    certificate, key = _certificate(folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(double))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    double.url = f"https://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "double")])
    loopback = x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([loopback]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "ca.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private
