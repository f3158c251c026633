"""PUT and PATCH of a resource."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from local.arm import inline_children, managed_identities
from local.arm.documents import Json, overlay, patched
from local.arm.errors import ArmError
from local.arm.identifiers import ResourceId
from local.arm.judgement import judged
from local.arm.manager import Manager
from local.arm.operations import Operation
from local.arm.polling import polling_headers
from local.arm.resource_types import Answer, Change, ResourceType
from local.arm.store import Resource
from local.arm.wire import Reply, Request


def put(manager: Manager, request: Request) -> Reply:
    """Create a resource, or replace the one that is there."""
    document = request.document()
    return _answered(manager, request, lambda _: document)


def patch(manager: Manager, request: Request) -> Reply:
    """Merge the body into the resource; 404 if there is none."""
    document = request.document()

    def merged(id: ResourceId) -> Json:
        resource = manager.existing(id)
        kind = manager.catalogue.get(resource.type, request.api_version)
        return patched(inline_children.with_present(manager, kind, resource), document)

    return _answered(manager, request, merged)


def finish(manager: Manager, operation: Operation) -> None:
    """The work of a PUT's operation."""
    conclude(manager, operation, partial(_provision, manager))


def apply(manager: Manager, request: Request) -> Resource:
    """Put a resource and work on its operation here and now; raises ArmError when either fails."""
    document = request.document()
    resource, _, operation, _ = _write(manager, request, lambda _: document)
    if operation and operation.is_running:
        manager.operations.work(operation)
        ended = manager.operations.get(operation.id)
        if ended and ended.error:
            raise ArmError(int(ended.error["status"]), str(ended.error["code"]), str(ended.error["message"]))
    return resource


def conclude(manager: Manager, operation: Operation, work: Callable[[ResourceType, Resource], Json]) -> None:
    """Work on a PUT's operation; its end and the resource's new state are recorded together."""
    store = manager.cloud.store
    resource = store.get(operation.target)
    if resource is None:
        manager.operations.end(operation, status="Canceled")
        return
    kind = manager.catalogue.get(resource.type, operation.api_version)
    added, failure = manager.operations.attempt(lambda: work(kind, resource))
    with store.transaction():
        present = store.get(operation.target)
        if present:
            body = overlay(present.body, added)
            store.put(replace(present, body=_in_state(kind, "Failed" if failure else "Succeeded", body)))
            manager.operations.end(operation, failure)
    if present is None:
        # Deleted meanwhile, with its group or its parent: what was started for it has to go too.
        if kind.deprovision:
            kind.deprovision(manager.cloud, resource)
        manager.operations.end(operation, status="Canceled")


def _provision(manager: Manager, kind: ResourceType, resource: Resource) -> Json:
    manager.faults.check_operation(kind.name)
    return kind.provision(manager.cloud, resource) if kind.provision else {}


def _answered(manager: Manager, request: Request, body_of: Callable[[ResourceId], Json]) -> Reply:
    """Write, and answer while the operation is worked on."""
    resource, kind, operation, created = _write(manager, request, body_of)
    if operation and operation.is_running:
        manager.operations.run(operation)
    return _reply(manager, request, resource, kind, operation, created=created)


def _write(
    manager: Manager, request: Request, body_of: Callable[[ResourceId], Json]
) -> tuple[Resource, ResourceType, Operation | None, bool]:
    """Record a change; returns the resource, its type, the operation to work on, and whether it is new."""
    id, kind = manager.locate(request)
    id = replace(id, names=(*id.names[:-1], kind.given_name(id) or id.name))
    added: Json = {}
    if kind.provision and kind.put is Answer.AT_ONCE:
        # Judged once without a trace, so that nothing behind the endpoint is touched for a request that is refused.
        with manager.cloud.store.transaction():
            draft = _draft(manager, request, kind, judged(manager, request, id, kind, body_of(id)))
        added = kind.provision(manager.cloud, draft)
    with manager.cloud.store.transaction():
        if kind.brings_parent:
            _put_missing_parent(manager, request, id)
        change = judged(manager, request, id, kind, body_of(id))
        draft = _draft(manager, request, kind, change)
        resource = replace(draft, body=overlay(draft.body, added))
        manager.cloud.store.put(resource)
        _put_default_children(manager, request, resource, kind)
        inline_children.put(manager, request, resource, kind, _draft)
        operation = None if kind.put is Answer.AT_ONCE else _begin(manager, request, resource, kind)
    return resource, kind, operation, change.current is None


