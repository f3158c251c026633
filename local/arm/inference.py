"""The scoring route of online endpoints: who may call, which deployment answers, what is counted.

Status codes are those of a managed online endpoint (learn.microsoft.com/azure/machine-learning/
how-to-troubleshoot-online-endpoints, "HTTP status codes"): 404 when no deployment has traffic, 408 when an answer takes
too long, 424 when the model's own answer is not 200, 429 when too many requests are under way.
"""

import hmac
import math
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from threading import BoundedSemaphore, Thread

from local.arm.cloud import Cloud
from local.arm.data_planes import NotAnswered, NotRunning
from local.arm.documents import Json
from local.arm.errors import ArmError, not_found
from local.arm.rotation import Rotation
from local.arm.store import Resource
from local.arm.wire import Request

ENDPOINT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
DEPLOYMENT = f"{ENDPOINT}/deployments"
AUDIENCE = "https://ml.azure.com"
CHOICE = "azureml-model-deployment"
"""Header that picks a deployment, on requests and answers."""
NO_MODEL = 0
"""Counted in place of a model's status when no model answered."""

MIRRORED_AT_ONCE = 16
"""Copies under way; what comes on top of that is not mirrored, so that a slow model takes nothing from a fast one."""
BUCKET_GROWTH = 1.1

Answer = tuple[int, Mapping[str, str], bytes]


class Inference:
    """The online endpoints of one cloud as their callers see them."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._rotation = Rotation()
        self._mirroring = BoundedSemaphore(MIRRORED_AT_ONCE)

    def answer(self, name: str, path: str, request: Request) -> Answer:
        """What the endpoint answers; raises ArmError for a caller without access and where no deployment can answer."""
        endpoint = next(iter(self._cloud.store.of_type(ENDPOINT, name=name)), None)
        if endpoint is None:
            raise not_found("EndpointNotFound", f"There is no online endpoint '{name}'.")
        self._check_caller(endpoint, request.headers.get("authorization", ""))
        target = f"{path}?{request.query_string}" if request.query_string else path
        self._mirror(endpoint, target, request)
        while True:
            deployment = self._choose(endpoint, request.headers.get(CHOICE))
            try:
                return self._score(endpoint.name, deployment, target, request)
            except NotRunning as refusal:
                # The traffic may have moved, and the deployment be gone, since the endpoint was looked at.
                latest = self._cloud.store.get(endpoint.id)
                if latest is None or latest == endpoint:
                    self._count(endpoint.name, deployment, refusal.status)
                    return _refused(deployment, refusal)
                endpoint = latest

    def summary(self, endpoint: Resource) -> Json:
        """An endpoint's traffic and what its deployments answered, for the status."""
        deployments = [child for child in self._cloud.store.below(endpoint.id) if child.type == DEPLOYMENT]
        return {
            "name": endpoint.name,
            "scoring_uri": endpoint.properties.get("scoringUri"),
            "auth_mode": endpoint.properties.get("authMode"),
            "traffic": endpoint.properties.get("traffic", {}),
            "deployments": [self._described(endpoint.name, deployment) for deployment in deployments],
        }

    def _described(self, endpoint: str, deployment: Resource) -> Json:
        query = """SELECT (status / 100) || 'xx' AS class, SUM(requests) AS requests, SUM(seconds) AS seconds
                   FROM scoring WHERE endpoint = ? AND deployment = ? GROUP BY class"""
        rows = self._cloud.store.rows(query, endpoint, deployment.name)
        requests = sum(row["requests"] for row in rows)
        return {
            "name": deployment.name,
            "state": deployment.properties.get("provisioningState"),
            "requests": {row["class"]: row["requests"] for row in rows},
            "mean_latency_seconds": round(sum(row["seconds"] for row in rows) / requests, 4) if requests else None,
        }

    def _score(self, endpoint: str, deployment: str, target: str, request: Request) -> Answer:
        """A deployment's answer, counted; raises NotRunning."""
        started = time.monotonic()
        try:
            model_status, headers, body = self._cloud.serving.score(
                endpoint, deployment, target, request.method, request.headers, request.body
            )
        except NotRunning:
            raise
        except NotAnswered as refusal:
            self._count(endpoint, deployment, refusal.status, seconds=time.monotonic() - started)
            return _refused(deployment, refusal)
        status, extra = _translated(model_status)
        self._count(endpoint, deployment, status, model_status, time.monotonic() - started)
        return status, {**headers, **extra, CHOICE: deployment}, body

    def _mirror(self, endpoint: Resource, target: str, request: Request) -> None:
        """Send a copy of a request to the deployments that get one; their answers are counted and seen by nobody."""
        for name, share in (endpoint.properties.get("mirrorTraffic") or {}).items():
            turn = self._rotation.next(f"{endpoint.id.key} mirror", {name: share, "": 100 - share})
            if turn and self._mirroring.acquire(blocking=False):
                copy = (endpoint.name, turn, target, request)
                Thread(target=self._copy, args=copy, name="mirror", daemon=True).start()

    def _copy(self, endpoint: str, deployment: str, target: str, request: Request) -> None:
        try:
            with suppress(NotRunning):
                self._score(endpoint, deployment, target, request)
        finally:
            self._mirroring.release()

    def _check_caller(self, endpoint: Resource, authorization: str) -> None:
        scheme, _, token = authorization.partition(" ")
        if scheme.casefold() != "bearer" or not token:
            raise _unauthorized("The header Authorization is missing; send 'Authorization: Bearer <key or token>'.")
        if endpoint.properties.get("authMode") == "Key":
            if not any(
                hmac.compare_digest(token.strip().encode(), key.encode()) for key in endpoint.private["keys"].values()
            ):
                raise _unauthorized("The key is not one of this endpoint's; listKeys returns them.")
            return
        audiences = {AUDIENCE, scoring_audience(endpoint)}
        try:
            claims = self._cloud.directory.verify(authorization)
        except ArmError as error:
            raise _unauthorized(error.message) from error
        if str(claims["aud"]).rstrip("/") not in audiences:
            raise _unauthorized(f"The token is for '{claims['aud']}'; this endpoint wants the audience {AUDIENCE}.")

    def _choose(self, endpoint: Resource, wanted: str | None) -> str:
        deployments = {
            child.name.casefold(): child.name
            for child in self._cloud.store.below(endpoint.id)
            if child.type == DEPLOYMENT
        }
        if wanted is not None:
            if wanted.casefold() not in deployments:
                raise not_found("DeploymentNotFound", f"Endpoint '{endpoint.name}' has no deployment '{wanted}'.")
            return deployments[wanted.casefold()]
        split = {
            name: share
            for name, share in (endpoint.properties.get("traffic") or {}).items()
            if share > 0 and name.casefold() in deployments
        }
        if not split:
            message = (
                "No valid deployments to route to. Please check that the endpoint has at least one deployment with "
                "positive "
                f"weight values, or use the header {CHOICE} to pick one."
            )
            raise not_found("NoDeploymentWithTraffic", message)
        return deployments[self._rotation.next(endpoint.id.key, split).casefold()]

    def _count(
        self, endpoint: str, deployment: str, status: int, model_status: int = NO_MODEL, seconds: float = 0.0
    ) -> None:
        store, minute = self._cloud.store, minute_of(self._cloud.clock.now())
        with store.transaction():
            store.execute(
                """INSERT INTO scoring VALUES (?, ?, ?, ?, ?, 1, ?)
                   ON CONFLICT DO UPDATE SET requests = requests + 1, seconds = seconds + excluded.seconds""",
                endpoint,
                deployment,
                minute,
                status,
                model_status,
                seconds,
            )
            store.execute(
                """INSERT INTO latencies VALUES (?, ?, ?, ?, 1)
                   ON CONFLICT DO UPDATE SET requests = requests + 1""",
                endpoint,
                deployment,
                minute,
                latency_bucket(seconds),
            )


