"""What a tenant and a subscription say of themselves: regions, providers, tenants."""

from local.arm.documents import Json
from local.arm.errors import not_found
from local.arm.identifiers import SUBSCRIPTION, ResourceId
from local.arm.manager import Manager
from local.arm.regions import REGIONS
from local.arm.resource_types import ResourceProvider
from local.arm.wire import Reply, Request


def subscription(manager: Manager, request: Request) -> Reply:
    """One subscription."""
    _ = request.api_version
    manager.check_subscription(request.target.id)
    return Reply(200, _subscription(manager))


def listed(manager: Manager, request: Request) -> Reply:
    """GET /subscriptions."""
    _ = request.api_version
    return Reply(200, {"value": [_subscription(manager)], "count": {"type": "Total", "value": 1}})


def tenants(manager: Manager, request: Request) -> Reply:
    """GET /tenants."""
    _ = request.api_version
    tenant = manager.cloud.directory.tenant_id
    entry = {"id": f"/tenants/{tenant}", "tenantId": tenant, "displayName": "Local", "tenantCategory": "Home"}
    return Reply(200, {"value": [entry]})


def locations(manager: Manager, request: Request) -> Reply:
    """GET /subscriptions/{id}/locations."""
    id = _own(manager, request)
    regions = [
        {
            "id": f"{id}/locations/{name}",
            "name": name,
            "type": "Region",
            "displayName": shown,
            "regionalDisplayName": shown,
        }
        for name, shown in REGIONS.items()
    ]
    return Reply(200, {"value": regions})


def providers(manager: Manager, request: Request) -> Reply:
    """GET /subscriptions/{id}/providers, and the same for the tenant."""
    id = _own(manager, request)
    return Reply(
        200, {"value": [_provider(manager, id, provider) for provider in manager.catalogue.providers.values()]}
    )


def provider(manager: Manager, request: Request) -> Reply:
    """GET /subscriptions/{id}/providers/{namespace}; every provider that is covered is registered."""
    id = _own(manager, request)
    return Reply(200, _provider(manager, id, manager.catalogue.provider(str(request.target.namespace))))


def _own(manager: Manager, request: Request) -> ResourceId:
    _ = request.api_version
    id = request.target.id or ResourceId.parse(f"/subscriptions/{manager.cloud.directory.subscription_id}")
    manager.check_subscription(id)
    if id.type != SUBSCRIPTION:
        raise not_found(
            "InvalidResourceId", f"'{request.path}' is not the path of a subscription's regions or providers."
        )
    return id


def _subscription(manager: Manager) -> Json:
    directory = manager.cloud.directory
    return {
        "id": f"/subscriptions/{directory.subscription_id}",
        "authorizationSource": "RoleBased",
        "subscriptionId": directory.subscription_id,
        "tenantId": directory.tenant_id,
        "displayName": "Local",
        "state": "Enabled",
        "managedByTenants": [],
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }


def _provider(manager: Manager, id: ResourceId, provider: ResourceProvider) -> Json:
    kinds = []
    for kind in provider.types:
        contract = manager.contracts.by_arm_type(kind.name)
        versions = [contract.api_version] if contract else []
        locations = list(REGIONS.values()) if kind.tracked else []
        kinds.append({"resourceType": kind.name.partition("/")[2], "locations": locations, "apiVersions": versions})
    return {
        "id": f"{id}/providers/{provider.namespace}",
        "namespace": provider.namespace,
        "registrationPolicy": "RegistrationRequired",
        "registrationState": "Registered",
        "resourceTypes": kinds,
    }
