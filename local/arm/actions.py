"""POST on a resource: the actions of its type."""

from local.arm import export, locks
from local.arm.documents import Json
from local.arm.errors import ArmError, not_found
from local.arm.manager import Manager
from local.arm.resource_types import Call
from local.arm.wire import Reply, Request


def act(manager: Manager, request: Request) -> Reply:
    """Run an action; raises ArmError for one that the type does not have."""
    target, version = request.target, request.api_version
    word = (target.word or "").casefold()
    if target.id is None:
        raise _unknown(request)
    manager.check_subscription(target.id)
    if target.namespace is not None and word == "checknameavailability":
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
    if word not in kind.actions:
        raise _unknown(request)
    resource = manager.existing(target.id)
    locks.check_write(manager.cloud.store, resource.id)
    with manager.cloud.store.transaction():
        return _reply(kind.actions[word](Call(manager.cloud, resource, request.optional_document(), request.query)))


def _availability(manager: Manager, asked: Json, version: str) -> Json:
    """Whether a name can be given to a new resource of a type."""
    name, kind = str(asked.get("name", "")), manager.catalogue.get(str(asked.get("type", "")), version)
    try:
        if kind.names:
            kind.names.check(name, kind.name)
    except ArmError as error:
        return {"nameAvailable": False, "reason": error.code, "message": error.message}
    if kind.unique and manager.cloud.store.of_type(kind.name, name=name):
        return {"nameAvailable": False, "reason": "AlreadyExists", "message": f"The name '{name}' is already taken."}
    return {"nameAvailable": True}


def _reply(document: Json | None) -> Reply:
    return Reply(204) if document is None else Reply(200, document)


def _unknown(request: Request) -> ArmError:
    message = f"No action '{request.target.word}' is known for '{request.path}'; this local Azure does not cover it."
    return not_found("InvalidResourceAction", message)