def minute_of(moment: datetime) -> str:
    """The minute that a request is counted in; `datetime.fromisoformat` reads it."""
    return moment.strftime("%Y-%m-%dT%H:%MZ")


def latency_bucket(seconds: float) -> int:
    """The number of the bucket that a latency is counted in; each is ten percent wider than the one before."""
    return math.floor(math.log(max(seconds, 1e-6), BUCKET_GROWTH))


def bucket_seconds(bucket: int) -> float:
    """The latency in the middle of a bucket."""
    return float(BUCKET_GROWTH ** (bucket + 0.5))


def scoring_audience(endpoint: Resource) -> str:
    """The audience of tokens that the endpoint itself issues (authMode AMLToken)."""
    return f"{AUDIENCE}/endpoints/{endpoint.name}"


def _translated(status: int) -> tuple[int, dict[str, str]]:
    """The status that Azure shows for the model's own, and what it tells about it."""
    if status == HTTPStatus.OK:
        return status, {}
    return 424, {"ms-azureml-model-error-reason": "model_error", "ms-azureml-model-error-statuscode": str(status)}


def _refused(deployment: str, refusal: NotAnswered) -> Answer:
    return refusal.status, {"Content-Type": "text/plain; charset=utf-8", CHOICE: deployment}, str(refusal).encode()


def _unauthorized(message: str) -> ArmError:
    return ArmError(401, "Unauthorized", message, headers={"WWW-Authenticate": "Bearer"})
