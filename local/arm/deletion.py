"""DELETE of a resource with all that lies in it."""

from dataclasses import replace

from local.arm import locks, managed_groups, soft_deletion
from local.arm.documents import Json, overlay
from local.arm.errors import ArmError
from local.arm.identifiers import missing
from local.arm.judgement import check_preconditions
from local.arm.manager import Manager
from local.arm.operations import Operation
from local.arm.polling import polling_headers
from local.arm.resource_types import Answer, ResourceType
from local.arm.store import Resource
from local.arm.wire import Reply, Request


def delete(manager: Manager, request: Request) -> Reply:
    """Delete a resource; 204 if there is none, 202 where Azure takes its time."""
    id, kind = manager.locate(request)
    store = manager.cloud.store
    purge = _wants_purge(kind, request)
    with store.transaction():
        resource = store.get(id)
        if resource is None:
            if purge and soft_deletion.purge(manager.cloud, id):
                return Reply(204)
            if id.is_container:
                raise missing(id)
            if id.parent is None:
                manager.check_above(id)
            return Reply(204)
        _check(manager, request, resource, kind)
        operation = manager.operations.begin("purge" if purge else "delete", id, request.api_version)
        if kind.provisioning_state:
            store.put(_in_state(resource, "Deleting"))
    if kind.delete is not Answer.AT_ONCE:
        manager.operations.run(operation)
        return Reply(202, None, polling_headers(request, operation, resource.location, kind.delete))
    failure = finish(manager, operation)
    if failure:
        raise failure
    return Reply(200)


def finish(manager: Manager, operation: Operation) -> ArmError | None:
    """The work of a DELETE's operation; returns why it failed. It bears repetition: what is gone is passed over."""
    store = manager.cloud.store
    resource = store.get(operation.target)
    if resource is None:
        manager.operations.end(operation)
        return None
    _, failure = manager.operations.attempt(lambda: _deprovision(manager, resource))
    with store.transaction():
        if failure is None:
            _remove(manager, resource, purge=operation.kind == "purge")
        elif _kind(manager, resource).provisioning_state:
            store.put(_in_state(resource, "Failed"))
        manager.operations.end(operation, failure)
    return failure


def _check(manager: Manager, request: Request, resource: Resource, kind: ResourceType) -> None:
    """Raise ArmError when the resource may not be deleted now."""
    cloud = manager.cloud
    check_preconditions(request, kind, resource)
    if kind.unconditional_delete and "if-match" not in request.headers:
        raise kind.unconditional_delete
    manager.check_idle(resource.id)
    managed_groups.check_open(cloud.store, resource.id, "delete")
    locks.check_delete(cloud.store, resource.id)
    parent = cloud.store.get(resource.id.parent)
    if parent and (kind.name, resource.name) in _kind(manager, parent).default_children:
        message = f"'{resource.id}' comes with its parent and cannot be deleted; PUT its default values instead."
        raise ArmError(405, "HttpMethodNotAllowed", message)
    for check in kind.delete_checks:
        check(cloud, resource)


def _wants_purge(kind: ResourceType, request: Request) -> bool:
    query = kind.soft_delete.purge_query if kind.soft_delete else None
    return query is not None and request.query.get(query.casefold(), "").casefold() == "true"


def _deprovision(manager: Manager, resource: Resource) -> Json:
    """Undo what stands behind a resource and everything in it, the youngest first."""
    manager.faults.check_operation(resource.type)
    for item in reversed([resource, *manager.cloud.store.below(resource.id)]):
        undo = _kind(manager, item).deprovision
        if undo:
            undo(manager.cloud, item)
    return {}


def _remove(manager: Manager, resource: Resource, *, purge: bool) -> None:
    store = manager.cloud.store
    going = [resource, *store.below(resource.id)]
    if not purge:
        for item in going:
            kind = _kind(manager, item)
            if kind.soft_delete:
                inside = [other for other in going if other.id.key.startswith(f"{item.id.key}/")]
                soft_deletion.keep(manager.cloud, kind, item, inside)
    for item in going:
        store.remove(item.id)


def _in_state(resource: Resource, state: str) -> Resource:
    return replace(resource, body=overlay(resource.body, {"properties": {"provisioningState": state}}))


def _kind(manager: Manager, resource: Resource) -> ResourceType:
    return manager.catalogue.get(resource.type, resource.api_version)
