"""How clients follow a long-running operation: both of Azure Resource Manager's styles.

Source: learn.microsoft.com/azure/azure-resource-manager/management/async-operations.
"""

from local.arm.errors import not_found
from local.arm.identifiers import ResourceId
from local.arm.manager import Manager
from local.arm.operations import Operation
from local.arm.regions import GLOBAL, REGIONS
from local.arm.resource_types import Answer
from local.arm.wire import Reply, Request

STATUS, RESULT = "operationStatuses", "operationResults"
RETRY_AFTER_SECONDS = 1
PUTS = ("put", "deploy")
"""Operations that lead to a resource."""


def polling_headers(request: Request, operation: Operation, location: str, style: Answer) -> dict[str, str]:
    """The headers that tell a client where to ask."""
    region = location.replace(" ", "").casefold()
    where = region if region in REGIONS else GLOBAL
    subscription = operation.target.subscription
    base = f"{subscription}/providers/{operation.target.namespace}/locations/{where}"
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    if style is Answer.ASYNC_OPERATION:
        headers["Azure-AsyncOperation"] = request.link(f"{base}/{STATUS}/{operation.id}")
    if style is Answer.LOCATION or operation.kind not in PUTS:
        headers["Location"] = request.link(f"{base}/{RESULT}/{operation.id}")
    return headers


def is_poll(id: ResourceId) -> bool:
    """Whether an id is that of an operation."""
    return (
        len(id.types) == 2
        and id.types[0].casefold() == "locations"
        and id.types[1].casefold() in (STATUS.casefold(), RESULT.casefold())
    )


def poll(manager: Manager, request: Request) -> Reply:
    """The state of an operation, or its result."""
    id = request.target.id
    assert id is not None
    _ = request.api_version
    operation = manager.operations.get(id.name)
    if operation is None or operation.target.namespace.casefold() != id.namespace.casefold():
        raise not_found("OperationNotFound", f"The operation '{id.name}' was not found.")
    if id.types[1].casefold() == STATUS.casefold():
        return Reply(200, _status(id, operation), _pace(operation))
    return _result(manager, request, operation)


def _status(id: ResourceId, operation: Operation) -> dict[str, object]:
    document: dict[str, object] = {
        "id": id.text,
        "name": operation.id,
        "resourceId": operation.target.text,
        "status": operation.status,
        "startTime": operation.started,
    }
    if operation.ended:
        document["endTime"] = operation.ended
        document["percentComplete"] = 100
    if operation.error:
        document["error"] = _without_status(operation.error)
    return document


def _result(manager: Manager, request: Request, operation: Operation) -> Reply:
    if operation.is_running:
        return Reply(202, None, {"Location": request.link(request.path), **_pace(operation)})
    if operation.error:
        return Reply(int(operation.error["status"]), {"error": _without_status(operation.error)})
    resource = manager.cloud.store.get(operation.target)
    if operation.kind not in PUTS or resource is None:
        return Reply(200 if operation.ended_well else 204)
    return Reply(200, manager.catalogue.get(resource.type, operation.api_version).document(manager.cloud, resource))


def _pace(operation: Operation) -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER_SECONDS)} if operation.is_running else {}


def _without_status(error: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in error.items() if name != "status"}
