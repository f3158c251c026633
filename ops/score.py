"""Calls a deployed model through its scoring URI, as any client would."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from azure.core import PipelineClient
from azure.core.exceptions import AzureError
from azure.core.pipeline.policies import RetryPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest, HttpResponse

from azure_ml_platform.outputs import ModelOutputs, PlatformOutputs
from azure_ml_platform.vocabulary import AuthMode
from ops.azure import token
from ops.errors import OpsError, UnreachableError
from ops.session import Session
from ops.target import ROOT

API_VERSION = "2025-12-01"
"""Of Microsoft.MachineLearningServices/workspaces/onlineEndpoints, for its key and token actions."""

TIMEOUT_SECONDS = 90
"""Longest request time that a managed online endpoint allows (its `requestTimeout`), rounded up to be beyond it."""

REASONS: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "the endpoint does not accept this login; it may have expired: `az login`",
    HTTPStatus.FORBIDDEN: "this login may not score; a role with the score action lets it, after a few minutes",
    HTTPStatus.NOT_FOUND: "there is no such endpoint; `make up` deploys it",
    HTTPStatus.FAILED_DEPENDENCY: "the model's own code failed",
    HTTPStatus.BAD_GATEWAY: "the deployment does not answer",
    HTTPStatus.SERVICE_UNAVAILABLE: "no deployment of the endpoint takes requests: it has no traffic or is not healthy",
}


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
        message = f"endpoint {model.endpoint_name} has no sample request; name a file with --request"
        raise OpsError(message)
    path = file or ROOT / str(model.sample_request)
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        message = f"cannot read the request {path}: {error.strerror}"
        raise OpsError(message) from error


def predict(session: Session, model: ModelOutputs, request: str) -> object:
    """The decoded answer of the model; raises UnreachableError or OpsError."""
    name, _, value = authorization(session, model).partition(": ")
    client: PipelineClient[HttpRequest, HttpResponse] = PipelineClient(
        model.scoring_uri, policies=[UserAgentPolicy("azure-ml-platform"), RetryPolicy(retry_total=2)]
    )
    headers = {name: value, "Content-Type": "application/json"}
    try:
        response = client.send_request(
            HttpRequest("POST", model.scoring_uri, headers=headers, content=request), read_timeout=TIMEOUT_SECONDS
        )
    except AzureError as error:
        message = f"{model.scoring_uri} cannot be reached from here: {error.message}"
        raise UnreachableError(message) from error
    if response.status_code != HTTPStatus.OK:
        reason = REASONS.get(response.status_code, response.reason)
        message = f"{model.scoring_uri} answered {response.status_code}: {reason}\n{response.text()}".rstrip()
        raise OpsError(message)
    try:
        return response.json()
    except json.JSONDecodeError:
        return response.text()


def _action(session: Session, model: ModelOutputs, action: str) -> Mapping[str, str]:
    result = session.azure.post(f"{model.endpoint_id}/{action}", API_VERSION)
    if result is None:
        message = f"endpoint {model.endpoint_name} does not exist in Azure; `make up` deploys it"
        raise OpsError(message)
    return result
