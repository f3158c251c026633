"""A stand-in for the endpoint's process: it takes the lock, answers over TLS, writes its file; no Azure behind it."""

import datetime
import http.server
import ipaddress
import json
import ssl
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from local.locks import held_for_life
from local.paths import Paths, write_private
from local.renewal import fingerprint

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"


def certificate(paths: Paths) -> Path:
    key_file = paths.home / "key.pem"
    if key_file.exists():
        return key_file
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
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    paths.ca.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(private)
    return key_file


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.headers["Authorization"] == "Bearer secret" else 401)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


def main(root: Path, port: int) -> int:
    paths = Paths(root)
    with held_for_life(paths.endpoint_lock) as mine:
        if not mine:
            return 3
        if (root / "refuse").exists():
            sys.stdout.write("the store is damaged\n")
            return 4
        with (root / "starts").open("a") as starts:
            starts.write("x")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        key = certificate(paths)
        context.load_cert_chain(paths.ca, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        facts = {
            "endpoint": f"https://127.0.0.1:{server.server_port}",
            "token": "secret",
            "ca": str(paths.ca),
            "subscription_id": SUBSCRIPTION,
            "tenant_id": SUBSCRIPTION,
            "identity_header": "secret",
            "code": fingerprint(root),
        }
        write_private(paths.arm, json.dumps(facts))
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[-1])))
