"""POST on a resource: the actions of its type."""

from collections.abc import Callable
from dataclasses import replace

from local.arm import export, locks, soft_deletion
from local.arm.documents import Json, overlay
from local.arm.errors import ArmError, not_found
from local.arm.judgement import judged
from local.arm.manager import Manager
from local.arm.polling import polling_headers
from local.arm.resource_types import Answer, Call, Change, ResourceType
from local.arm.wire import Reply, Request


def act(manager: Manager, request: Request) -> Reply:
    """Run an action; raises ArmError for one that the type does not have."""
    target, version = request.target, request.api_version
    word = (target.word or "").casefold()
    if target.id is None:
        raise _unknown(request)
    manager.check_subscription(target.id)
    if word == "checknameavailability" and (target.namespace is not None or target.id.types == ("locations",)):
        return Reply(200, _availability(manager, request.document(), version))
    if target.namespace is not None:
        raise _unknown(request)
    if target.id.is_container and word == "exporttemplate":
        return Reply(200, export.template(manager, target.id, request.document()))
    view = manager.catalogue.view(target.id.type)
    if view:
        if word not in view.actions:
            raise _unknown(request)
        return _reply(view.actions[word](manager.cloud, target.id))
    kind = manager.catalogue.get(target.id.type, version)
    if word in kind.rehearsals:
        return Reply(200, _rehearsed(manager, request, kind, kind.rehearsals[word]))
    if word in kind.changes:
        return _change(manager, request, kind, word)
    if word not in kind.actions:
        raise _unknown(request)
    resource = manager.existing(target.id)
    locks.check_write(manager.cloud.store, resource.id)
    with manager.cloud.store.transaction():
        return _reply(
            kind.actions[word](
                Call(manager.cloud, resource, request.optional_document(), request.query, request.headers)
            )
        )


def _rehearsed(manager: Manager, request: Request, kind: ResourceType, answer: Callable[[Change], Json]) -> Json:
    assert request.target.id is not None
    id = manager.spelled(request.target.id, kind)
    with manager.cloud.store.transaction():
        return answer(judged(manager, request, id, kind, request.document()))


def _change(manager: Manager, request: Request, kind: ResourceType, word: str) -> Reply:
    """Begin the operation of an action that changes the resource: 202, the result behind `Location`."""
    assert request.target.id is not None
    with manager.cloud.store.transaction():
        resource = manager.existing(request.target.id)
        manager.check_writable(resource.id)
        call = Call(manager.cloud, resource, request.optional_document(), request.query)
        body = overlay(resource.body, kind.changes[word](call))
        updating = overlay(body, {"properties": {"provisioningState": "Updating"}})
        manager.cloud.store.put(replace(resource, body=updating))
        operation = manager.operations.begin("put", resource.id, request.api_version)
    manager.operations.run(operation)
    return Reply(202, None, polling_headers(request, operation, resource.location, Answer.LOCATION))


def _availability(manager: Manager, asked: Json, version: str) -> Json:
    """Whether a name can be given to a new resource of a type."""
    name, kind = str(asked.get("name", "")), manager.catalogue.get(str(asked.get("type", "")), version)
    free = kind.unique.asked if kind.unique else "nameAvailable"
    try:
        if kind.names:
            kind.names.check(name, kind.name)
    except ArmError as error:
        return {free: False, "reason": error.code, "message": error.message}
    if kind.unique and _taken(manager, kind, name):
        return {free: False, "reason": "AlreadyExists", "message": f"The name '{name}' is already taken."}
    return {free: True}


def _taken(manager: Manager, kind: ResourceType, name: str) -> bool:
    """Whether a resource, or a deleted one that can still be recovered, has a name."""
    if manager.cloud.store.of_type(kind.name, name=name):
        return True
    kept = soft_deletion.all_deleted(manager.cloud, kind.name) if kind.soft_delete else []
    return name.casefold() in {item.resource.name.casefold() for item in kept}


def _reply(document: Json | None) -> Reply:
    return Reply(204) if document is None else Reply(200, document)


def _unknown(request: Request) -> ArmError:
    message = f"No action '{request.target.word}' is known for '{request.path}'; this local Azure does not cover it."
    return not_found("InvalidResourceAction", message)
