"""A client of the endpoint's application without a network, and stand-ins for what is behind the endpoint."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from starlette.types import ASGIApp, Message

from local.arm import application
from local.arm.access_reviews import AccessReviews
from local.arm.admin import Admin
from local.arm.behaviours.container_service.clusters import by_key
from local.arm.behaviours.covered import catalogue
from local.arm.clock import Clock
from local.arm.cloud import Cloud
from local.arm.data_planes import (
    ClusterAccess,
    ClusterObject,
    ClusterSpec,
    DeploymentFailed,
    DeploymentSpec,
    NodeSpec,
    NotAnswered,
    NotRunning,
)
from local.arm.directory import Directory
from local.arm.documents import Json
from local.arm.faults import Faults
from local.arm.inference import Inference
from local.arm.manager import Contract, Manager
from local.arm.operations import Operations
from local.arm.page import Page
from local.arm.restoring import refresh
from local.arm.router import Router
from local.arm.store import Store
from local.errors import LocalError

URL = "https://127.0.0.1:4443"
REGION = "westeurope"


class FakeBlobs:
    """Accounts and containers as sets; `gate` holds changes of accounts back, `failure` makes additions fail.

    `taking_keys` are the accounts whose keys are taken, `filled` the containers that hold a blob.
    """

    SETS = ("accounts", "containers", "taking_keys", "filled")

    def __init__(self) -> None:
        self.failure: str | None = None
        self.accounts: set[str] = set()
        self.containers: set[tuple[str, str]] = set()
        self.taking_keys: set[str] = set()
        self.filled: set[tuple[str, str]] = set()
        self.gate = Event()
        self.gate.set()

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def endpoint(self, account: str) -> str:
        return f"https://127.0.0.1:10000/{account}/"

    def keys(self, account: str) -> tuple[str, str]:
        return f"{account}-key-1", f"{account}-key-2"

    def put_account(self, account: str, *, takes_keys: bool) -> None:
        assert self.gate.wait(10)
        self._check()
        self.accounts.add(account)
        (self.taking_keys.add if takes_keys else self.taking_keys.discard)(account)

    def delete_account(self, account: str) -> None:
        assert self.gate.wait(10)
        self.accounts.discard(account)

    def put_container(self, account: str, container: str) -> None:
        self._check()
        self.containers.add((account, container))

    def delete_container(self, account: str, container: str) -> None:
        self.containers.discard((account, container))

    def holds_blobs(self, account: str, container: str) -> bool:
        return (account, container) in self.filled

    def download(self, url: str, target: Path) -> None: ...

    def _check(self) -> None:
        if self.failure:
            raise LocalError(self.failure)


class FakeServing:
    """Deployments as specifications; `gate` holds deployments back, `failure` makes them fail.

    Models answer with `status`, unless `refusal` says that they do not answer; `while_scoring` happens meanwhile.
    """

    def __init__(self) -> None:
        self.running: dict[tuple[str, str], DeploymentSpec] = {}
        self.failure: DeploymentFailed | None = None
        self.status = 200
        self.refusal: NotAnswered | None = None
        self.while_scoring: Callable[[str], None] = lambda deployment: None
        self.gate = Event()
        self.gate.set()

    def deploy(self, spec: DeploymentSpec) -> None:
        assert self.gate.wait(10)
        if self.failure:
            raise self.failure
        self.running[spec.endpoint, spec.deployment] = spec

    def remove(self, endpoint: str, deployment: str) -> None:
        self.running.pop((endpoint, deployment), None)

    def stop_all(self) -> None:
        self.running.clear()

    def score(
        self, endpoint: str, deployment: str, path: str, method: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        self.while_scoring(deployment)
        if (endpoint, deployment) not in self.running:
            raise NotRunning("not running")
        if self.refusal:
            raise self.refusal
        return self.status, {"Content-Type": "text/plain"}, f"{deployment} {method} {path}".encode()

    def log(self, endpoint: str, deployment: str, container: str, lines: int) -> str:
        return f"{container} of {deployment}, {lines} lines\n"


class FakeClusters:
    """Clusters as specifications with their nodes; `gate` holds starts back, `version` None has none at all."""

    def __init__(self) -> None:
        self.version: str | None = "1.33.4"
        self.running: dict[str, tuple[ClusterSpec, Sequence[NodeSpec]]] = {}
        self.objects: Sequence[ClusterObject] = ()
        self.removed: list[str] = []
        self.gate = Event()
        self.gate.set()

    def run(self, spec: ClusterSpec, nodes: Sequence[NodeSpec], objects: Sequence[ClusterObject]) -> None:
        assert self.gate.wait(10)
        if self.version:
            self.running[spec.key], self.objects = (spec, nodes), objects

    def access(self, key: str) -> ClusterAccess:
        if key not in self.running:
            raise LocalError(f"nothing runs behind {key}")
        return ClusterAccess("https://127.0.0.1:6443", "the authority", "the token")

    def stop(self, key: str) -> None:
        self.running.pop(key, None)

    def remove(self, key: str) -> None:
        self.stop(key)
        self.removed.append(key)

    def stop_all(self) -> None:
        self.running.clear()

    @property
    def nodes(self) -> Sequence[NodeSpec]:
        """Those of the only cluster."""
        ((_, nodes),) = self.running.values()
        return nodes


class FakeListeners:
    """Applications by name; each has a port of its own, on which nothing listens."""

    def __init__(self) -> None:
        self.apps: dict[str, ASGIApp] = {}
        self._names: list[str] = []

    def open(self, name: str, app: ASGIApp) -> str:
        self.apps.setdefault(name, app)
        if name not in self._names:
            self._names.append(name)
        return f"https://127.0.0.1:{20_000 + self._names.index(name)}/"

    def close(self, name: str) -> None:
        self.apps.pop(name, None)


class NoContracts:
    """No body is judged."""

    def by_arm_type(self, arm_type: str) -> Contract | None:
        return None


@dataclass
class Answer:
    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> str:
        """The error's code, empty for a success."""
        error = self.body.get("error", {}) if isinstance(self.body, dict) else {}
        return str(error.get("code", ""))

    @property
    def message(self) -> str:
        return str(self.body["error"]["message"])

    @property
    def properties(self) -> Json:
        found: Json = self.body["properties"]
        return found


