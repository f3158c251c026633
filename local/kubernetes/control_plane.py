"""The processes of one cluster: etcd, API server, controllers, scheduler, and kwok for its nodes."""

import json
import os
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from local import loopback, ports
from local.arm.data_planes import ClusterObject, ClusterSpec, NodeSpec
from local.child import Child, ChildError
from local.errors import LocalError
from local.kubernetes.files import ADMIN, ClusterFiles
from local.loopback import ADDRESS

READY_LIMIT_SECONDS = 120.0
SERVICES = "10.96.0.0/16"
_SOCKET = "etcd:0"
"""Name of the store's socket: a relative path, as that of a socket may not be long, and for etcd a host with a port."""
_NOT_ON_AZURE = (
    "nodeipam",
    "cloud-node-lifecycle-controller",
    "node-route-controller",
    "service-lb-controller",
)
"""Controllers of what a cloud does."""
_NODES = "/api/v1/nodes"
_DONE_BEFORE = {("DELETE", HTTPStatus.NOT_FOUND), ("POST", HTTPStatus.CONFLICT)}
"""Answers to what somebody else has done already."""


class ControlPlane:
    """One cluster. Its processes end with this one."""

    def __init__(
        self, spec: ClusterSpec, program: Path, files: ClusterFiles, log: Path, tls: tuple[Path, Path]
    ) -> None:
        """Describe a cluster; nothing is started.

        program: the executable that is all the processes.
        log: folder of what they print.
        tls: certificate and key of the API server.
        """
        self.spec = spec
        self.files = files
        self._program = program
        self._log = log
        self._tls = tls
        self._port = 0
        self._children: list[Child] = []
        self._server: Child | None = None

    @property
    def alive(self) -> bool:
        """Whether every process runs."""
        return bool(self._children) and all(child.alive for child in self._children)

    @property
    def url(self) -> str:
        """Where the API server answers."""
        return f"https://{ADDRESS}:{self._port}"

    def start(self) -> None:
        """Start the processes; returns when the API server is ready, raises LocalError if it never is."""
        self.stop()
        self.files.prepare()
        self._port = ports.keep(self.files.port, f"cluster {self.spec.key}")
        self.files.write_kubeconfigs(self._port)
        try:
            listens = self.files.folder / _SOCKET
            listens.unlink(missing_ok=True)
            store = self._run("etcd", "--data-dir", "etcd", "--listen", f"unix://{_SOCKET}")
            store.wait_until(listens.exists, READY_LIMIT_SECONDS)
            self._server = self._run("kube-apiserver", *self._server_options())
            self._server.wait_until(partial(self._answers, "/readyz"), READY_LIMIT_SECONDS)
            self._run("kube-controller-manager", *self._controller_options())
            self._run("kube-scheduler", *self._client_options("scheduler"))
            self._run("kwok", "--manage-all-nodes", "--kubeconfig", str(self.files.kubeconfig("nodes")))
        except ChildError as error:
            self.stop()
            message = f"the Kubernetes API server of {self.spec.key} does not run: it {error}"
            raise LocalError(message) from error

    def stop(self) -> None:
        """End the processes, those first that talk to others."""
        while self._children:
            self._children.pop().stop()

    def put_nodes(self, nodes: Sequence[NodeSpec]) -> None:
        """Make these the nodes of the cluster."""
        present = {item["metadata"]["name"] for item in self._ask("GET", _NODES)["items"]}
        wanted = {node.name: node for node in nodes}
        for name in present - wanted.keys():
            self._ask("DELETE", f"{_NODES}/{quote(name)}")
        for name in wanted.keys() - present:
            self._ask("POST", _NODES, _node(wanted[name]))

    def put_objects(self, objects: Sequence[ClusterObject]) -> None:
        """Make these objects unless they are there; returns when all are in effect, raises LocalError if one is not."""
        assert self._server is not None
        for wanted in objects:
            self._ask("POST", wanted.collection, wanted.body)
            try:
                self._server.wait_until(partial(self._answers, wanted.answers), READY_LIMIT_SECONDS)
            except ChildError as error:
                message = f"{wanted.answers} is not served by the Kubernetes API server of {self.spec.key}: it {error}"
                raise LocalError(message) from error

    def _run(self, service: str, *options: str) -> Child:
        log = self._log / f"{self.spec.key}-{service}.log"
        environment = {"PATH": os.defpath, "HOME": str(self.files.folder)}
        child = Child([self._program, service, *options], environment=environment, cwd=self.files.folder, log=log)
        self._children.append(child)
        return child

    def _server_options(self) -> list[str]:
        certificate, key = self._tls
        return [
            f"--etcd-servers=unix://{_SOCKET}",
            *(f"--bind-address={ADDRESS}", f"--advertise-address={ADDRESS}", f"--secure-port={self._port}"),
            *(f"--tls-cert-file={certificate}", f"--tls-private-key-file={key}"),
            f"--service-account-issuer={self.spec.issuer}",
            f"--service-account-key-file={self.files.signing_key}",
            f"--service-account-signing-key-file={self.files.signing_key}",
            *(f"--token-auth-file={self.files.tokens}", "--anonymous-auth=false"),
            *(f"--service-cluster-ip-range={SERVICES}", "--endpoint-reconciler-type=none", "--allow-privileged"),
            *self._sign_in_options(),
        ]

    def _sign_in_options(self) -> list[str]:
        """Tokens of the directory are judged by whoever issues them, as are the rights that come from Azure roles."""
        options, modes = [], ["Node", "RBAC"]
        if self.spec.token_webhook:
            file = self.files.write_webhook("token", self.spec.token_webhook, self.spec.webhook_token)
            options += [
                f"--authentication-token-webhook-config-file={file}",
                "--authentication-token-webhook-version=v1",
            ]
        if self.spec.access_webhook:
            file = self.files.write_webhook("access", self.spec.access_webhook, self.spec.webhook_token)
            options += [
                f"--authorization-webhook-config-file={file}",
                "--authorization-webhook-version=v1",
                # A role that was assigned or taken away holds at once.
                "--authorization-webhook-cache-authorized-ttl=1s",
                "--authorization-webhook-cache-unauthorized-ttl=1s",
            ]
            modes.append("Webhook")
        return [*options, f"--authorization-mode={','.join(modes)}"]

    def _controller_options(self) -> list[str]:
        return [
            *self._client_options("controllers"),
            "--use-service-account-credentials",
            f"--service-account-private-key-file={self.files.signing_key}",
            f"--root-ca-file={self.files.ca}",
            f"--controllers={','.join(['*', *(f'-{name}' for name in _NOT_ON_AZURE)])}",
        ]

    def _client_options(self, user: str) -> list[str]:
        return [f"--kubeconfig={self.files.kubeconfig(user)}", "--leader-elect=false", "--secure-port=0"]

    def _answers(self, path: str) -> bool:
        try:
            return self._request("GET", path)[0] == HTTPStatus.OK
        except OSError:
            return False

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        status, answer = self._request(method, path, body)
        if status >= HTTPStatus.BAD_REQUEST and (method, status) not in _DONE_BEFORE:
            message = f"the Kubernetes API server of {self.spec.key} answered {method} {path} with {status}: "
            raise LocalError(message + (answer if isinstance(answer, str) else json.dumps(answer)))
        return answer

    def _request(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        return loopback.request(self._port, self.files.ca, self.files.token(ADMIN), method, path, body)


def _node(node: NodeSpec) -> dict[str, object]:
    """A node without a machine, which kwok keeps ready."""
    capacity = dict(node.capacity)
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": node.name,
            "labels": dict(node.labels),
            "annotations": {"kwok.x-k8s.io/node": "fake"},
        },
        "spec": {"providerID": node.provider_id, "taints": [dict(taint) for taint in node.taints]},
        "status": {"capacity": capacity, "allocatable": capacity},
    }
