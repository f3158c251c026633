"""The scoring route of online endpoints: who may call, which deployment answers, what is counted.

Status codes are those of a managed online endpoint (learn.microsoft.com/azure/machine-learning/
how-to-troubleshoot-online-endpoints, "HTTP status codes"): 404 when no deployment has traffic, 424 when the model's own
answer is not 200.
"""

import hmac
import math
import random
import time
from collections.abc import Mapping
from datetime import datetime
from threading import Thread

from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import ArmError, not_found
from local.arm.store import Resource
from local.arm.wire import Request

ENDPOINT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
DEPLOYMENT = f"{ENDPOINT}/deployments"
AUDIENCE = "https://ml.azure.com"
CHOICE = "azureml-model-deployment"
"""Header that picks a deployment, on requests and answers."""

BUCKET_GROWTH = 1.1

Answer = tuple[int, Mapping[str, str], bytes]


class Inference:
    """The online endpoints of one cloud as their callers see them."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._dice = random.Random()  # noqa: S311 - spreads requests, keeps no secret

    def answer(self, name: str, path: str, request: Request) -> Answer:
        """What the endpoint answers; raises ArmError for a caller without access and where no deployment can answer."""
        endpoint = next(iter(self._cloud.store.of_type(ENDPOINT, name=name)), None)
        if endpoint is None:
            raise not_found("EndpointNotFound", f"There is no online endpoint '{name}'.")
        self._check_caller(endpoint, request.headers.get("authorization", ""))
        deployment = self._choose(endpoint, request.headers.get(CHOICE))
        target = f"{path}?{request.query_string}" if request.query_string else path
        for mirror in self._mirrors(endpoint):
            Thread(target=self._score, args=(endpoint.name, mirror, target, request), daemon=True).start()
        return self._score(endpoint.name, deployment, target, request)

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
        started = time.monotonic()
        status, headers, body = self._cloud.serving.score(
            endpoint, deployment, target, request.method, request.headers, request.body
        )
        status, extra = _translated(status)
        self._count(endpoint, deployment, status, time.monotonic() - started)
        return status, {**headers, **extra, CHOICE: deployment}, body

    def _mirrors(self, endpoint: Resource) -> list[str]:
        """The deployments that get a copy of this request, by chance; their answers are only counted."""
        shares = endpoint.properties.get("mirrorTraffic") or {}
        return [name for name, share in shares.items() if self._dice.uniform(0, 100) < share]

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
        return deployments[self._dice.choices(list(split), list(split.values()))[0].casefold()]

    def _count(self, endpoint: str, deployment: str, status: int, seconds: float) -> None:
        store, minute = self._cloud.store, minute_of(self._cloud.clock.now())
        with store.transaction():
            store.execute(
                """INSERT INTO scoring VALUES (?, ?, ?, ?, 1, ?)
                   ON CONFLICT DO UPDATE SET requests = requests + 1, seconds = seconds + excluded.seconds""",
                endpoint,
                deployment,
                minute,
                status,
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
    if status == 200 or status in (408, 503):
        return status, {}
    return 424, {"ms-azureml-model-error-reason": "model_error", "ms-azureml-model-error-statuscode": str(status)}


def _unauthorized(message: str) -> ArmError:
    return ArmError(401, "Unauthorized", message, headers={"WWW-Authenticate": "Bearer"})