class Azure:
    """The endpoint in this process: `azure("GET", path)` is one request."""

    def __init__(self, file: Path, contracts: Any = None) -> None:
        self.blobs, self.serving, self.clusters = FakeBlobs(), FakeServing(), FakeClusters()
        self.listeners = FakeListeners()
        self.store = Store(file)
        self.directory = Directory(self.store)
        behind = (self.blobs, self.serving, self.clusters, self.listeners)
        self.cloud = Cloud(self.store, Clock(self.store), self.directory, *behind, URL)
        self.manager = Manager(
            self.cloud, catalogue(), contracts or NoContracts(), Operations(self.cloud), Faults(self.store)
        )
        inference = Inference(self.cloud)
        admin = Admin(self.manager, inference)
        self.app: ASGIApp = application.build(
            self.cloud,
            Router(self.manager),
            self.manager.faults,
            admin,
            inference,
            AccessReviews(self.cloud, by_key),
            Page(self.manager, admin),
        )
        self.token = self.directory.issue("https://management.azure.com/")
        self.subscription = f"/subscriptions/{self.directory.subscription_id}"
        self.loop = asyncio.new_event_loop()

    def close(self) -> None:
        self.manager.operations.stop()
        self.loop.close()

    def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        version: str | None = "2024-01-01",
        headers: Mapping[str, str] | None = None,
        token: str | None = "",
        raw: bytes | None = None,
    ) -> Answer:
        """One request; `raw` is a body as it is, `token` None sends no token."""
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        joint = "&" if "?" in path else "?"
        target = path if version is None else f"{path}{joint}api-version={version}"
        sent = {"host": "127.0.0.1", **(headers or {})}
        if token is not None:
            sent["authorization"] = f"Bearer {token or self.token}"
        return self.loop.run_until_complete(drive(self.app, method, target, sent, content))

    def put(self, path: str, body: Json, **options: Any) -> Answer:
        """PUT that must be accepted, its operation waited for; returns the resource."""
        answer = self("PUT", path, body, **options)
        assert answer.status < 300, answer.body
        self.settle(answer)
        return self("GET", path)

    def delete(self, path: str, **options: Any) -> Answer:
        """DELETE that must be accepted, its operation waited for."""
        answer = self("DELETE", path, **options)
        assert answer.status < 300, answer.body
        self.settle(answer)
        return answer

    def settle(self, answer: Answer) -> Answer:
        """The last answer of a long-running operation's polling."""
        link = answer.headers.get("azure-asyncoperation") or answer.headers.get("location")
        deadline = monotonic() + 10
        while link:
            parts = urlsplit(link)
            polled = self("GET", f"{parts.path}?{parts.query}", version=None)
            if polled.status != 202 and (polled.body or {}).get("status") != "InProgress":
                return polled
            assert monotonic() < deadline, "the operation does not end"
            sleep(0.005)
        return answer

    def group(self, name: str = "rg-test") -> str:
        """A resource group that exists."""
        path = f"{self.subscription}/resourceGroups/{name}"
        self.put(path, {"location": REGION})
        return path


