"""Resource providers of a subscription: what they offer, and whether the subscription may use them.

Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types.
"""

from local.arm.documents import Json
from local.arm.errors import conflict
from local.arm.identifiers import ResourceId
from local.arm.manager import Manager
from local.arm.regions import REGIONS
from local.arm.resource_types import ResourceProvider, ResourceType
from local.arm.subscriptions import own
from local.arm.wire import Reply, Request

ALWAYS_REGISTERED = ("microsoft.authorization", "microsoft.consumption", "microsoft.resources")
"""Namespaces that every subscription has."""


def listed(manager: Manager, request: Request) -> Reply:
    """GET /subscriptions/{id}/providers, and the same for the tenant."""
    id = own(manager, request)
    return Reply(200, {"value": [_described(manager, id, each) for each in manager.catalogue.providers.values()]})


def get(manager: Manager, request: Request) -> Reply:
    """GET /subscriptions/{id}/providers/{namespace}."""
    return Reply(200, _described(manager, own(manager, request), _provider(manager, request)))


def resource_types(manager: Manager, request: Request) -> Reply:
    """GET /subscriptions/{id}/providers/{namespace}/resourceTypes."""
    own(manager, request)
    return Reply(200, {"value": [_kind(manager, kind) for kind in _provider(manager, request).types]})


def register(manager: Manager, request: Request) -> Reply:
    """POST …/register: the subscription may use the provider again."""
    return _changed(manager, request, registered=True)


def unregister(manager: Manager, request: Request) -> Reply:
    """POST …/unregister; 409 while the subscription has resources of the provider."""
    provider = _provider(manager, request)
    used = [kind.name for kind in provider.types if next(manager.cloud.store.scan(type_name=kind.name), None)]
    if used:
        message = (
            f"The provider '{provider.namespace}' cannot be unregistered while the subscription has resources of it: "
            f"{', '.join(used)}."
        )
        raise conflict("Conflict", message)
    if provider.namespace.casefold() in ALWAYS_REGISTERED:
        raise conflict("Conflict", f"The provider '{provider.namespace}' is registered for every subscription.")
    return _changed(manager, request, registered=False)


def _changed(manager: Manager, request: Request, *, registered: bool) -> Reply:
    id, provider = own(manager, request), _provider(manager, request)
    manager.set_registered(provider.namespace, registered=registered)
    return Reply(200, _described(manager, id, provider))


def _provider(manager: Manager, request: Request) -> ResourceProvider:
    return manager.catalogue.provider(str(request.target.namespace))


def _described(manager: Manager, id: ResourceId, provider: ResourceProvider) -> Json:
    free = provider.namespace.casefold() in ALWAYS_REGISTERED
    return {
        "id": f"{id}/providers/{provider.namespace}",
        "namespace": provider.namespace,
        "registrationPolicy": "RegistrationFree" if free else "RegistrationRequired",
        "registrationState": "Registered" if manager.is_registered(provider.namespace) else "Unregistered",
        "resourceTypes": [_kind(manager, kind) for kind in provider.types],
    }


def _kind(manager: Manager, kind: ResourceType) -> Json:
    contract = manager.contracts.by_arm_type(kind.name)
    return {
        "resourceType": kind.name.partition("/")[2],
        "locations": list(REGIONS.values()) if kind.tracked else [],
        "apiVersions": [contract.api_version] if contract else [],
        "capabilities": "SupportsTags, SupportsLocation" if kind.tracked else "None",
    }
