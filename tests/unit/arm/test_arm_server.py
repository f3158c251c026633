"""The endpoint as a process: started, asked over HTTPS by many, and ended."""

import json
import os
import signal
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPSConnection
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest

from local.arm.server import serve
from local.arm.store import VERSION, Store
from local.errors import LocalError
from local.paths import Paths

SERVE = """
import sys
from pathlib import Path
from local.arm.server import serve
from local.paths import Paths
serve(Paths(Path(sys.argv[1])), int(sys.argv[2]))
"""
IDENTITIES = "providers/Microsoft.ManagedIdentity/userAssignedIdentities"


class Process:
    """An endpoint in a process of its own."""

    def __init__(self, root: Path, port: int = 0) -> None:
        paths = Paths(root)
        paths.make()
        paths.arm.unlink(missing_ok=True)
        self.log = paths.log / "test.log"
        with self.log.open("ab") as output:
            command = [sys.executable, "-c", SERVE, str(root), str(port)]
            self.process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        deadline = monotonic() + 30
        while not paths.arm.exists():
            assert self.process.poll() is None, self.log.read_text()
            assert monotonic() < deadline, "the endpoint does not answer"
            sleep(0.02)
        self.facts = json.loads(paths.arm.read_text())
        self.arm = paths.arm
        address = urlsplit(self.facts["endpoint"])
        self.port = address.port or 0
        self.context = ssl.create_default_context(cafile=self.facts["ca"])
        self.group = f"/subscriptions/{self.facts['subscription_id']}/resourceGroups/rg-test"

    def connect(self) -> HTTPSConnection:
        return HTTPSConnection("127.0.0.1", self.port, timeout=30, context=self.context)

    def ask(self, connection: HTTPSConnection, method: str, path: str, body: object = None) -> int:
        headers = {"Authorization": f"Bearer {self.facts['token']}"}
        connection.request(method, f"{path}?api-version=2024-01-01", json.dumps(body) if body else None, headers)
        response = connection.getresponse()
        response.read()
        return response.status

    def end(self, number: int) -> None:
        self.process.send_signal(number)
        self.process.wait(20)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process(tmp_path_factory.mktemp("endpoint"))
    assert process.ask(process.connect(), "PUT", process.group, {"location": "westeurope"}) == 201
    yield process
    process.end(signal.SIGTERM)
    assert process.process.returncode == 0
    assert "Traceback" not in process.log.read_text()


def test_a_thousand_requests_of_a_hundred_callers_are_all_answered(endpoint: Process) -> None:
    def ten(caller: int) -> set[int]:
        connection = endpoint.connect()
        paths = [f"{endpoint.group}/{IDENTITIES}/id-{(caller + number) % 50}" for number in range(10)]
        methods = ("PUT", "GET") * 5
        try:
            return {
                endpoint.ask(connection, method, path, {"location": "westeurope"})
                for method, path in zip(methods, paths, strict=True)
            }
        finally:
            connection.close()

    with ThreadPoolExecutor(100) as callers:
        statuses = set().union(*callers.map(ten, range(100)))
    assert statuses <= {200, 201, 404}


def test_the_facts_for_clients_are_private_and_complete(endpoint: Process) -> None:
    assert endpoint.arm.stat().st_mode & 0o777 == 0o600
    assert endpoint.facts.keys() >= {"endpoint", "token", "ca", "subscription_id", "tenant_id"}
    store = endpoint.arm.with_name("store.db")
    assert {file.stat().st_mode & 0o077 for file in store.parent.glob("store.db*")} == {0}


def test_a_port_that_is_taken_is_one_clear_error(endpoint: Process, tmp_path_factory: pytest.TempPathFactory) -> None:
    paths = Paths(tmp_path_factory.mktemp("other"))
    paths.make()
    with pytest.raises(LocalError, match=f"port {endpoint.port} .* cannot be had"):
        serve(paths, endpoint.port)


def test_a_store_that_is_damaged_is_one_clear_error(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    paths.make()
    paths.store.write_bytes(os.urandom(4096))
    with pytest.raises(LocalError, match="cannot be read"):
        serve(paths)


@pytest.mark.parametrize("version", [VERSION - 1, VERSION + 1])
def test_a_store_of_another_version_is_one_clear_error_with_the_way_out(tmp_path: Path, version: int) -> None:
    Store(tmp_path / "store.db").close()
    with sqlite3.connect(tmp_path / "store.db") as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(LocalError, match=f"has version {version} .* `python -m local reset` starts anew"):
        Store(tmp_path / "store.db")