def answer_in_turn(patch: pytest.MonkeyPatch) -> None:
    """Let endpoints answer each request in the thread that sends it."""

    async def at_once(work: Callable[..., Any], *arguments: Any) -> Any:
        return work(*arguments)

    patch.setattr(application, "run_in_threadpool", at_once)


class Snapshot:
    """All that an endpoint holds at a moment, to begin with in another one of the same directory."""

    def __init__(self, azure: Azure) -> None:
        self._store = sqlite3.connect(":memory:", check_same_thread=False)
        azure.store.connection.backup(self._store)
        self._file = azure.store.connection.serialize()
        self._blobs = {name: set(getattr(azure.blobs, name)) for name in FakeBlobs.SETS}
        self._running = dict(azure.serving.running)
        self._clusters = dict(azure.clusters.running)

    def write(self, file: Path) -> None:
        """Make a store of it."""
        file.write_bytes(self._file)

    def restore(self, azure: Azure) -> None:
        """Put it into an endpoint that holds nothing else, as after a restart."""
        present = {row["key"] for row in azure.store.rows("SELECT key FROM resources")}
        assert present <= {key for (key,) in self._store.execute("SELECT key FROM resources")}
        self._store.backup(azure.store.connection)
        for name, members in self._blobs.items():
            setattr(azure.blobs, name, set(members))
        azure.serving.running = dict(self._running)
        azure.clusters.running = dict(self._clusters)
        refresh(azure.manager)


Once = Callable[[str, Callable[[], Any]], Any]
"""Makes what a name stands for where it was not made before, else restores it; the fixture `once`."""


async def drive(app: ASGIApp, method: str, target: str, headers: Mapping[str, str], content: bytes) -> Answer:
    """Send one request to an ASGI application."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": path,
        "raw_path": quote(path, safe="/%:@!$&'()*+,;=~").encode(),
        "query_string": quote(query, safe="%&=$+'/:").encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
    sent: list[Message] = []
    received = iter([{"type": "http.request", "body": content, "more_body": False}])

    async def receive() -> Message:
        return next(received, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    text = b"".join(message.get("body", b"") for message in sent[1:])
    found = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    body: Any = json.loads(text) if text and "json" in found.get("content-type", "") else text or None
    return Answer(start["status"], body, found)


@dataclass
class Platform:
    """Ids of the parts of a small machine-learning platform."""

    group: str
    identity: str
    principal: str
    storage: str
    vault: str
    logs: str
    insights: str
    workspace: str
    extra: dict[str, str] = field(default_factory=dict)


def platform(azure: Azure) -> Platform:
    """A workspace with all that it stands on."""
    group = azure.group()
    providers = f"{group}/providers"
    identity = azure.put(f"{providers}/Microsoft.ManagedIdentity/userAssignedIdentities/id-test", {"location": REGION})
    storage = f"{providers}/Microsoft.Storage/storageAccounts/sttest"
    azure.put(storage, {"location": REGION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {}})
    vault = f"{providers}/Microsoft.KeyVault/vaults/kv-test"
    azure.put(vault, {"location": REGION, "properties": {"enableRbacAuthorization": True}})
    logs = f"{providers}/Microsoft.OperationalInsights/workspaces/log-test"
    azure.put(logs, {"location": REGION, "properties": {}})
    insights = f"{providers}/Microsoft.Insights/components/appi-test"
    azure.put(insights, {"location": REGION, "kind": "web", "properties": {"WorkspaceResourceId": logs}})
    workspace = f"{providers}/Microsoft.MachineLearningServices/workspaces/mlw-test"
    parts = Platform(
        group, identity.body["id"], identity.properties["principalId"], storage, vault, logs, insights, workspace
    )
    azure.put(workspace, workspace_body(parts))
    return parts


def feature_store(azure: Azure, parts: Platform) -> str:
    """A workspace of the kind FeatureStore."""
    path = parts.workspace.replace("mlw-test", "mlw-features")
    azure.put(path, {**workspace_body(parts), "kind": "FeatureStore"})
    return path


def workspace_body(parts: Platform, **properties: object) -> Json:
    """A workspace's body."""
    return {
        "location": REGION,
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {parts.identity: {}}},
        "properties": {
            "storageAccount": parts.storage,
            "keyVault": parts.vault,
            "applicationInsights": parts.insights,
            "primaryUserAssignedIdentity": parts.identity,
            **properties,
        },
    }