def _begin(manager: Manager, request: Request, resource: Resource, kind: ResourceType) -> Operation:
    """The operation of a PUT; one that has nothing to wait for is over before its first poll."""
    operation = manager.operations.begin("deploy" if kind.deploys else "put", resource.id, request.api_version)
    takes_time = kind.provision or kind.deploys or manager.faults.profile.operation_seconds
    if not takes_time:
        finish(manager, operation)
    return manager.operations.get(operation.id) or operation


def _draft(manager: Manager, request: Request, kind: ResourceType, change: Change) -> Resource:
    """The resource that a change leads to."""
    body = overlay(kind.shown(change.sent), kind.complete(change))
    if isinstance(change.sent.get("identity"), dict):
        body["identity"] = managed_identities.completed(change)
    now = manager.cloud.now()
    created = change.current.created if change.current else now
    if kind.system_data:
        body["systemData"] = _system_data(request.caller, change, now)
    under_way = "Updating" if change.current else "Creating"
    state = "Succeeded" if kind.put is Answer.AT_ONCE else under_way
    return Resource(
        id=change.id,
        type=kind.name,
        api_version=request.api_version,
        sent=change.sent,
        body=_in_state(kind, state, body),
        created=created,
        changed=now,
        etag=uuid.uuid4().hex[:16],
        private=kind.secrets(change),
    )


def _in_state(kind: ResourceType, state: str, body: Json) -> Json:
    return overlay(body, {"properties": {"provisioningState": state}}) if kind.provisioning_state else body


def _system_data(caller: str, change: Change, now: str) -> Json:
    created = change.was("systemData") or {"createdAt": now, "createdBy": caller, "createdByType": "Application"}
    return {**created, "lastModifiedAt": now, "lastModifiedBy": caller, "lastModifiedByType": "Application"}


def _put_missing_parent(manager: Manager, request: Request, id: ResourceId) -> None:
    parent = id.parent
    if parent is not None and manager.cloud.store.get(parent) is None:
        kind = manager.catalogue.get(parent.type, request.api_version)
        change = judged(manager, request, parent, kind, {"properties": {}})
        manager.cloud.store.put(replace(_draft(manager, request, kind, change), sent=None))


def _put_default_children(manager: Manager, request: Request, parent: Resource, kind: ResourceType) -> None:
    """Store the sub-resources that come with a resource, unless they are there."""
    present = manager.cloud.store.keys_below(parent.id) if kind.default_children else set()
    for child_name, name in kind.default_children:
        child = manager.catalogue.get(child_name, request.api_version)
        id = parent.id.child(child_name.rpartition("/")[2], name)
        if id.key not in present:
            draft = _draft(manager, request, child, Change(manager.cloud, id, {}, None))
            manager.cloud.store.put(replace(draft, sent=None))


def _reply(
    manager: Manager,
    request: Request,
    resource: Resource,
    kind: ResourceType,
    operation: Operation | None,
    *,
    created: bool,
) -> Reply:
    status = kind.created_status if created else kind.updated_status
    document = kind.document(manager.cloud, resource)
    if operation is None:
        return Reply(status, document)
    headers = polling_headers(request, operation, resource.location, kind.put)
    if kind.put is Answer.LOCATION:
        return Reply(202, None, headers)
    return Reply(status, document, headers)
