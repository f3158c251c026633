"""What stands behind the control plane: blobs, models, clusters, and data planes with addresses of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

from starlette.types import ASGIApp

from local.errors import LocalError


class DeploymentFailed(LocalError):
    """A deployment does not run; the message has the end of its container's log."""

    def __init__(self, message: str, code: str = "ResourceNotReady") -> None:
        """The code is Azure's: `ImageBuildFailure`, `BadArgument` (no model or code to be had), `ResourceNotReady`.

        Source: learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints.
        """
        super().__init__(message)
        self.code = code


class NotAnswered(LocalError):
    """A deployment did not answer a request; `status` is what its caller gets."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class NotRunning(NotAnswered):
    """It did not even get the request, as nothing runs under its name."""

    def __init__(self, message: str) -> None:
        super().__init__(HTTPStatus.SERVICE_UNAVAILABLE, message)


@dataclass(frozen=True, kw_only=True)
class Probe:
    """When a container counts as ready, or as alive."""

    initial_delay_seconds: float = 10
    period_seconds: float = 10
    timeout_seconds: float = 2
    success_threshold: int = 1
    """Successes in a row that make it good."""
    failure_threshold: int = 30
    """Failures in a row that make it fail."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a running deployment is held to; a change of these needs no new process."""

    request_seconds: float = 5
    """Time for one answer."""
    pending_requests: int = 2
    """Requests that it takes at once; more are refused."""
    readiness: Probe = Probe()
    liveness: Probe = Probe()


@dataclass(frozen=True)
class DeploymentSpec:
    """All that a serving process is made of."""

    endpoint: str
    deployment: str
    model_url: str
    """Blob, or folder of blobs, with the model."""
    code_url: str
    """Folder of blobs with the scoring script."""
    scoring_script: str
    """Path of the script below the code folder."""
    environment_file: str
    """Text of the conda file, or of a pip requirements file."""
    environment_variables: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = Limits()


class Blobs(Protocol):
    """Storage accounts, containers and blobs."""

    def start(self) -> None:
        """Make the accounts that exist answer."""

    def stop(self) -> None:
        """Save and end."""

    def endpoint(self, account: str) -> str:
        """The account's `primaryEndpoints.blob`, with a slash at its end."""

    def keys(self, account: str) -> tuple[str, str]:
        """The account's two keys (base64)."""

    def put_account(self, account: str, *, takes_keys: bool) -> None:
        """Create an account unless it exists; from now on its keys are taken or refused."""

    def delete_account(self, account: str) -> None:
        """Delete an account and what it holds; nothing happens if it does not exist."""

    def put_container(self, account: str, container: str) -> None:
        """Create a container unless it exists."""

    def delete_container(self, account: str, container: str) -> None:
        """Delete a container and what it holds; nothing happens if it does not exist."""

    def holds_blobs(self, account: str, container: str) -> bool:
        """Whether there is a blob in a container."""

    def download(self, url: str, target: Path) -> None:
        """Write the blob at `url`, or all blobs below it, into the folder `target`."""


class Serving(Protocol):
    """Online deployments as processes."""

    def deploy(self, spec: DeploymentSpec) -> None:
        """Run `spec`; returns when its readiness probe answers, raises DeploymentFailed if it never does."""

    def remove(self, endpoint: str, deployment: str) -> None:
        """End a deployment when it has answered what it took; nothing happens if it does not run."""

    def stop_all(self) -> None:
        """End every deployment."""

    def score(
        self, endpoint: str, deployment: str, path: str, method: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body of the model's own answer; raises NotAnswered where there is none."""

    def log(self, endpoint: str, deployment: str, container: str, lines: int) -> str:
        """The last lines of what a container of a deployment printed; empty where it printed nothing.

        container: `InferenceServer` or `StorageInitializer`.
        """


@dataclass(frozen=True, kw_only=True)
class NodeSpec:
    """One node of a Kubernetes cluster."""

    name: str
    provider_id: str
    """The virtual machine that it would be."""
    labels: Mapping[str, str]
    taints: Sequence[Mapping[str, str]]
    capacity: Mapping[str, str]
    """Kubernetes quantities by resource name."""


@dataclass(frozen=True, kw_only=True)
class ClusterSpec:
    """What a Kubernetes control plane has to know when it starts."""

    key: str
    """Names the cluster on this machine."""
    issuer: str
    """The issuer in the tokens of its service accounts."""
    token_webhook: str | None
    """Who tells whose token a bearer token is; None: only the cluster's own tokens are let in."""
    access_webhook: str | None
    """Who tells what somebody may do, beside the cluster's own role bindings."""
    webhook_token: str
    """What the API server shows to both."""


@dataclass(frozen=True, kw_only=True)
class ClusterObject:
    """An object that Azure puts into a Kubernetes cluster."""

    collection: str
    """Path of the API that makes objects of its kind."""
    answers: str
    """Path that answers once the object is in effect."""
    body: Mapping[str, Any]


@dataclass(frozen=True)
class ClusterAccess:
    """How to reach a Kubernetes API server."""

    url: str
    ca: str
    """Certificate of its authority (PEM)."""
    admin_token: str


class Clusters(Protocol):
    """Kubernetes clusters."""

    @property
    def version(self) -> str | None:
        """The version of Kubernetes, None where there are no clusters to be had."""

    def run(self, spec: ClusterSpec, nodes: Sequence[NodeSpec], objects: Sequence[ClusterObject]) -> None:
        """Start a cluster unless it runs, and give it its nodes and these objects.

        Nothing happens where there are no clusters to be had.
        """

    def access(self, key: str) -> ClusterAccess:
        """How to reach a cluster; raises LocalError for one that does not run."""

    def stop(self, key: str) -> None:
        """End a cluster; what it holds stays."""

    def remove(self, key: str) -> None:
        """End a cluster and forget what it holds; nothing happens if there is none."""

    def stop_all(self) -> None:
        """End every cluster, for good."""


class Listeners(Protocol):
    """Data planes that clients know by their host."""

    def open(self, name: str, app: ASGIApp) -> str:
        """Serve an application unless one of that name is served; its address, with a slash at its end."""

    def close(self, name: str) -> None:
        """End it; nothing happens if it is not served."""
