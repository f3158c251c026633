"""The local Resource Manager on its own: how fast it answers with a full store, and that a killed one loses nothing."""

import http.client
import json
import os
import random
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Semaphore, Thread
from typing import Any

from bench.timing import ROOT
from local import locks
from local.arm.identifiers import ResourceId
from local.arm.store import Store
from local.paths import HOME_VARIABLE, Paths

IDENTITY, VERSION = "Microsoft.ManagedIdentity/userAssignedIdentities", "2023-01-31"
RESOURCES = 5000
REQUESTS = 60
WRITERS = 8
BODY = {"location": "westeurope", "tags": {"owner": "bench", "cost-center": "1234"}}


class Client:
    """One connection to an endpoint."""

    def __init__(self, paths: Paths) -> None:
        facts = json.loads(paths.arm.read_text())
        port = int(facts["endpoint"].rpartition(":")[2])
        context = ssl.create_default_context(cafile=facts["ca"])
        self._connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=60)
        self._headers = {"Authorization": f"Bearer {facts['token']}", "Content-Type": "application/json"}
        self.group = f"/subscriptions/{facts['subscription_id']}/resourceGroups/rg-bench"

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """The decoded answer to a request, which has to be a success; raises OSError when the endpoint is gone."""
        joint = "&" if "?" in path else "?"
        content = None if body is None else json.dumps(body)
        try:
            self._connection.request(method, f"{path}{joint}api-version={VERSION}", content, self._headers)
            answer = self._connection.getresponse()
            text = answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        if answer.status >= http.client.BAD_REQUEST:
            raise RuntimeError(f"{method} {path} answered {answer.status}: {text.decode(errors='replace')[:500]}")
        return json.loads(text) if text else None

    def identity(self, name: str) -> str:
        """The path of an identity in the group."""
        return f"{self.group}/providers/{IDENTITY}/{name}"

    def listed(self) -> dict[str, Any]:
        """Every resource of the group by name, page after page."""
        found: dict[str, Any] = {}
        path = f"{self.group}/providers/{IDENTITY}"
        while path:
            page = self("GET", path)
            found |= {entry["name"]: entry for entry in page["value"]}
            path = page.get("nextLink", "").partition("127.0.0.1:")[2].partition("/")[2]
            path = f"/{path.replace(f'api-version={VERSION}&', '')}" if path else ""
        return found


@contextmanager
def endpoint() -> Iterator[Paths]:
    """A local target of its own, not started; ended and removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(ROOT, Path(folder, "home"))
        try:
            yield paths
        finally:
            _local(paths, "stop")


def start(paths: Paths) -> Client:
    """A client of the endpoint, started unless it runs."""
    _local(paths, "start")
    return Client(paths)


def latency() -> dict[str, float]:
    """Medians of requests with 5,000 resources in the store, over HTTPS on one connection."""
    with endpoint() as paths:
        client = start(paths)
        client("PUT", client.group, {"location": "westeurope"})
        client("PUT", client.identity("id-first"), BODY)
        _local(paths, "stop")
        _fill(paths, client.identity("id-first"))
        client = start(paths)
        middle = client.identity(f"id-{RESOURCES // 2}")
        return {
            "endpoint_get_ms": _median_ms(client, middle),
            "endpoint_list_group_page_ms": _median_ms(client, f"{client.group}/resources"),
            "endpoint_list_type_page_ms": _median_ms(client, f"{client.group}/providers/{IDENTITY}"),
        }


@dataclass
class Written:
    """What a round wrote."""

    acknowledged: list[str]
    lost: list[str]
    """Acknowledged, and not there after the endpoint started again."""


def kill(paths: Paths, number: int) -> Written:
    """One round: writers at work, `kill -9` at a moment by chance, a new start, and a look at what is there."""
    client = start(paths)
    client("PUT", client.group, {"location": "westeurope"})
    acknowledged: list[str] = []
    moment = Semaphore(0)
    writers = [
        Thread(target=_write, args=(paths, f"id-{number}-{writer}", acknowledged, moment)) for writer in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    for _ in range(random.Random(number).randint(5, 120)):  # noqa: S311 - a moment, not a secret
        assert moment.acquire(timeout=60), "the writers do not get on"
    pid = locks.holder(paths.endpoint_lock)
    assert pid is not None, "the endpoint has ended by itself"
    os.kill(pid, signal.SIGKILL)
    for writer in writers:
        writer.join()
    found = start(paths).listed()
    return Written(acknowledged, [name for name in acknowledged if found.get(name, {}).get("tags") != BODY["tags"]])


def kills(rounds: int = 100) -> dict[str, float]:
    """Rounds of `kill -9` under write load, all on one store."""
    with endpoint() as paths:
        written = [kill(paths, number) for number in range(rounds)]
    return {
        "kill_rounds": rounds,
        "kill_writes_acknowledged": sum(len(one.acknowledged) for one in written),
        "kill_writes_lost": sum(len(one.lost) for one in written),
    }


def _write(paths: Paths, prefix: str, acknowledged: list[str], moment: Semaphore) -> None:
    """Write one resource after another until the endpoint is gone."""
    client, number = Client(paths), 0
    try:
        while True:
            name = f"{prefix}-{number}"
            client("PUT", client.identity(name), BODY)
            acknowledged.append(name)
            moment.release()
            number += 1
    except OSError:
        return


def _fill(paths: Paths, pattern: str) -> None:
    """Put copies of a resource into the store of an endpoint that does not run."""
    store = Store(paths.store)
    first = store.get(ResourceId.parse(pattern))
    assert first is not None
    assert first.id.scope is not None
    with store.transaction():
        for number in range(RESOURCES):
            store.put(replace(first, id=first.id.scope.extension(IDENTITY, f"id-{number}")))
    store.close()


def _median_ms(client: Client, path: str) -> float:
    times = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        client("GET", path)
        times.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(times), 1)


def _local(paths: Paths, command: str) -> None:
    variables = {**os.environ, HOME_VARIABLE: str(paths.home)}
    subprocess.run([sys.executable, "-m", "local", command], cwd=ROOT, env=variables, check=True, capture_output=True)
