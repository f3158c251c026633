"""Calls a deployed model through its scoring URI, as any client would."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from azure.core import PipelineClient
from azure.core.exceptions import AzureError
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import RetryPolicy, SansIOHTTPPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest, HttpResponse

from azure_ml_platform.outputs import ModelOutputs, PlatformOutputs
from azure_ml_platform.vocabulary import AuthMode
from ops.azure import token
from ops.errors import ModelRefusedError, OpsError, UnreachableError
from ops.session import Session
from ops.target import ROOT

API_VERSION = "2025-12-01"
"""Of Microsoft.MachineLearningServices/workspaces/onlineEndpoints, for its key and token actions."""

CONNECT_SECONDS = 10
READ_SECONDS = 190
"""Longest request time that a managed online endpoint allows (its `requestTimeout`, 180 s), and a little more."""
RETRIES = 4
LONGEST_WAIT_SECONDS = 60.0
"""An endpoint that asks for more patience (Retry-After) is given up."""
SLOT_HEADER = "azureml-model-deployment"
"""Picks a slot, and tells which one answered."""
MODEL_STATUS_HEADER = "ms-azureml-model-error-statuscode"
"""The model's own status behind a 424."""
MOST_SHOWN = 1000
"""Characters of an answer that is no answer."""

REASONS: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "the endpoint does not accept this login; it may have expired: `az login`",
    HTTPStatus.FORBIDDEN: "this login may not score; a role with the score action lets it, after a few minutes",
    HTTPStatus.NOT_FOUND: "there is no such endpoint or slot, or none with traffic; `make up` deploys it",
    HTTPStatus.REQUEST_TIMEOUT: "the model takes longer than its request timeout",
    HTTPStatus.FAILED_DEPENDENCY: "the model's own code failed; the container's log says why",
    HTTPStatus.TOO_MANY_REQUESTS: "the model has more requests than it takes at once, for too long",
    HTTPStatus.BAD_GATEWAY: "the deployment does not answer",
    HTTPStatus.SERVICE_UNAVAILABLE: "no deployment of the endpoint takes requests: it has no traffic or is not healthy",
}


@dataclass(frozen=True)
class Answer:
    """What a model answered."""

    prediction: object
    seconds: float
    """From sending the request to having the whole answer, without waits for a busy endpoint."""
    slot: str | None
    """Name of the deployment that answered, where the endpoint tells."""


def choose(outputs: PlatformOutputs, name: str | None) -> Mapping[str, ModelOutputs]:
    """The model of that name; all when no name is given. Raises OpsError when that is none."""
    chosen = {known: model for known, model in outputs.models.items() if name in (None, known)}
    if not chosen:
        wanted = f"no model {name!r}" if name else "no model"
        message = f"{wanted} is deployed; deployed: {', '.join(outputs.models) or 'none'}"
        raise OpsError(message)
    return chosen


def authorization(session: Session, model: ModelOutputs) -> str:
    """The header that the endpoint wants, as `Authorization: Bearer …`."""
    match model.auth_mode:
        case AuthMode.KEY:
            secret = _action(session, model, "listKeys")["primaryKey"]
        case AuthMode.AML_TOKEN:
            secret = _action(session, model, "token")["accessToken"]
        case AuthMode.AAD_TOKEN:
            secret = token(session.credential, model.token_scope or session.cloud.machine_learning_scope)
    return f"Authorization: Bearer {secret}"


def sample(model: ModelOutputs, file: Path | None) -> str:
    """The request to send: the file's, else the model's own sample."""
    if file is None and model.sample_request is None:
        message = f"endpoint {model.endpoint_name} has no sample request; name a file with --data"
        raise OpsError(message)
    path = file or ROOT / str(model.sample_request)
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        message = f"cannot read the request {path}: {error.strerror}"
        raise OpsError(message) from error


def predict(session: Session, model: ModelOutputs, request: str, slot: str | None = None) -> Answer:
    """The answer of the model, or of one of its slots; raises ModelRefusedError, UnreachableError or OpsError.

    An endpoint that asks for patience (429, 503) is asked again: scoring changes nothing.
    """
    name, _, value = authorization(session, model).partition(": ")
    stopwatch = _Stopwatch()
    client: PipelineClient[HttpRequest, HttpResponse] = PipelineClient(
        model.scoring_uri,
        policies=[
            UserAgentPolicy("azure-ml-platform"),
            _Patience(retry_total=RETRIES, retry_status=RETRIES),
            stopwatch,
        ],
    )
    headers = {name: value, "Content-Type": "application/json", **({SLOT_HEADER: slot} if slot else {})}
    try:
        response = client.send_request(
            HttpRequest("POST", model.scoring_uri, headers=headers, content=request),
            connection_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
        )
    except AzureError as error:
        message = f"{model.scoring_uri} cannot be reached from here: {error.message}"
        raise UnreachableError(message) from error
    if response.status_code != HTTPStatus.OK:
        raise _refusal(model, response)
    try:
        prediction = response.json()
    except json.JSONDecodeError:
        prediction = response.text()
    return Answer(prediction, stopwatch.seconds, response.headers.get(SLOT_HEADER))


class _Patience(RetryPolicy[HttpRequest, HttpResponse]):
    """Tries again where the endpoint is busy, which the SDK does for no POST without Retry-After."""

    def is_retry(self, settings: dict[str, Any], response: PipelineResponse[Any, Any]) -> bool:
        """Whether a response is none that the caller should see yet."""
        answer = response.http_response
        busy = answer.status_code in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
        return busy and settings["total"] > 0 and (self.get_retry_after(response) or 0) <= LONGEST_WAIT_SECONDS


class _Stopwatch(SansIOHTTPPolicy[HttpRequest, HttpResponse]):
    """Takes the time of the last request."""

    seconds = 0.0

    def on_request(self, _: PipelineRequest[HttpRequest]) -> None:
        """Start."""
        self._started = time.monotonic()

    def on_response(self, _: PipelineRequest[HttpRequest], __: PipelineResponse[HttpRequest, HttpResponse]) -> None:
        """Stop."""
        self.seconds = time.monotonic() - self._started


def _refusal(model: ModelOutputs, response: HttpResponse) -> OpsError:
    """What an answer without a prediction means, in one line."""
    own = response.headers.get(MODEL_STATUS_HEADER, "")
    if response.status_code == HTTPStatus.FAILED_DEPENDENCY and own.startswith("4"):
        return ModelRefusedError(f"the model at {model.endpoint_name} refused the request ({own}): {_said(response)}")
    reason = REASONS.get(response.status_code, response.reason)
    return OpsError(f"{model.scoring_uri} answered {response.status_code}: {reason}: {_said(response)}")


def _said(response: HttpResponse) -> str:
    """The server's own words: the message of an error in Azure's form, else the text."""
    try:
        text = str(response.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        text = response.text()
    return " ".join(text.split())[:MOST_SHOWN] or "(nothing)"


def _action(session: Session, model: ModelOutputs, action: str) -> Mapping[str, str]:
    result = session.azure.post(f"{model.endpoint_id}/{action}", API_VERSION)
    if result is None:
        message = f"endpoint {model.endpoint_name} does not exist in Azure; `make up` deploys it"
        raise OpsError(message)
    return result
