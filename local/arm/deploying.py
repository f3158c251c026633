"""The work of a template deployment: one PUT after another, each on record, until one fails.

A resource whose type `deploys` is put like any other; this runs its plan. After the endpoint was killed it is run
again from the start, which changes nothing for what was put before.
Source: learn.microsoft.com/rest/api/resources/deployments and .../deployment-operations.
"""

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

from local.arm import writing
from local.arm.clock import timestamp
from local.arm.documents import Json, overlay
from local.arm.errors import ArmError, conflict
from local.arm.identifiers import ResourceId
from local.arm.manager import Manager
from local.arm.operations import Operation
from local.arm.resource_types import ResourceType
from local.arm.store import Resource
from local.arm.templates import Planned
from local.arm.wire import Request


def finish(manager: Manager, operation: Operation) -> None:
    """The work of a deployment's operation."""
    writing.conclude(manager, operation, partial(_deploy, manager))


def _deploy(manager: Manager, kind: ResourceType, deployment: Resource) -> Json:
    manager.faults.check_operation(kind.name)
    assert kind.deploys is not None
    plan, started, steps = kind.deploys(manager.cloud, deployment), manager.cloud.clock.now(), list[Json]()
    for planned in plan.resources:
        failure = _put(manager, planned)
        steps.append(_step(manager, deployment.id, planned, started, failure))
        _record(manager, deployment, steps, failure)
        if failure:
            raise _failed(failure)
    ended = manager.cloud.clock.now()
    return {
        "properties": {
            "timestamp": timestamp(ended),
            "duration": _duration(started, ended),
            "outputs": plan.outputs,
            "outputResources": [{"id": planned.id.text} for planned in plan.resources],
        }
    }


def _put(manager: Manager, planned: Planned) -> ArmError | None:
    """Put one resource; returns why it was refused."""
    cloud = manager.cloud
    request = Request(
        method="PUT",
        path=quote(planned.id.text),
        query={"api-version": planned.api_version},
        query_string="",
        headers={},
        body=json.dumps(planned.body).encode(),
        caller=cloud.directory.caller.object_id,
        url=cloud.url,
    )
    _, failure = manager.operations.attempt(lambda: writing.apply(manager, request).body)
    return failure


def _step(
    manager: Manager, deployment: ResourceId, planned: Planned, started: datetime, failure: ArmError | None
) -> Json:
    now = manager.cloud.clock.now()
    number = hashlib.sha256(f"{deployment.key} {planned.id.key}".encode()).hexdigest()[:16].upper()
    target = {"id": planned.id.text, "resourceType": planned.id.type, "resourceName": planned.id.full_name}
    status = HTTPStatus(failure.status) if failure else HTTPStatus.CREATED
    properties: Json = {
        "provisioningOperation": "Create",
        "provisioningState": "Failed" if failure else "Succeeded",
        "timestamp": timestamp(now),
        "duration": _duration(started, now),
        "trackingId": number,
        "statusCode": status.phrase.replace(" ", ""),
        "targetResource": target,
    }
    if failure:
        properties["statusMessage"] = {"error": failure.as_json()}
    return {"id": f"{deployment}/operations/{number}", "operationId": number, "properties": properties}


def _record(manager: Manager, deployment: Resource, steps: list[Json], failure: ArmError | None) -> None:
    """Put what was done so far on record, so that it can be read while the deployment goes on."""
    store = manager.cloud.store
    with store.transaction():
        present = store.get(deployment.id)
        if present is None:
            raise conflict("DeploymentCanceled", f"The deployment '{deployment.name}' was deleted while it ran.")
        error = {"properties": {"error": _failed(failure).as_json()}} if failure else {}
        private = {**present.private, "operations": steps}
        store.put(replace(present, body=overlay(present.body, error), private=private))


def _failed(failure: ArmError) -> ArmError:
    message = (
        "At least one resource deployment operation failed. Please list deployment operations for details. Please see "
        "https://aka.ms/arm-deployment-operations for usage details."
    )
    return ArmError(HTTPStatus.CONFLICT, "DeploymentFailed", message, details=(failure,))


def _duration(started: datetime, ended: datetime) -> str:
    """A time span as ISO 8601 writes it."""
    return f"PT{max((ended - started).total_seconds(), 0):.3f}S"
