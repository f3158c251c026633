"""From a request to its handler, by method and the form of the path; no resource type is named here."""

from collections.abc import Callable
from functools import partial

from local.arm import actions, deletion, deploying, polling, reading, registration, subscriptions, tagging, writing
from local.arm.errors import ArmError, not_found
from local.arm.identifiers import RESOURCES, SUBSCRIPTION, Target
from local.arm.manager import Manager
from local.arm.wire import Reply, Request

Handler = Callable[[Manager, Request], Reply]

TENANT_LISTS: dict[str, Handler] = {
    "tenants": subscriptions.tenants,
    "providers": registration.listed,
    "locations": subscriptions.locations,
    "tagnames": tagging.names,
}
OF_PROVIDER: dict[tuple[str, str], Handler] = {
    ("GET", "resourcetypes"): registration.resource_types,
    ("POST", "register"): registration.register,
    ("POST", "unregister"): registration.unregister,
}
"""By method and last word, on `{subscription}/providers/{namespace}/…`."""
OF_TAGS: dict[str, Handler] = {
    "GET": tagging.get,
    "PUT": tagging.put,
    "PATCH": tagging.patch,
    "DELETE": tagging.delete,
}


class Router:
    """Azure Resource Manager's requests."""

    def __init__(self, manager: Manager) -> None:
        self._manager = manager
        manager.operations.works_with("put", partial(writing.finish, manager))
        manager.operations.works_with("deploy", partial(deploying.finish, manager))
        manager.operations.works_with("delete", partial(deletion.finish, manager))
        manager.operations.works_with("purge", partial(deletion.finish, manager))

    def answer(self, request: Request) -> Reply:
        """The reply to a request; raises ArmError for one that is refused."""
        return _handler(request)(self._manager, request)


def _handler(request: Request) -> Handler:
    target = request.target
    if target.id and target.word is None and target.id.type.casefold() == tagging.TAGS.casefold():
        return OF_TAGS.get(request.method, _unsupported)
    own = OF_PROVIDER.get((request.method, (target.word or "").casefold()))
    if own and target.namespace and (target.id is None or target.id.type == SUBSCRIPTION):
        return own
    names_resource = target.word is None and target.namespace is None
    match request.method:
        case "GET":
            return _get_one(target) if names_resource else _get_many(target)
        case "POST" if not names_resource:
            return actions.act
        case "HEAD" if names_resource:
            return reading.head
        case "PUT" if names_resource:
            return writing.put
        case "PATCH" if names_resource:
            return writing.patch
        case "DELETE" if names_resource:
            return deletion.delete
    return _unsupported


def _unsupported(_: Manager, request: Request) -> Reply:
    message = f"The HTTP method '{request.method}' is not supported on '{request.path}'."
    raise ArmError(405, "HttpMethodNotAllowed", message)


def _get_one(target: Target) -> Handler:
    if target.id is None:
        raise not_found(
            "InvalidResourceId",
            "The path names no resource; those of Azure Resource Manager begin with /subscriptions.",
        )
    if polling.is_poll(target.id):
        return polling.poll
    return subscriptions.subscription if target.id.type == SUBSCRIPTION else reading.get


def _get_many(target: Target) -> Handler:
    word = (target.word or "").casefold()
    if target.namespace is None:
        of_subscription = target.id is None or target.id.type == SUBSCRIPTION
        return TENANT_LISTS.get(word, reading.listed) if of_subscription else reading.listed
    if target.word is None:
        return registration.get
    return subscriptions.listed if target.type == f"{RESOURCES}/subscriptions" else reading.listed
